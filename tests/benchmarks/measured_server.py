"""The product in a process whose memory and time are watched from outside (Linux)."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.served import ROOT

EVERY = 1.0
_SERVE = ("-m", "bootstrap.cli", "serve", "--http", "--port", "0")
_SERVING = re.compile(rb'"url":\s*"http://127\.0\.0\.1:(?P<port>\d+)/mcp"')
_TICKS = os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1_000_000


@dataclass(slots=True, kw_only=True)
class MeasuredServer:
    """A running product.

    Attributes:
        memory: Megabytes of resident memory, one figure a second.
        cpu: Seconds of the processor it has used.
    """

    process: "subprocess.Popen[bytes]"
    log: Path
    port: int = 0
    memory: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def wait(self) -> None:
        """Until it serves.

        Raises:
            RuntimeError: It ended, or never did.
        """
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            told = _SERVING.search(self.log.read_bytes())
            if told:
                self.port = int(told["port"])
                return
            time.sleep(0.02)
        raise RuntimeError(f"it did not start:\n{self.log.read_text('utf-8')}")

    def look(self) -> None:
        """Takes one more sample, while it lives."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
            stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        except OSError:
            return
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
        if resident:  # a process that has ended has none
            self.memory.append(int(resident[1]) * 1024 / _MEGABYTE)
            user, system = stat.rpartition(")")[2].split()[11:13]
            self.cpu = (int(user) + int(system)) / _TICKS

    def calls(self) -> list[dict[str, Any]]:
        """What its log says of each tool call."""
        lines = self.log.read_bytes().splitlines()
        # The word is looked for first: most lines are of something else.
        found = (json.loads(line) for line in lines if b'"event": "call"' in line)
        return [line for line in found if line["event"] == "call"]

    def stop(self) -> None:
        """Ends it, and waits."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


@contextmanager
def measured_server(
    variables: Mapping[str, str], log: Path
) -> Iterator[MeasuredServer]:
    """Serves over HTTP until the block ends; its log is on disk then."""
    with log.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 # our own interpreter and module
            [sys.executable, *_SERVE],
            cwd=ROOT,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,  # Ctrl-C is for whoever measures
        )
    server = MeasuredServer(process=process, log=log)
    ended = threading.Event()
    watching = threading.Thread(target=_watch, args=(server, ended), daemon=True)
    try:
        server.wait()
        watching.start()
        yield server
    finally:
        server.look()
        ended.set()
        server.stop()


def _watch(server: MeasuredServer, ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        server.look()
