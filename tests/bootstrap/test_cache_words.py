"""``cache`` as it is typed: what is asked, refused, and explained."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.cli import main

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """Runs the command as a person would; ``said`` is what they type when asked."""
    monkeypatch.chdir(tmp_path)
    variables = {"APP_ENV": "production", "KIS_APP_KEY": "k", "KIS_APP_SECRET": "s"}
    for name, value in {**variables, "DATA_DIR": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)

    # It is global, and would outlive the test.
    monkeypatch.setattr("bootstrap.cli._configure_logging", lambda *_, **__: None)

    def run(*words: str, said: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        return main(["cache", *words])

    return run


@pytest.mark.parametrize("said", ["", "\n", "n\n", "no\n"])
def test_everything_is_let_go_only_by_who_says_so(
    typed: Callable[..., int], said: str, tmp_path: Path, capsys: Printed
) -> None:
    assert typed("clear", said=said) == 1
    assert not (tmp_path / "data").exists()
    assert "--yes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [(["clear"], "y\n"), (["clear", "--yes"], ""), (["clear", "answer:"], "")],
)
def test_who_says_so_or_names_a_prefix_is_not_asked_again(
    typed: Callable[..., int], words: list[str], said: str
) -> None:
    assert typed(*words, said=said) == 0


@pytest.mark.parametrize("words", [["clear", "answer"], ["clear", "token:"], [], ["x"]])
def test_what_is_no_prefix_is_a_usage_error(
    typed: Callable[..., int], words: list[str], capsys: Printed
) -> None:
    with pytest.raises(SystemExit) as ended:
        typed(*words)
    assert ended.value.code == 2
    assert "usage: mcp-volume-ranking cache" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--help"], ["clear", "--help"], ["stats", "--help"]]
)
def test_help_helps(
    typed: Callable[..., int], words: list[str], capsys: Printed
) -> None:
    with pytest.raises(SystemExit) as ended:
        typed(*words)
    assert ended.value.code == 0
    assert "서버" in capsys.readouterr().out
