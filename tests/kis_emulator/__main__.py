"""``python -m tests.kis_emulator``: one JSON line, then serves until SIGTERM."""

import argparse
import signal
import sys
import threading
from datetime import date, datetime, time
from pathlib import Path

import orjson

from tests.kis_emulator.clock import DEFAULT_AT, EmulatorClock, in_kst
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.plants import plant_of
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.server import running_emulator

OFFICIAL = (
    Path(__file__)
    .resolve()
    .parents[2]
    .parent.joinpath("shared", "data", "krx", "official_amount_marcap_janfeb.parquet")
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kis_emulator")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--jitter-ms", type=float, default=0.0)
    parser.add_argument("--rate-limit", type=int, default=18)
    parser.add_argument("--refuse", type=float, default=0.0, help="probability")
    parser.add_argument("--at", type=datetime.fromisoformat)
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--stocks", type=int, default=2750)
    parser.add_argument("--etf", type=int, default=900)
    parser.add_argument("--etn", type=int, default=350)
    parser.add_argument("--nxt", type=int, default=640)
    parser.add_argument("--past-events", action="store_true")
    parser.add_argument("--plant", type=plant_of, action="append", default=[])
    parser.add_argument("--real-day", type=date.fromisoformat)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--freeze", action="store_true")
    return parser.parse_args()


def _market(arguments: argparse.Namespace) -> Truth:
    if arguments.real_day:
        return real_day(OFFICIAL, arguments.real_day)
    return SimulatedMarket(
        seed=arguments.seed,
        stocks=arguments.stocks,
        etf=arguments.etf,
        etn=arguments.etn,
        nxt=arguments.nxt,
        past_events=arguments.past_events,
        plants=arguments.plant,
    )


def _start(arguments: argparse.Namespace) -> datetime:
    if arguments.at:
        return in_kst(arguments.at)
    if arguments.real_day:
        return datetime.combine(arguments.real_day, time(15, 40))
    return DEFAULT_AT


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    arguments = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    speed = 0.0 if arguments.freeze else arguments.speed
    with running_emulator(
        market=_market(arguments),
        clock=EmulatorClock(_start(arguments), speed=speed),
        rate_limit=arguments.rate_limit,
        latency=arguments.latency_ms / 1_000,
        jitter=arguments.jitter_ms / 1_000,
        port=arguments.port,
    ) as emulator:
        if arguments.refuse:
            emulator.faults.refuse(arguments.refuse)
        line = {"base_url": emulator.base_url}
        sys.stdout.write(orjson.dumps(line).decode() + "\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
