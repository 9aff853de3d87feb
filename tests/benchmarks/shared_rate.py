"""Four busy processes on one budget: their rate in sum, its peaks, and their shares.

Run as ``python -m tests.benchmarks.shared_rate``: on a folder, then on a Redis of its
own. Every call is a line to a server here, which counts what arrives. Without the last
process's end: the seconds in which all were busy.
"""

import asyncio
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.adapters.kis.budget_processes import Busy, begin
from tests.adapters.kis.sliding import least_share, most_in_any
from tests.redis_server import running_redis

PROCESSES = 4
SECONDS = 20.0
RATE = 15.0
LIMIT = 18
TARGET = 0.90


@dataclass
class Counting:
    """What arrived: when, and from whom."""

    port: int = 0
    arrivals: list[tuple[float, str]] = field(default_factory=list)

    async def meet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One process's lines, until it hangs up."""
        while line := await reader.readline():
            self.arrivals.append((time.monotonic(), line.decode().strip()))
        writer.close()


@contextmanager
def counting() -> Iterator[Counting]:
    """A server in a thread."""
    counted, listening = Counting(), threading.Event()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(counted.meet, "127.0.0.1", 0)
        counted.port = int(server.sockets[0].getsockname()[1])
        listening.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    listening.wait()
    try:
        yield counted
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def measure(name: str, *, folder: str = "", redis: str = "") -> None:
    """Prints the figures of one kind of budget."""
    with counting() as counted:
        asked = [
            Busy(
                name=str(number),
                folder=folder,
                redis=redis,
                rate=RATE,
                seconds=SECONDS,
                port=counted.port,
            )
            for number in range(PROCESSES)
        ]
        left = sorted(at for one in begin(asked).calls() for at in one)
        time.sleep(0.2)
        arrived = [at for at, _ in counted.arrivals]
        counts = Counter(who for _, who in counted.arrivals)
    rate = (len(arrived) - 1) / (arrived[-1] - arrived[0])
    print(f"{name}: {len(arrived)} calls of {PROCESSES} processes in {SECONDS:g} s")
    print(
        f"  {rate:.2f} calls a second in sum, {rate / RATE:.1%} of the configured "
        f"{RATE:g} (at least {TARGET:.0%})"
    )
    print(
        f"  {most_in_any(arrived)} arrivals at most in any sliding second, "
        f"{most_in_any(left)} as they left (never over {LIMIT})"
    )
    shares = ", ".join(str(counts[one.name]) for one in asked)
    least = least_share([counts[one.name] for one in asked])
    print(f"  each: {shares}; the least is {least:.0%} of the mean (at least 50%)")


def main() -> None:
    """Prints both kinds' figures."""
    with tempfile.TemporaryDirectory() as folder:
        measure("folder", folder=folder)
    with running_redis() as (url, _):
        measure("redis", redis=url)


if __name__ == "__main__":
    main()
