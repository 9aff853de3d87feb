"""The command as people type it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.adapters.mcp_server.served_process import ROOT

OURS = ("APP_ENV", "KIS_", "REPLAY_", "HTTP_", "CLOCK_", "LOG_", "DATA_DIR")
PYTHONS = ("LC_ALL", "PYTHONIOENCODING", "PYTHONUNBUFFERED")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bootstrap.cli", *words]


def environment(**changes: str) -> dict[str, str]:
    """The caller's variables without settings of ours, or of how Python prints."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith((*OURS, *PYTHONS))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **changes}


def called(
    folder: Path, *words: str, **changes: str
) -> "subprocess.CompletedProcess[str]":
    """The ended command; run in a folder without a ``.env``."""
    return subprocess.run(  # noqa: S603 - our own interpreter and module
        command(*words),
        cwd=folder,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
