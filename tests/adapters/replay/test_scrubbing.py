import pytest

from adapters.replay.scrubbing import HIDDEN, scrubbed, scrubbed_params
from tests.adapters.kis.fakes import good, quote_row


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('{"access_token":"abc.def"}', "abc.def"),
        ('{"appkey": "PSshort", "a": "1"}', "PSshort"),
        ('{\\"appsecret\\":\\"s3cr3t\\"}', "s3cr3t"),
        ("authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("Bearer abc.def-ghi 은 만료", "abc.def-ghi"),
        ('{"msg1":"key PSABCDEFGHIJKLMNOPQRSTUVWXYZ01234567"}', "PSABCDEFGHIJ"),
        ('{"msg1":"eyJ0eXAi.eyJzdWIi.sig-nature"}', "eyJzdWIi"),
        ('{"CANO":"12345678","ACNT_PRDT_CD":"01"}', "12345678"),
        ("계좌 12345678-01 조회", "12345678-01"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, secret: str) -> None:
    hidden = scrubbed(text.encode()).decode()

    assert secret not in hidden
    assert HIDDEN in hidden


def test_hiding_twice_changes_nothing_more() -> None:
    once = scrubbed(b'{"access_token":"abc.def","cano":"12345678"}')

    assert scrubbed(once) == once


def test_quotes_are_left_as_they_are() -> None:
    body = good(output=[quote_row("000010"), quote_row("0004V0")]).body

    assert scrubbed(body) == body


def test_bytes_that_are_no_text_are_left_as_they_are() -> None:
    assert scrubbed(b"\xff\xfe<html>") == b"\xff\xfe<html>"


def test_account_parameters_are_hidden_whole() -> None:
    params = {"CANO": "12345678", "FID_INPUT_ISCD": "000010", "CTX_AREA_FK": ""}

    assert scrubbed_params(params) == {
        "CANO": HIDDEN,
        "FID_INPUT_ISCD": "000010",
        "CTX_AREA_FK": "",
    }
