import time
from datetime import timedelta

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import (
    VIRTUAL_APP_KEY,
    RunningEmulator,
    running_emulator,
)


@pytest.mark.parametrize(
    ("header", "value", "status", "code"),
    [
        ("authorization", "", 500, "EGW00205"),
        ("authorization", "Token abc", 500, "EGW00205"),
        ("authorization", "Bearer abc", 500, "EGW00121"),
        ("appkey", "", 403, "EGW00102"),
        ("appkey", "PSwrong", 403, "EGW00103"),
        ("appkey", VIRTUAL_APP_KEY, 500, "EGW02004"),
        ("appsecret", "", 403, "EGW00104"),
        ("appsecret", "wrong", 403, "EGW00105"),
        ("custtype", "", 500, "EGW00208"),
        ("tr_id", "", 500, "OPSQ0002"),
        ("tr_id", "FHPST01710000", 500, "OPSQ0002"),
        ("content-type", "text/plain", 500, "EGW00132"),
    ],
)
def test_a_wrong_header_gets_its_code(
    asker: Asker, header: str, value: str, status: int, code: str
) -> None:
    asker.headers[header] = value
    heard = asker.index("0001")
    assert (heard.status, heard.json["msg_cd"]) == (status, code)
    assert heard.json["rt_cd"] == "1"


def test_an_expired_token_is_refused(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.clock.advance(timedelta(hours=24))
    heard = asker.index("0001")
    assert heard.status == 500
    assert heard.json == {
        "rt_cd": "1",
        "msg_cd": "EGW00123",
        "msg1": "기간이 만료된 token 입니다.",
    }


def test_a_good_answer_echoes_its_tr_in_lower_case_headers(asker: Asker) -> None:
    heard = asker.index("0001")
    assert heard.headers["tr_id"] == "FHPUP02100000"
    assert heard.headers["tr_cont"] == ""
    assert heard.headers["gt_uid"]
    assert heard.headers["content-type"].startswith("application/json")


def test_the_payload_stands_before_rt_cd(asker: Asker) -> None:
    keys = list(asker.index("0001").json)
    assert keys == ["output", "rt_cd", "msg_cd", "msg1"]


def test_the_call_over_the_limit_is_refused_and_counted(
    market: SimulatedMarket,
) -> None:
    with running_emulator(market=market, rate_limit=5) as emulator:
        asker = Asker.with_token(emulator.base_url)
        heard = [asker.index("0001") for _ in range(6)]
        assert [answer.status for answer in heard] == [200] * 5 + [500]
        assert heard[-1].json["msg_cd"] == "EGW00201"
        assert emulator.max_in_any_second() == 6
        time.sleep(1.0)
        assert asker.index("0001").status == 200


def test_calls_are_logged_as_they_came(asker: Asker, emulator: RunningEmulator) -> None:
    asker.index("0001")
    asker.index("9999")
    call, bad = emulator.calls("FHPUP02100000")
    assert call.params["FID_INPUT_ISCD"] == "0001"
    assert (call.status, call.code) == (200, "")
    assert (bad.status, bad.code) == (200, "OPSQ2001")
    assert emulator.calls()[0].path == "/oauth2/tokenP"
    emulator.reset_log()
    assert (emulator.calls(), emulator.max_in_any_second()) == ([], 0)


def test_latency_is_waited(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.set_latency(0.1)
    began = time.monotonic()
    asker.index("0001")
    assert time.monotonic() - began >= 0.1
