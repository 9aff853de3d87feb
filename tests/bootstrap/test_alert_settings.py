from pathlib import Path

import pytest

from adapters.alerts.mailbox import Security
from tests.bootstrap.settings_of import LIVE, live, problems, replay

HOOK = "https://hooks.slack.com/services/T000/B000/hush-hush"
PASSWORD = "hush-hush-password"  # noqa: S105
MAIL = {
    "SMTP_HOST": "smtp.example.com",
    "SMTP_FROM": "거래대금 알림 <alerts@example.com>",
    "SMTP_TO": "one@example.com, 둘 <two@example.com>",
}
LOGIN = {"SMTP_USERNAME": "alerts", "SMTP_PASSWORD": PASSWORD}


def test_nothing_is_sent_unless_it_is_set() -> None:
    settings = live()

    assert settings.slack_webhook_url is None
    assert settings.mailbox is None


def test_the_mailbox_is_as_set() -> None:
    box = live(**MAIL, **LOGIN, SMTP_SECURITY="SSL", SMTP_PORT="2465").mailbox

    assert box is not None
    assert (box.host, box.port, box.security) == (
        "smtp.example.com",
        2465,
        Security.SSL,
    )
    assert box.recipients == ("one@example.com", "둘 <two@example.com>")
    assert box.password is not None
    assert box.password.get_secret_value() == PASSWORD


def test_without_more_it_is_encrypted_on_the_usual_port() -> None:
    box = live(**MAIL).mailbox

    assert box is not None
    assert (box.port, box.security, box.username) == (None, Security.STARTTLS, None)


def test_the_secrets_are_in_the_list_of_what_no_log_shows() -> None:
    settings = live(SLACK_WEBHOOK_URL=HOOK, **MAIL, **LOGIN)

    assert {HOOK, PASSWORD} < set(settings.secrets)
    assert "hush" not in repr(settings)


def test_the_secrets_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text(f"{HOOK}\n")
    (tmp_path / "password").write_text(PASSWORD)
    settings = live(
        **MAIL,
        SMTP_USERNAME="alerts",
        SMTP_PASSWORD_FILE=str(tmp_path / "password"),
        SLACK_WEBHOOK_URL_FILE=str(tmp_path / "hook"),
    )

    assert {HOOK, PASSWORD} < set(settings.secrets)
    assert settings.warnings == ()


@pytest.mark.parametrize(
    "url",
    [
        "hush-hush",
        "http://hooks.slack.com/services/hush-hush",
        "https:///hush-hush",
        "https://hooks.slack.com/hush hush",
        "https://[::1/hush-hush",
    ],
)
def test_an_address_that_is_no_webhook_is_refused_without_showing_it(url: str) -> None:
    (line,) = problems(**LIVE, SLACK_WEBHOOK_URL=url).values()

    assert line.startswith("SLACK_WEBHOOK_URL: https://hooks.slack.com/")
    assert "hush" not in line


def test_a_webhook_of_this_machine_may_be_plain() -> None:
    assert live(SLACK_WEBHOOK_URL="http://127.0.0.1:8065/hooks/x").slack_webhook_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_HOST", "smtp://smtp.example.com"),
        ("SMTP_PORT", "0"),
        ("SMTP_SECURITY", "tls13"),
        ("SMTP_FROM", "alerts"),
        ("SMTP_TO", "one@example.com, two"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name: str, value: str) -> None:
    assert list(problems(**{**LIVE, **MAIL, name: value})) == [name]


@pytest.mark.parametrize("name", ["SMTP_FROM", "SMTP_TO"])
def test_mail_needs_who_sends_it_and_who_gets_it(name: str) -> None:
    missing = {key: value for key, value in MAIL.items() if key != name}

    assert list(problems(**LIVE, **missing)) == [name]


def test_addresses_without_a_server_are_refused() -> None:
    (line,) = problems(**LIVE, SMTP_TO="one@example.com").values()

    assert "SMTP_HOST도 주거나" in line


@pytest.mark.parametrize("name", ["SMTP_USERNAME", "SMTP_PASSWORD"])
def test_a_name_and_its_password_go_together(name: str) -> None:
    (line,) = problems(**LIVE, **MAIL, **{name: LOGIN[name]}).values()

    assert "함께 있어야 합니다" in line
    assert PASSWORD not in line


def test_a_password_in_the_clear_is_warned_of_unless_it_stays_on_the_machine() -> None:
    plain = {**MAIL, **LOGIN, "SMTP_SECURITY": "none"}
    (warning,) = live(**plain).warnings

    assert warning.startswith("SMTP_SECURITY:")
    assert live(**{**plain, "SMTP_HOST": "127.0.0.1"}).warnings == ()


def test_a_replay_says_that_it_sends_nothing() -> None:
    (warning,) = replay(SLACK_WEBHOOK_URL=HOOK, SMTP_HOST="smtp.example.com").warnings

    assert warning.startswith("SLACK_WEBHOOK_URL, SMTP_HOST:")
    assert "hush" not in warning


def test_the_other_word_for_the_username_is_warned_of() -> None:
    (warning,) = live(**MAIL, SMTP_USER="alerts").warnings

    assert warning.startswith("SMTP_USER:")
    assert "SMTP_USERNAME의 오타" in warning
