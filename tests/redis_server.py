"""A real Redis, or Valkey, of our own: on loopback, keeping nothing on disk."""

import contextlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_SECONDS = 20.0
PROGRAMS = [name for name in ("redis-server", "valkey-server") if shutil.which(name)]
"""Those installed here."""


@dataclass(slots=True, kw_only=True)
class RedisServer:
    """A server to be ill-treated.

    Attributes:
        program: Its path.
        folder: Where it works.
        port: On 127.0.0.1; the same after a new start.
        options: Further ones, e.g. ``maxmemory``.
    """

    program: str
    folder: Path
    port: int
    options: tuple[str, ...] = ()
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its address, as a setting gives it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts it, empty, and waits until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [
                    *(self.program, "--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
                    *self.options,
                ],
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError):
                if self.say("PING").startswith("+PONG"):
                    return
            time.sleep(0.02)
        raise RuntimeError((self.folder / "log").read_text("utf-8", errors="replace"))

    def stop(self) -> None:
        """Kills it; what it held is gone."""
        if self._process is not None:
            self._process.kill()  # a stopped (paused) one too
            self._process.wait(_SECONDS)
            self._process = None

    def pause(self) -> None:
        """It accepts connections and says nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """It answers all that was asked meanwhile."""
        self._signal(signal.SIGCONT)

    def say(self, *words: str) -> str:
        """Asks it past our own code; the answer as it comes off the wire."""
        parts = [f"*{len(words)}\r\n".encode()]
        for word in words:
            raw = word.encode()
            parts.append(f"${len(raw)}\r\n".encode() + raw + b"\r\n")
        with socket.create_connection(("127.0.0.1", self.port), _SECONDS) as wire:
            wire.sendall(b"".join(parts))
            return wire.recv(65_536).decode()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)


@contextlib.contextmanager
def running_redis(
    *options: str, program: str | None = None
) -> Iterator[tuple[str, RedisServer]]:
    """Its address and its handle; skips where no such program is installed."""
    found = shutil.which(program or (PROGRAMS or ["redis-server"])[0])
    if found is None:
        pytest.skip("no redis-server here: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="redis-") as name:
        server = RedisServer(
            program=found, folder=Path(name), port=_free_port(), options=options
        )
        server.start()
        try:
            yield server.url, server
        finally:
            server.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
