"""How long questions take while the past is filled beside them, and without that."""

import json
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.filling import Filling
from tests.acceptance.served import ROOT, TOOL, Served, environment
from tests.kis_emulator.server import RunningEmulator

WITHOUT_SECONDS = 75.0
"""Longer than a frame is fresh: a sweep falls into it."""

PAUSE = 0.1
TARGET = 2.0
STALL_TARGET = 0.100

_SERVE = ("-m", "tests.benchmarks.filling_server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was seen.

    Attributes:
        without: Seconds of each answer before the fill.
        during: The same while it ran.
        stalls: Stage and the longest time that the event loop was held up, seconds.
        published: Sessions' windows that were published meanwhile.
    """

    without: list[float]
    during: list[float]
    stalls: list[tuple[str, float]]

    def printed(self) -> None:
        """Every figure beside its target."""
        ratios = []
        for name, measure in (("mean", statistics.fmean), ("p95", p95)):
            before, after = measure(self.without), measure(self.during)
            ratios.append(after / before)
            print(
                f"an answer's {name}: {before * 1e3:.1f} ms without the fill, "
                f"{after * 1e3:.1f} ms during it: {after / before:.2f} times "
                f"(at most {TARGET:.0f})"
            )
        print(
            f"{len(self.without)} and {len(self.during)} answers, the slowest "
            f"{max(self.without) * 1e3:.0f} and {max(self.during) * 1e3:.0f} ms"
        )
        for stage, seconds in self.stalls:
            print(
                f"the event loop was held up for {seconds * 1e3:.0f} ms at most, "
                f"{stage} (at most {STALL_TARGET * 1e3:.0f} ms)"
            )


def p95(seconds: list[float]) -> float:
    """The 95th of a hundred."""
    return statistics.quantiles(seconds, n=20)[-1]


@dataclass(slots=True)
class _Stages:
    """What the server has told of its fill so far."""

    output: Path
    lines: list[dict[str, object]] = field(default_factory=list)

    def read(self) -> list[dict[str, object]]:
        """Every whole line."""
        text = self.output.read_text(encoding="utf-8")
        self.lines = [json.loads(line) for line in text.splitlines(keepends=False)]
        return self.lines

    def has_published_both(self) -> bool:
        """Whether the first window of KRX and of NXT are over."""
        ended = [str(line["ended"]) for line in self.read()]
        return any(x.startswith("NXT publishing") for x in ended) or "done" in str(
            self.lines
        )


def questions_during_fill(
    emulator: RunningEmulator, folder: Path, *, stocks: int, sessions: int, rate: int
) -> Beside:
    """Asks a warm server, first alone, then while it fills the newest sessions.

    Most of the first window is staged beforehand by the command, so that reading,
    publishing and the next window all fall into the time.
    """
    filling = Filling(
        emulator=emulator,
        data_dir=folder / "data",
        words=("--sessions", str(sessions)),
        settings={"KIS_RATE_LIMIT": str(rate)},
    )
    emulator.reset_log()
    emulator.expire_tokens()  # this folder's process asks for one of its own at once
    ended = filling.run(
        until=lambda: len(filling.bars()) >= 0.8 * stocks, patience=3_600
    )
    if ended.code >= 0:
        raise RuntimeError(ended.wrong)
    emulator.clock.run()
    with _serving(emulator, folder, sessions, rate) as (product, process, output):
        stages = _Stages(output)
        product.whole()
        without = list(_asked(product, _for(WITHOUT_SECONDS)))
        process.send_signal(signal.SIGUSR1)
        during = list(_asked(product, stages.has_published_both))
    told = [
        (str(line["ended"]), float(str(line["stall"])))
        for line in stages.lines
        if line["ended"] != "done"
    ]
    return Beside(without=without, during=during, stalls=told)


def _for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _asked(product: Served, ended: Callable[[], bool]) -> Iterator[float]:
    while not ended():
        answer = product.call(TOOL)
        if answer.is_error:
            print(f"an error: {answer.text}")
        yield answer.seconds
        time.sleep(PAUSE)


@contextmanager
def _serving(
    emulator: RunningEmulator, folder: Path, sessions: int, rate: int
) -> "Iterator[tuple[Served, subprocess.Popen[bytes], Path]]":
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    output = (folder / "server.out", folder / "server.err")
    variables = environment(emulator, folder / "data", KIS_RATE_LIMIT=str(rate))
    with output[0].open("wb") as stdout, output[1].open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 # our own interpreter and module
            [sys.executable, *_SERVE, str(port), str(sessions)],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            _wait_for(port)
            yield (
                Served(
                    url=f"http://127.0.0.1:{port}/mcp",
                    port=port,
                    data_dir=folder / "data",
                    output=output,
                ),
                process,
                output[0],
            )
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")
