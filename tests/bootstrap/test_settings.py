import io
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bootstrap.settings import (
    ReplaySettings,
)
from tests.bootstrap.settings_of import KEY, LIVE, SECRET, live, problems, replay


def test_nothing_set_is_a_replay_of_the_bundled_recording() -> None:
    settings = replay()

    assert settings.app_env == "replay"
    assert settings.replay_recording is None
    assert settings.replay_at is None
    assert settings.log_level == "INFO"
    assert settings.max_ranking_count == 100
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8000)
    assert settings.data_dir.name == "mcp-volume-ranking"
    assert settings.warnings == ()
    assert settings.secrets == ()


def test_a_live_environment_defaults_to_the_real_broker() -> None:
    settings = live()

    assert settings.kis_base_url == "https://openapi.koreainvestment.com:9443"
    assert settings.kis_master_url == "https://new.real.download.dws.co.kr"
    assert settings.kis_account_type == "real"
    assert settings.kis_rate_limit == 15
    assert settings.clock_at is None
    assert settings.secrets == (KEY, SECRET)
    assert settings.warnings == ()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        replay().http_port = 1


def test_no_secret_is_in_a_repr_of_the_settings() -> None:
    text = f"{live()!r} {live()} {live().model_dump()}"

    assert KEY not in text
    assert SECRET not in text


def test_blank_variables_count_as_unset() -> None:
    settings = replay(APP_ENV="", HTTP_PORT=" ", LOG_LEVEL="", KIS_APP_KEY="")

    assert settings.http_port == 8000
    assert settings.warnings == ()


def test_staging_is_verbose_unless_told_otherwise() -> None:
    assert live(APP_ENV="staging").log_level == "DEBUG"
    assert live(APP_ENV="staging", LOG_LEVEL="warning").log_level == "WARNING"


@pytest.mark.parametrize(("terminal", "format_"), [(True, "console"), (False, "json")])
def test_a_log_is_for_people_on_a_terminal_and_json_elsewhere(
    terminal: bool, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)

    assert replay().log_format == format_
    assert replay(LOG_FORMAT="json").log_format == "json"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("APP_ENV", "prod", "replay, development, staging, production"),
        ("REPLAY_AT", "2026-13-01T10:30", "ISO 시각"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("LOG_FORMAT", "xml", "json이나 console"),
        ("MAX_RANKING_COUNT", "0", "1에서 100"),
        ("MAX_RANKING_COUNT", "101", "1에서 100"),
        ("MAX_RANKING_COUNT", "many", "1에서 100"),
        ("HTTP_PORT", "70000", "1에서 65535"),
        ("HTTP_HOST", "http://localhost", "http://는 지우고"),
        ("HTTP_HOST", "localhost:8000", "포트는 HTTP_PORT에"),
        ("REPLAY_AT", "25:00", "10:30 같은 시각"),
        ("REPLAY_RECORDING", "/no/such/recording", "녹화본이 없습니다"),
        ("DATA_DIR", __file__, "폴더여야 합니다"),
        ("DATA_DIR", "~no-such-user/x", "전체 경로로"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    found = problems(**{name: value})

    assert list(found) == [name]
    assert found[name].startswith(f"{name}='{value[:80]}")
    assert allowed in found[name]
    assert "\n" not in found[name]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("KIS_RATE_LIMIT", "19", "1에서 18"),
        ("UNUSUAL_VOLUME_THRESHOLD", "99", "100에서 1000"),
        ("UPKEEP", "perhaps", "true나 false"),
        ("KIS_RATE_LIMIT", "fast", "1에서 18"),
        ("KIS_ACCOUNT_TYPE", "paper", "real이어야"),
        ("KIS_ACCOUNT_TYPE", "virtual", "순위 조회 API가 없습니다"),
        ("KIS_BASE_URL", "https://openapivts.koreainvestment.com:29443", "모의투자"),
        ("KIS_BASE_URL", "https://host:9443/uapi", "경로를 지워"),
        ("KIS_BASE_URL", "https://host:port", "포트와 괄호"),
        ("KIS_BASE_URL", "host:9443", "http나 https로"),
        ("KIS_MASTER_URL", "https://host/common/master", "경로를 지워"),
        ("KIS_MASTER_URL", "https://host?x=1", "경로를 지워"),
        ("KIS_MASTER_URL", "https:///host", "http나 https로"),
        ("CLOCK_AT", "2026-03-03T09:30", "production에서는"),
        ("CLOCK_AT", "yesterday", "ISO 시각"),
        ("CLOCK_SPEED", "60", "production에서는"),
        ("CLOCK_SPEED", "0", "1에서 120"),
        ("CLOCK_SPEED", "121", "1에서 120"),
        ("CLOCK_SPEED", "fast", "1에서 120"),
        ("CLOCK_SINCE", "2026-03-03T09:30", "production에서는"),
        ("CLOCK_SINCE", "yesterday", "ISO 시각"),
    ],
)
def test_a_wrong_live_value_is_named_with_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    found = problems(**LIVE, **{name: value})

    assert list(found) == [name]
    assert found[name].startswith(f"{name}='{value}'")
    assert allowed in found[name]


