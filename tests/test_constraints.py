"""One set of pins, for uv and for pip; and no trace of a registry."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"}
REGISTRY = re.compile(
    r"index-url\s*[=:]?\s*[\"']?https?:|\[\[tool\.uv\.index]{2}"
    r"|https?://\S+/simple\b|https?://files\.\S+/packages/"
)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def constraints() -> list[str]:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    stripped = (line.split(" #")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def name_of(requirement: str) -> str:
    """The canonical name: lower case, one dash for each run of ``-_.``."""
    written = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert written, requirement
    return re.sub(r"[-_.]+", "-", written.group()).lower()


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing is tracked")
    listed = subprocess.run(  # noqa: S603
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_pip_and_uv_read_the_same_pins() -> None:
    assert constraints() == project()["tool"]["uv"]["constraint-dependencies"]


def test_every_constraint_is_an_exact_pin() -> None:
    pinned = re.compile(r"[A-Za-z0-9._-]+(\[\S+])?==[^*,;\s]+( ?;.+)?")

    assert [line for line in constraints() if not pinned.fullmatch(line)] == []


def test_every_direct_dependency_is_pinned() -> None:
    declared = project()["project"]
    wanted = {
        name_of(requirement)
        for group in (
            declared["dependencies"],
            *declared["optional-dependencies"].values(),
        )
        for requirement in group
    }

    assert wanted - {name_of(line) for line in constraints()} == set()


def test_no_lock_file_is_tracked() -> None:
    assert [path for path in tracked() if path.name in LOCKS] == []


def test_no_tracked_file_names_a_registry() -> None:
    texts = {
        path: path.read_text(encoding="utf-8", errors="ignore")
        for path in tracked()
        if path.is_file() and path.stat().st_size < 1_000_000
    }

    assert [path for path, text in texts.items() if REGISTRY.search(text)] == []
