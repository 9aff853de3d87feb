from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.telemetry.redaction import HIDDEN, Redactor

LEAK = "Zx9leak0leak0leak"


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {LEAK}",
        f"authorization: Bearer {LEAK}",
        f"Authorization: Basic {LEAK}=",
        f"appkey={LEAK}&tr_id=X",
        f"appsecret={LEAK}+/==",
        f"app_secret = '{LEAK}'",
        f"KIS_APP_KEY={LEAK}",
        f'{{"appkey": "{LEAK}"}}',
        f'{{"access_token":"{LEAK}"}}',
        f'{{\\"approval_key\\": \\"{LEAK}\\"}}',
        f"{{'secretkey': '{LEAK}'}}",
        f"[(b'authorization', b'Bearer {LEAK}')]",
        f"('appkey', '{LEAK}')",
        f"appkey: {LEAK}",
        f"password={LEAK}!?",
        f"https://hooks.slack.com/services/T0/B0/{LEAK}",
    ],
)
def test_what_looks_like_a_secret_is_hidden_inside_a_text(text: str) -> None:
    hidden = Redactor().text(f"before {text} after")

    assert LEAK not in hidden
    assert HIDDEN in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith("after")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("계좌 12345678-01 조회", f"계좌 {HIDDEN} 조회"),
        ("CANO=12345678&X=1", f"CANO={HIDDEN}&X=1"),
        ("account_no=12345678", f"account_no={HIDDEN}"),
    ],
)
def test_an_account_number_is_hidden(text: str, hidden: str) -> None:
    assert Redactor().text(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "KIS_APP_KEY: 비어 있습니다. KIS Developers에서 발급받은 값을 넣으세요.",
        "KIS_APP_KEY, KIS_APP_SECRET: 실행 환경이 replay(APP_ENV)라 쓰지 않습니다.",
        "2026-03-02T09:30:00+09:00 005930 1,234,567",
        "12345678-0123 and 123456789-01 and x12345678-01",
        "the token was renewed; authorization follows",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_known_secret_is_hidden_wherever_it_appears() -> None:
    redactor = Redactor([LEAK, "hunter22"])

    event = redactor.mapping({"event": f"x{LEAK}y", f"k{LEAK}": [{"a": ("hunter22",)}]})

    assert event == {"event": f"x{HIDDEN}y", f"k{HIDDEN}": [{"a": [HIDDEN]}]}


def test_of_two_known_secrets_the_longer_is_hidden_whole() -> None:
    assert Redactor(["secret", "secret-longer"]).text("secret-longer") == HIDDEN


def test_a_very_short_secret_does_not_blot_out_words() -> None:
    assert Redactor(["", "real"]).text("a real answer") == "a real answer"


def test_known_hides_known_secrets_only() -> None:
    assert Redactor([LEAK]).known(f"appkey=other1 {LEAK}") == f"appkey=other1 {HIDDEN}"


@pytest.mark.parametrize(
    "name",
    [
        "appkey", "app_key", "appsecret", "KIS_APP_SECRET", "access_token", "token",
        "Authorization", "approval_key", "CANO", "account_number", "x-api-key",
        "slack_webhook_url", "set-cookie", "password", "secrets",
    ],
)  # fmt: skip
def test_what_bears_a_secrets_name_is_hidden_whole(name: str) -> None:
    assert Redactor().mapping({name: [1, 2]}) == {name: HIDDEN}


def test_other_names_and_absent_secrets_are_shown() -> None:
    event = {"ticker": "005930", "access_token": None, "token_expires_in": 86400}

    assert Redactor().mapping(event) == event


def test_what_json_does_not_know_becomes_text() -> None:
    values = [date(2026, 3, 2), Path("/a"), b"Bearer abcdef", {1}, SecretStr(LEAK)]

    assert Redactor().value(values) == [
        "2026-03-02",
        "/a",
        f"Bearer {HIDDEN}",
        [1],
        "SecretStr('**********')",
    ]


def test_a_value_that_holds_itself_ends() -> None:
    ring: list[object] = [f"appkey={LEAK}"]
    ring.append(ring)

    assert LEAK not in repr(Redactor().value(ring))


@given(before=st.text(), after=st.text())
def test_no_surroundings_let_a_known_secret_through(before: str, after: str) -> None:
    assert LEAK not in Redactor([LEAK]).text(f"{before}{LEAK}{after}")


@given(st.from_regex(r"[A-Za-z0-9+/]{5,40}={0,2}", fullmatch=True))
def test_no_value_of_a_secret_parameter_is_shown(value: str) -> None:
    assert Redactor().text(f"?appkey={value}&x=1") == f"?appkey={HIDDEN}&x=1"
    assert Redactor().text(f'"access_token":"{value}"') == f'"access_token":"{HIDDEN}"'


@given(st.text())
def test_hiding_twice_changes_nothing_more(text: str) -> None:
    once = Redactor().text(text)

    assert Redactor().text(once) == once
