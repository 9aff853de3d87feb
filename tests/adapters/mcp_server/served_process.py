"""The product as its users start it: a process of its own, on an emulated broker."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kis_emulator.server import APP_KEY, APP_SECRET, RunningEmulator

ROOT = Path(__file__).resolve().parents[3]
READY_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A running ``serve --http``."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def variables(emulator: RunningEmulator, folder: Path) -> dict[str, str]:
    """The environment of a rehearsal on the emulator, at its instant."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KIS_", "REPLAY_", "HTTP_", "CLOCK_", "LOG_"))
    }
    return {
        **clean,
        "APP_ENV": "staging",
        "KIS_APP_KEY": APP_KEY,
        "KIS_APP_SECRET": APP_SECRET,
        "KIS_BASE_URL": emulator.base_url,
        "KIS_MASTER_URL": emulator.base_url,
        "KIS_RATE_LIMIT": "18",
        "CLOCK_AT": emulator.clock.now().isoformat(),
        "DATA_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def started(
    emulator: RunningEmulator, folder: Path, *words: str
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bootstrap.cli", *words],
        cwd=ROOT,
        env=variables(emulator, folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def served_http(emulator: RunningEmulator, folder: Path) -> Iterator[Served]:
    """``serve --http`` from its first good answer on; killed at the end."""
    port = free_port()
    process = started(emulator, folder, "serve", "--http", "--port", str(port))
    try:
        served = Served(process, port)
        _await_ready(served)
        yield served
    finally:
        process.kill()
        process.communicate(timeout=5)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _await_ready(served: Served) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{served.url}/health", timeout=1):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            if served.process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
