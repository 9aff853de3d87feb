import http.client
import time

import orjson
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.server import RunningEmulator


@pytest.fixture
def codes(emulator: RunningEmulator) -> list[str]:
    return [item.code for item in emulator.truth.listings()[:3]]


def test_a_server_error_strikes_as_often_as_asked(
    asker: Asker, emulator: RunningEmulator
) -> None:
    fault = emulator.faults.add(Kind.SERVER_ERROR, code="EGW00002", count=2)
    heard = [asker.index("0001") for _ in range(3)]
    assert [answer.status for answer in heard] == [500, 500, 200]
    assert heard[0].json["msg_cd"] == "EGW00002"
    assert fault.hits == 2


def test_a_fault_strikes_only_its_own_tr(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Kind.HTML, tr_id="FHPST01710000", status=200)
    assert asker.index("0001").status == 200
    heard = asker.rank()
    assert heard.headers["content-type"].startswith("text/html")
    with pytest.raises(orjson.JSONDecodeError):
        heard.json  # noqa: B018 # reading it is the test


def test_a_reset_leaves_no_answer(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.faults.add(Kind.RESET, count=1)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        asker.index("0001")
    assert asker.index("0001").status == 200


def test_a_hanging_call_hangs_and_the_emulator_still_stops(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Kind.HANG, count=1)
    asker.timeout = 0.1
    with pytest.raises(TimeoutError):
        asker.index("0001")


def test_cut_json_does_not_parse(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.faults.add(Kind.CUT_JSON, count=1)
    heard = asker.index("0001")
    with pytest.raises(orjson.JSONDecodeError):
        heard.json  # noqa: B018 # reading it is the test


def test_an_empty_body_is_empty(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.faults.add(Kind.EMPTY, count=1)
    assert asker.index("0001").body == b""


def test_a_wrong_content_type_may_hold_good_json(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Kind.WRONG_CONTENT_TYPE)
    heard = asker.index("0001")
    assert heard.headers["content-type"] == "text/html"
    assert heard.json["rt_cd"] == "0"


def test_a_living_token_may_be_called_expired(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Kind.EXPIRED, count=1)
    assert asker.index("0001").json["msg_cd"] == "EGW00123"
    assert asker.index("0001").status == 200


def test_refusals_below_the_limit_are_as_likely_as_asked(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.refuse(0.3, seed=7)
    heard = [asker.index("9999") for _ in range(100)]
    said = [answer.json["msg_cd"] for answer in heard]
    assert 15 < said.count("EGW00201") < 45
    assert set(said) == {"EGW00201", "OPSQ2001"}


def test_fields_go_blank_or_bad_in_named_rows(
    asker: Asker, emulator: RunningEmulator, codes: list[str]
) -> None:
    emulator.faults.blank("inter2_prpr", codes=codes[:1])
    emulator.faults.garble("acml_vol", codes=codes[1:2])
    first, second, third = asker.quotes(*(("J", code) for code in codes)).rows
    assert first["inter2_prpr"] == ""
    assert second["acml_vol"] == "12a4"
    assert third["inter2_prpr"].isdecimal()
    assert third["acml_vol"].isdecimal()


def test_rows_go_missing_and_strangers_come(
    asker: Asker, emulator: RunningEmulator, codes: list[str]
) -> None:
    emulator.faults.drop_rows(codes[1])
    emulator.faults.add(Kind.EXTRA_ROW, fields={"inter_shrn_iscd": "0ZZZZ9"})
    rows = asker.quotes(*(("J", code) for code in codes)).rows
    assert [row["inter_shrn_iscd"] for row in rows] == [codes[0], codes[2], "0ZZZZ9"]


def test_the_call_that_holds_a_code_is_dropped_every_time(
    asker: Asker, emulator: RunningEmulator, codes: list[str]
) -> None:
    fault = emulator.faults.drop_call_with(codes[0])
    for _ in range(3):
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            asker.quotes(*(("J", code) for code in codes))
    assert asker.quotes(("J", codes[1])).status == 200
    assert fault.hits == 3
    emulator.faults.clear()
    assert asker.quotes(("J", codes[0])).status == 200


def test_tokens_and_masters_fail_only_when_named(
    asker: Asker, emulator: RunningEmulator
) -> None:
    name = "/common/master/kospi_code.mst.zip"
    emulator.faults.add(Kind.SERVER_ERROR)
    assert asker.send("GET", name, None, {}).status == 200
    emulator.faults.add(Kind.SERVER_ERROR, path="/kospi_code.mst.zip")
    assert asker.send("GET", name, None, {}).status == 500


def test_a_slow_answer_comes_in_the_end(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.faults.add(Kind.HANG, seconds=0.1, count=1)
    began = time.monotonic()
    assert asker.index("0001").status == 200
    assert time.monotonic() - began >= 0.1
