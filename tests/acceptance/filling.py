"""``backfill`` as its users run it: a process of its own, that may be killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.acceptance.served import ROOT, environment
from tests.kis_emulator.arrivals import Arrival
from tests.kis_emulator.server import RunningEmulator

BARS = "FHKST03010100"
OFFICIAL_TOTALS = "FHPUP02120000"
"""Asked for once a window's bars are staged: then it is published."""


@dataclass(slots=True, kw_only=True)
class Filling:
    """One folder's runs of the command, one after another.

    Attributes:
        data_dir: The folder; the archive lies in it.
        words: What follows ``backfill``.
        at: What the product's clock starts at; the emulator's instant by default.
        settings: More variables, or others.
        peak: The most memory any run had, bytes; None where it cannot be told.
    """

    emulator: RunningEmulator
    data_dir: Path
    words: tuple[str, ...]
    at: datetime | None = None
    settings: dict[str, str] = field(default_factory=dict)
    peak: int | None = None
    _runs: int = 0

    @property
    def archive(self) -> Path:
        """The file, once there is one."""
        return next(self.data_dir.glob("broker-*/archive.sqlite3"))

    def bars(self) -> list[Arrival]:
        """Calls for daily bars so far."""
        return self.emulator.calls(BARS)

    def run(
        self,
        *,
        until: Callable[[], bool] | None = None,
        ends: signal.Signals = signal.SIGKILL,
        patience: float = 60.0,
    ) -> "Ended":
        """Runs the command to its end, or until it is time for a signal.

        Raises:
            TimeoutError: It did not end by itself.
        """
        self._runs += 1
        self.data_dir.mkdir(parents=True, exist_ok=True)
        name = f"{self.data_dir.name}-{self._runs}"
        output = [self.data_dir.with_name(f"{name}.{kind}") for kind in ("out", "err")]
        began = time.monotonic()
        with output[0].open("wb") as stdout, output[1].open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 # our own interpreter and module
                [sys.executable, "-m", "bootstrap.cli", "backfill", *self.words],
                cwd=ROOT,
                env=environment(
                    self.emulator, self.data_dir, at=self.at, **self.settings
                ),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        try:
            self._wait(process, until, ends, began + patience)
        finally:
            process.kill()
            process.wait()
        said, wrong = (path.read_text(encoding="utf-8") for path in output)
        return Ended(
            code=process.returncode,
            said=said,
            wrong=wrong,
            seconds=time.monotonic() - began,
        )

    def _wait(
        self,
        process: "subprocess.Popen[bytes]",
        until: Callable[[], bool] | None,
        ends: signal.Signals,
        deadline: float,
    ) -> None:
        while process.poll() is None:
            self._weigh(process.pid)
            if until is not None and until():
                process.send_signal(ends)
                until = None
            if time.monotonic() > deadline:
                raise TimeoutError(f"backfill {' '.join(self.words)}")
            time.sleep(0.02)

    def _weigh(self, pid: int) -> None:
        """Notes the process's own high-water mark, where the system tells it."""
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.peak = max(self.peak or 0, int(line.split()[1]) * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended.

    Attributes:
        code: Exit code; less than 0 for a signal that killed it.
        said: What it printed.
        wrong: What it printed to standard error.
        seconds: How long it ran.
    """

    code: int
    said: str
    wrong: str
    seconds: float