def test_every_wrong_setting_gets_its_own_line() -> None:
    found = problems(
        **LIVE, KIS_ACCOUNT_TYPE="virtual", KIS_RATE_LIMIT="0", DATA_DIR=__file__
    )

    assert set(found) == {"KIS_ACCOUNT_TYPE", "KIS_RATE_LIMIT", "DATA_DIR"}


def test_a_live_environment_without_a_key_says_which_variables_and_what_to_do() -> None:
    found = problems(APP_ENV="development")

    assert set(found) == {"KIS_APP_KEY", "KIS_APP_SECRET"}
    assert "KIS_APP_KEY_FILE" in found["KIS_APP_KEY"]
    assert "APP_ENV=replay" in found["KIS_APP_SECRET"]


def test_a_key_with_a_blank_in_it_is_refused_and_not_shown() -> None:
    found = problems(**{**LIVE, "KIS_APP_KEY": "PSdummy appkey"})

    assert "다시 복사" in found["KIS_APP_KEY"]
    assert "PSdummy" not in found["KIS_APP_KEY"]


def test_a_secret_in_the_wrong_place_is_not_shown_either() -> None:
    found = problems(
        **LIVE,
        KIS_BASE_URL=f"https://host/?appsecret={SECRET}",
        KIS_MASTER_URL="https://me:letmein@host",
        KIS_ACCOUNT_TYPE=KEY,
    )

    text = " ".join(found.values())
    assert KEY not in text
    assert SECRET not in text
    assert "letmein" not in text


def test_a_clock_without_a_zone_is_seouls() -> None:
    naive = live(APP_ENV="staging", CLOCK_AT="2026-03-03T09:30:00").clock_at
    utc = live(APP_ENV="development", CLOCK_AT="2026-03-03T00:30:00Z").clock_at

    assert naive == utc
    assert naive is not None
    assert naive.utcoffset() == timedelta(hours=9)


def test_a_rehearsals_clock_runs_as_fast_as_it_is_set() -> None:
    at = {"APP_ENV": "staging", "CLOCK_AT": "2026-03-03T08:25"}

    assert live(**at).clock_speed == 1
    assert live(**at, CLOCK_SPEED="60").clock_speed == 60
    assert live(CLOCK_SPEED="1").clock_speed == 1


@pytest.mark.parametrize(
    ("name", "value"), [("CLOCK_SPEED", "60"), ("CLOCK_SINCE", "2026-03-03T09:30")]
)
def test_the_present_is_not_hurried(name: str, value: str) -> None:
    found = problems(**{**LIVE, "APP_ENV": "staging", name: value})

    assert list(found) == [name]
    assert "CLOCK_AT도 주거나" in found[name]


def test_a_recorded_instant_is_a_time_or_an_iso_instant() -> None:
    assert replay(REPLAY_AT="10:30").replay_at == time(10, 30)
    instant = replay(REPLAY_AT="2026-03-03T10:30").replay_at
    assert isinstance(instant, datetime)
    assert instant.isoformat() == "2026-03-03T10:30:00+09:00"


def test_settings_can_be_made_of_values_already_parsed(tmp_path: Path) -> None:
    settings = ReplaySettings(replay_at=time(9), replay_recording=tmp_path)

    assert settings.replay_at == time(9)
    assert settings.replay_recording == tmp_path


def test_a_slash_after_a_host_is_dropped_and_a_folder_made_absolute() -> None:
    settings = live(KIS_MASTER_URL="https://host:1/", DATA_DIR="data")

    assert settings.kis_master_url == "https://host:1"
    assert settings.data_dir == Path.cwd() / "data"


def test_an_archives_password_is_a_secret() -> None:
    settings = live(ARCHIVE_URL="postgresql://me:h%40rd-pass@127.0.0.1/volume")

    assert settings.secrets == (KEY, SECRET, "h@rd-pass")
    assert "rd-pass" not in f"{settings!r} {settings.model_dump()}"


def test_a_refused_archive_shows_no_password() -> None:
    found = problems(**LIVE, ARCHIVE_URL="mysql://me:hard-pass@127.0.0.1/volume")

    assert "hard-pass" not in str(found)


def test_a_server_fills_its_archive_unless_told_otherwise() -> None:
    assert live().upkeep
    assert not live(UPKEEP="false").upkeep
