"""An idle sweep against the configured rate, and the most calls in any second.

Run as ``python -m tests.benchmarks.sweep_rate``. The emulator counts at arrival, after
up to 50 ms of jitter on the way in, and refuses 1 % of the calls below its limit.
Sweeps follow one another without a pause; tries after a refusal count as calls.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from adapters.kis.http import open_session
from bootstrap.live import Live
from bootstrap.logging import configure_logging
from bootstrap.settings import LiveSettings, load_settings
from domain.listing import Kind, Venue
from tests.acceptance.served import environment
from tests.kis_emulator.server import RunningEmulator, running_emulator

SWEEPS = 3
RATE = 15
LIMIT = 18
JITTER = 0.050
LATENCY = 0.030
REFUSED = 0.01
TARGET = 0.90


async def sweep(settings: LiveSettings, emulator: RunningEmulator) -> list[float]:
    """Seconds of each sweep of KRX's stocks; the log holds those calls alone."""
    async with open_session() as http:
        container = Live(settings=settings, http=http)
        quotes, clock = container.quotes(), container.clock()
        stocks = (await quotes.listings()).of_kinds({Kind.STOCK})
        await quotes.newest_bar(
            stocks[0].ticker, Venue.KRX, urgent=True
        )  # the token is there
        await asyncio.sleep(1.1)
        emulator.reset_log()
        seconds = []
        for _ in range(SWEEPS):
            began = time.perf_counter()
            frame = await quotes.sweep(stocks, Venue.KRX, clock.now().date())
            seconds.append(time.perf_counter() - began)
            if frame.missing:
                print(f"{len(frame.missing)} codes were lost")
        await container.tokens().close()
    return seconds


def main() -> None:
    """Prints the rate kept, as a share of the configured one."""
    with (
        running_emulator(latency=LATENCY, jitter=JITTER, rate_limit=LIMIT) as emulator,
        tempfile.TemporaryDirectory() as folder,
    ):
        emulator.faults.refuse(REFUSED)
        variables = environment(emulator, Path(folder), KIS_RATE_LIMIT=str(RATE))
        settings = load_settings(variables)
        assert isinstance(settings, LiveSettings)
        configure_logging("ERROR", "console", settings.secrets)
        seconds = asyncio.run(sweep(settings, emulator))
        calls = emulator.calls()
        most = emulator.max_in_any_second()
    refused = sum(call.code == "EGW00201" for call in calls)
    rate = len(calls) / sum(seconds)
    each = ", ".join(f"{one:.2f}" for one in seconds)
    print(f"sweeps of {each} s: {len(calls)} calls, {refused} of them refused")
    print(
        f"{rate:.2f} calls a second, {rate / RATE:.1%} of the configured {RATE} "
        f"(at least {TARGET:.0%})"
    )
    print(f"{most} calls at most in any sliding second (never over {LIMIT})")


if __name__ == "__main__":
    main()
