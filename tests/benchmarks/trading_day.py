"""A trading day at speed: a hundred clients over HTTP, a committed mix of questions.

Run as ``python -m tests.benchmarks.trading_day`` (12 minutes at 60 times the speed),
``--quick`` for a tenth, ``--no-cache`` for a day without the cache of answers,
``--compare`` for one day with it and one without. The clock of the product and of the
emulated broker run from 08:25 to 20:15. Ends with 1 where a target is missed.
"""

import argparse
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import orjson
from tqdm import tqdm

from bootstrap.logging import configure_logging
from tests.acceptance.prepared import FRIDAY
from tests.acceptance.served import ROOT, environment
from tests.benchmarks.asking_clients import Call, Load
from tests.benchmarks.day_report import LIMIT, Day, missed, missed_gain, printed
from tests.benchmarks.long_past import CLOSE, LongPast
from tests.benchmarks.measured_server import measured_server
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.server import RunningEmulator, running_emulator

CALLS = 100_000
CLIENTS = 100
SPEED = 60
SEED = 20261120
LATENCY, JITTER = 0.030, 0.020
RATE = 15
TENTH = 10
BEGINS = datetime.combine(FRIDAY, datetime.min.time(), KST).replace(hour=8, minute=25)
ENDS = BEGINS.replace(hour=20, minute=15)
WITHOUT_CACHE = {"CACHE_L1_MAX_ENTRIES": "0"}

_CLIENTS = ("-m", "tests.benchmarks.asking_clients")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.trading_day")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--speed", type=int, default=SPEED, help="1 to 120")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help="a tenth of calls and day")
    parser.add_argument("--no-cache", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--log", type=Path, help="keeps the server's log there")
    return parser.parse_args()


def day(
    name: str,
    past: LongPast,
    folder: Path,
    arguments: argparse.Namespace,
    **settings: str,
) -> Day:
    """One day, from a fresh folder and a fresh broker."""
    seconds = (_ends(arguments) - BEGINS).total_seconds() / arguments.speed
    log = arguments.log or folder / "server.log"
    with running_emulator(
        market=past.market,
        clock=EmulatorClock(BEGINS),
        rate_limit=LIMIT,
        latency=LATENCY,
        jitter=JITTER,
    ) as broker:
        variables = environment(
            broker,
            folder / "data",
            ARCHIVE_URL=past.served(folder / "archive"),
            CLOCK_SPEED=str(arguments.speed),
            KIS_RATE_LIMIT=str(RATE),
            LOG_LEVEL="INFO",
        )
        since = datetime.fromtimestamp(time.time(), UTC)
        broker.clock.run(speed=arguments.speed)
        variables |= {"CLOCK_SINCE": since.isoformat(), **settings}
        with measured_server(variables, log) as server:
            load = Load(
                port=server.port,
                clients=CLIENTS,
                calls=arguments.calls // (TENTH if arguments.quick else 1),
                seconds=seconds,
                seed=arguments.seed,
            )
            began = time.monotonic()
            calls = _calls(name, load, broker)
            took = time.monotonic() - began
        return Day(
            name=name,
            asked_for=load.calls,
            calls=calls,
            lines=[x for x in server.calls() if x["tool"] != "health_check"],
            arrivals=broker.calls(),
            most=broker.max_in_any_second(),
            tokens=broker.tokens_issued,
            memory=server.memory,
            cpu=server.cpu,
            seconds=took,
        )


def _ends(arguments: argparse.Namespace) -> datetime:
    """When the load ends, by the product's clock."""
    return BEGINS + (ENDS - BEGINS) / (TENTH if arguments.quick else 1)


def _calls(name: str, load: Load, broker: RunningEmulator) -> list[Call]:
    """What the clients tell, as they tell it."""
    calls = []
    with (
        _asking(load) as clients,
        tqdm(total=load.calls, desc=name, unit="call", mininterval=1.0) as bar,
    ):
        assert clients.stdout is not None
        for line in clients.stdout:
            calls.append(Call(**orjson.loads(line)))
            bar.update()
            if len(calls) % 500 == 0:
                bar.set_postfix_str(f"{broker.clock.now():%H:%M}", refresh=False)
    return calls


@contextlib.contextmanager
def _asking(load: Load) -> "Iterator[subprocess.Popen[bytes]]":
    clients = subprocess.Popen(  # noqa: S603 # our own interpreter and module
        [sys.executable, *_CLIENTS],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this process, which ends that one
    )
    try:
        assert clients.stdin is not None
        clients.stdin.write(orjson.dumps(asdict(load)) + b"\n")
        clients.stdin.close()
        yield clients
    finally:
        if clients.poll() is None and sys.exc_info()[0] is not None:
            clients.terminate()
        clients.wait(timeout=20)


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Runs the day or days; 1 where a target is missed, 130 where it was stopped."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _stop)
    configure_logging("WARNING", "console")
    lines: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="day-") as name:
            lines = _days(Path(name), arguments)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    for line in lines:
        print(f"missed: {line}")
    if not lines:
        print("every target is met")
    return 1 if lines else 0


def _days(folder: Path, arguments: argparse.Namespace) -> list[str]:
    """What was missed."""
    past = LongPast(
        folder=folder / "past",
        until=_ends(arguments).time() if arguments.quick else CLOSE,
    )
    past.folder.mkdir()
    print("filling an archive: a year of bars, a month of instants", flush=True)
    kinds: dict[str, dict[str, Any]] = {"with the cache": {}}
    if arguments.no_cache or arguments.compare:
        kinds["without the cache"] = WITHOUT_CACHE
    if arguments.no_cache:
        del kinds["with the cache"]
    days = []
    for name, settings in kinds.items():
        place = folder / name.split()[0]
        place.mkdir()
        days.append(day(name, past, place, arguments, **settings))
        printed(days[-1])
    lines = list(missed(days[0]))
    return lines + list(missed_gain(*days)) if len(days) == 2 else lines


if __name__ == "__main__":
    sys.exit(main())
