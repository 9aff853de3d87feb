"""The real ``backfill`` over HTTP: its pace, its memory, kills, and questions beside.

Run as ``python -m tests.benchmarks.backfill [--stocks 2700] [--sessions 260]
[--rate 15]``; about 18 minutes, or four with ``--quick``. The broker counts
at arrival, after up to 50 ms of jitter on the way in, and answers 30 ms later; while it
is busy itself, arrivals pile up and may count as more in a second than were sent. The
unbroken run and the killed one go side by side, each on a broker of its own.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from tests.acceptance.filling import OFFICIAL_TOTALS, Ended, Filling
from tests.acceptance.same_archives import counted, differences
from tests.benchmarks.questions_during_fill import questions_during_fill
from tests.kis_emulator.market import VENUES, SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

LIMIT = 18
JITTER = 0.050
LATENCY = 0.030
PACE_TARGET = 0.90
MEMORY_TARGET = 200e6
QUICK = {"stocks": 300, "sessions": 120}
NXT_SHARE = 640 / 2700
ETF, ETN = 20, 10
AN_HOUR = 3_600.0


def told(name: str, ended: Ended, filling: Filling, rate: int) -> None:
    """One run's figures."""
    calls = filling.emulator.calls()
    span = calls[-1].at - calls[0].at
    print(f"{name}: {ended.seconds:.0f} s, {len(calls)} calls, exit {ended.code}")
    print(
        f"  {len(calls) / span:.2f} calls a second from the first to the last, "
        f"{len(calls) / span / rate:.1%} of the configured {rate} "
        f"(at least {PACE_TARGET:.0%}); {filling.emulator.max_in_any_second()} at most "
        f"in any second (never over {LIMIT})"
    )
    print(
        f"  memory at its peak: {(filling.peak or 0) / 1e6:.0f} MB "
        f"(under {MEMORY_TARGET / 1e6:.0f} MB)"
    )
    print("".join(f"  | {line}\n" for line in ended.said.splitlines()), end="")


def asked_again(filling: Filling) -> tuple[int, int]:
    """Calls for bars more than one for each stock, venue and window; the worst one."""
    names = ("FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD", "FID_INPUT_DATE_1")
    counts = Counter(
        tuple(call.params[name] for name in names)
        for call in filling.bars()
        if call.status == 200
    )
    return sum(counts.values()) - len(counts), max(counts.values())


def killed(filling: Filling, total: int) -> list[Ended]:
    """Killed while it reads, while it publishes, and far on; then to the end."""
    emulator = filling.emulator

    def after(share: float) -> Callable[[], bool]:
        return lambda: len(filling.bars()) >= share * total

    def publishes() -> bool:
        if not emulator.calls(OFFICIAL_TOTALS):
            return False
        time.sleep(0.7)  # into the reading of what is staged, or the writing
        return True

    runs = [filling.run(until=after(0.1), patience=AN_HOUR)]
    runs.append(filling.run(until=publishes, patience=AN_HOUR))
    runs.append(filling.run(until=after(0.7), patience=AN_HOUR))
    runs.append(filling.run(patience=AN_HOUR))
    return runs


def measured(options: argparse.Namespace, folder: Path) -> None:
    """Every part."""
    nxt = round(options.stocks * NXT_SHARE)
    market = SimulatedMarket(stocks=options.stocks, nxt=nxt, etf=ETF, etn=ETN)
    days = market.days.back(date(2020, 1, 1), date(2026, 11, 19), options.sessions)
    for venue in VENUES:  # a broker that reckons a day for the first time is busy
        market.finals(venue, market.listings()[0].code, days)
    listed = options.stocks + ETF + ETN
    total = (listed + nxt) * -(-options.sessions // 100)

    def filling(name: str, emulator: RunningEmulator) -> Filling:
        return Filling(
            emulator=emulator,
            data_dir=folder / name,
            words=("--sessions", str(options.sessions)),
            settings={"KIS_RATE_LIMIT": str(options.rate)},
        )

    with ExitStack() as stack:
        brokers = [
            stack.enter_context(
                running_emulator(
                    market=market, latency=LATENCY, jitter=JITTER, rate_limit=LIMIT
                )
            )
            for _ in range(2)
        ]
        whole, broken = (
            filling(name, broker)
            for name, broker in zip(("whole", "broken"), brokers, strict=True)
        )
        with ThreadPoolExecutor(2) as pool:
            runs = pool.submit(killed, broken, total)
            unbroken = whole.run(patience=AN_HOUR)
            ended = runs.result()
        told("unbroken", unbroken, whole, options.rate)
        told("killed thrice", ended[-1], broken, options.rate)
        codes = ", ".join(f"{run.seconds:.0f} s ({run.code})" for run in ended)
        print(f"  its runs: {codes}")
        for name, one in (("unbroken", whole), ("killed thrice", broken)):
            extra, most = asked_again(one)
            print(f"{name}: {extra} bars asked for again, one of them {most} times")
        compared(whole.archive, broken.archive)
        if options.questions:
            home = folder / "questions"
            home.mkdir()
            questions_during_fill(
                brokers[0],
                home,
                stocks=listed,
                sessions=options.sessions,
                rate=options.rate,
            ).printed()


def compared(one: Path, other: Path) -> None:
    """Whether both archives hold the same."""
    found = asyncio.run(differences(one, other))
    frames = sum(asyncio.run(counted(one)).values())
    size = one.stat().st_size / 1e6
    print(f"{frames} final frames, {size:.0f} MB: {len(found)} differences (none)")
    for line in found[:10]:
        print(f"  {line}")


def main() -> None:
    """Prints every figure beside its target."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.backfill")
    parser.add_argument("--stocks", type=int, default=2700)
    parser.add_argument("--sessions", type=int, default=260)
    parser.add_argument("--rate", type=int, default=15)
    parser.add_argument(
        "--quick", action="store_true", help="a small market: four minutes"
    )
    parser.add_argument(
        "--questions",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also ask a server that fills",
    )
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    with tempfile.TemporaryDirectory() as folder:
        measured(options, Path(folder))


if __name__ == "__main__":
    main()
