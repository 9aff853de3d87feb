import pytest

from adapters.kis.envelope import payload_of
from adapters.kis.errors import (
    KisOverLimitError,
    KisParameterError,
    KisTokenRejectedError,
    KisTransientError,
)
from adapters.kis.refusals import REFUSALS
from adapters.kis.transport import KisResponse
from domain.errors import MarketDataMalformedError, MarketDataRefusedError
from tests.adapters.kis.fakes import answered, failed, good


def test_a_success_is_200_and_rt_cd_0() -> None:
    assert payload_of(good(output=[1]))["output"] == [1]


@pytest.mark.parametrize(
    "response",
    [
        answered(500, {"output": [], "rt_cd": "0", "msg_cd": "MCA00000"}),
        answered(200, {"output": [], "rt_cd": "1", "msg_cd": "MCA00000"}),
        answered(200, {"output": []}),
        answered(200, {"output": [], "rt_cd": 0}),
    ],
)
def test_half_a_success_is_none(response: KisResponse) -> None:
    with pytest.raises(KisTransientError):
        payload_of(response)


@pytest.mark.parametrize(
    "code",
    [
        *("EGW00001", "EGW00002", "EGW00202", "EGW00203", "EGW00204", "EGW00215"),
        *("EGW00300", "EGW00301", "EGW00302", "OPSQ0008", "SOMETHING"),
    ],
)
def test_the_brokers_own_trouble_may_be_tried_again(code: str) -> None:
    with pytest.raises(KisTransientError) as caught:
        payload_of(failed(code))
    assert caught.value.code == code
    assert not isinstance(caught.value, KisOverLimitError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"output":[{"inter_shrn_iscd":"0000',
        b"[1,2]",
        b'"text"',
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("status", [200, 500, 502])
def test_what_is_no_json_object_may_be_tried_again(body: bytes, status: int) -> None:
    with pytest.raises(KisTransientError):
        payload_of(KisResponse(status=status, body=body))


@pytest.mark.parametrize("status", [500, 200, 429])
def test_a_refusal_for_the_rate_is_told_apart(status: int) -> None:
    with pytest.raises(KisOverLimitError):
        payload_of(failed("EGW00201", status=status))


@pytest.mark.parametrize("code", ["EGW00121", "EGW00122", "EGW00123"])
@pytest.mark.parametrize("status", [500, 401, 200])
def test_a_rejected_token_is_told_apart(code: str, status: int) -> None:
    with pytest.raises(KisTokenRejectedError):
        payload_of(failed(code, status=status))


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_what_the_operator_must_mend_says_so_in_one_korean_line(code: str) -> None:
    with pytest.raises(MarketDataRefusedError) as caught:
        payload_of(failed(code))
    text = str(caught.value)
    assert caught.value.code == code
    assert code in text
    assert "\n" not in text
    assert text.count("주세요.") == 1


@pytest.mark.parametrize("code", ["EGW02004", "EGW02006", "EGW00213"])
def test_a_virtual_key_is_told_which_settings_to_change(code: str) -> None:
    with pytest.raises(MarketDataRefusedError) as caught:
        payload_of(failed(code))
    for name in ("KIS_APP_KEY", "KIS_APP_SECRET", "KIS_ACCOUNT_TYPE=real"):
        assert name in str(caught.value)


def test_an_invalid_parameter_is_our_bug_and_names_it() -> None:
    text = "ERROR INVALID FID_COND_MRKT_DIV_CODE"
    response = answered(200, {"rt_cd": "2", "msg_cd": "OPSQ2001", "msg1": text})
    with pytest.raises(KisParameterError) as caught:
        payload_of(response)
    assert isinstance(caught.value, MarketDataMalformedError)
    assert (caught.value.field, caught.value.value) == (
        "FID_COND_MRKT_DIV_CODE",
        "OPSQ2001",
    )


def test_a_stock_named_like_a_code_is_no_error() -> None:
    assert payload_of(good(output=[{"hts_kor_isnm": "EGW00123"}]))["rt_cd"] == "0"
