import re
from pathlib import Path

import pytest

from bootstrap.setting_sources import ALL_SECRET_NAMES
from bootstrap.settings import (
    LiveSettings,
    ReplaySettings,
    SettingsError,
    load_settings,
)
from tests.bootstrap.settings_of import KEY, LIVE, SECRET, problems

ROOT = Path(__file__).parents[2]


def test_keys_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "secret").write_text(SECRET)

    settings = load_settings(
        {
            "APP_ENV": "production",
            "KIS_APP_KEY_FILE": str(tmp_path / "key"),
            "KIS_APP_SECRET_FILE": str(tmp_path / "secret"),
        }
    )

    assert settings.secrets == (KEY, SECRET)


def test_a_key_and_its_file_together_are_refused(tmp_path: Path) -> None:
    found = problems(**LIVE, KIS_APP_KEY_FILE=str(tmp_path))

    assert list(found) == ["KIS_APP_KEY"]
    assert "KIS_APP_KEY_FILE: 함께 쓸 수 없습니다" in found["KIS_APP_KEY"]


@pytest.mark.parametrize("content", [None, b" \n", b"\xff\xfe\xff"])
def test_a_key_file_that_holds_no_key_is_refused(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)

    found = problems(
        APP_ENV="production", KIS_APP_KEY_FILE=str(file), KIS_APP_SECRET=SECRET
    )

    assert list(found) == ["KIS_APP_KEY_FILE"]


def test_a_key_written_where_its_file_belongs_is_not_shown() -> None:
    found = problems(APP_ENV="production", KIS_APP_KEY_FILE=KEY, KIS_APP_SECRET=SECRET)

    assert KEY not in found["KIS_APP_KEY_FILE"]


def test_the_environment_beats_the_dot_env_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HTTP_PORT=1111\nMAX_RANKING_COUNT=7 # 적게\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTTP_PORT", "2222")

    settings = load_settings()

    assert settings.http_port == 2222
    assert settings.max_ranking_count == 7


def test_a_dot_env_above_the_working_directory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HTTP_PORT=1111\n")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    assert load_settings().http_port == 8000


def test_a_dot_env_that_is_no_text_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"HTTP_PORT=\xff\xfe\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match=r"\.env: 읽을 수 없습니다"):
        load_settings()


def test_the_example_names_every_setting_and_parses_when_uncommented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"^#([A-Z0-9_]+)=(.*)$", example, re.M))
    fields = {*ReplaySettings.model_fields, *LiveSettings.model_fields} - {"warnings"}
    files = {name for name in ALL_SECRET_NAMES if name.endswith("_FILE")}

    assert set(pairs) == {name.upper() for name in fields} | files
    assert not re.search(r"^[^#\n]", example, re.M)
    wanted = {name: text for name, text in pairs.items() if name not in files}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recording").mkdir()
    assert load_settings({**wanted, "APP_ENV": "replay"}).http_port == 8000
    assert load_settings({**wanted, "APP_ENV": "staging"}).secrets
