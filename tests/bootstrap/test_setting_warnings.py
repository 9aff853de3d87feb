import pytest

from bootstrap.settings import (
    load_settings,
)
from tests.bootstrap.settings_of import KEY, LIVE, live, problems, replay


def test_a_key_in_a_replay_is_a_loud_warning() -> None:
    keys = {"KIS_APP_KEY": KEY, "KIS_APP_SECRET_FILE": "/x"}
    (warning,) = load_settings(keys).warnings

    assert warning.startswith("KIS_APP_KEY, KIS_APP_SECRET_FILE:")
    assert "APP_ENV=production" in warning
    assert KEY not in warning


def test_settings_of_the_other_kind_of_environment_are_warned_of() -> None:
    (clock,) = replay(CLOCK_AT="2026-03-03T09:30", CLOCK_SPEED="60").warnings
    (recorded,) = live(REPLAY_AT="10:30").warnings

    assert clock.startswith("CLOCK_AT, CLOCK_SPEED:")
    assert recorded.startswith("REPLAY_AT:")


def test_a_misspelt_name_is_warned_of_with_the_nearest() -> None:
    warnings = replay(
        KIS_APPKEY=KEY, kis_rate_limit="3", REPLAY_SPEED="2", KIS_QQQQ="1", OTHER="1"
    ).warnings

    assert [line.split(":")[0] for line in warnings] == [
        "KIS_APPKEY",
        "kis_rate_limit",
        "REPLAY_SPEED",
        "KIS_QQQQ",
    ]
    assert "KIS_APP_KEY의 오타" in warnings[0]
    assert "KIS_RATE_LIMIT의 오타" in warnings[1]
    assert "아직 쓰지 않습니다" in warnings[2]
    assert KEY not in warnings[0]


def test_a_key_over_plain_http_is_warned_of_unless_it_stays_on_the_machine() -> None:
    assert live(KIS_BASE_URL="http://127.0.0.1:9443").warnings == ()
    (warning,) = live(KIS_BASE_URL="http://broker:9443").warnings
    assert "암호화되지 않은" in warning
    assert problems(**LIVE, KIS_BASE_URL="http://[::1")


def test_a_variable_called_warnings_is_not_a_setting() -> None:
    assert replay(WARNINGS="1").warnings == ()


@pytest.mark.parametrize(
    "name",
    [
        "REPLAY_SPEED",
        "HTTP_TOKENS_FILE",
        "HTTP_ALLOWED_HOSTS",
    ],
)
def test_a_setting_to_come_is_said_to_do_nothing_yet(name: str) -> None:
    for settings in (replay(**{name: "hush"}), live(**{name: "hush"})):
        (warning,) = settings.warnings
        assert warning.startswith(f"{name}: 아직 쓰지 않습니다.")
        assert "hush" not in warning


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("HTTP_PROT", "HTTP_PORT"),
        ("http_port", "HTTP_PORT"),
        ("HTTP_HOSTS", "HTTP_HOST"),
        ("LOG_LEVLE", "LOG_LEVEL"),
        ("LOG_FROMAT", "LOG_FORMAT"),
        ("CACHE_L1_TTL_SECOND", "CACHE_L1_TTL_SECONDS"),
        ("SMTP_PASSWROD", "SMTP_PASSWORD"),
        ("MAX_RANK_COUNT", "MAX_RANKING_COUNT"),
        ("CLOCK_ATT", "CLOCK_AT"),
        ("DATA_DIRS", "DATA_DIR"),
    ],
)
def test_a_near_miss_under_a_shared_prefix_is_warned_of(name: str, meant: str) -> None:
    (warning,) = replay(**{name: "1"}).warnings
    assert warning.startswith(f"{name}: 모르는 설정")
    assert f" {meant}의 오타인지" in warning


@pytest.mark.parametrize(
    "name",
    [
        *("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "HTTP_TIMEOUT", "HTTP_USER_AGENT"),
        *("LOGNAME", "LOG_DIR", "LOG_FILE", "LOG_PATH", "CACHE_DIR", "CACHE_URL"),
        *("SMTP_TLS", "MAX_WORKERS", "MAX_CONNECTIONS", "CLOCK_SKEW"),
        *("DATA_ROOT", "DATA_PATH", "DATABASE_URL", "REDIS_HOST"),
    ],
)
def test_other_programs_variables_are_left_alone(name: str) -> None:
    assert replay(**{name: "1"}).warnings == ()
