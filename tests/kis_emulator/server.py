"""Runs the emulator in a thread of its own, and the handle that tests hold."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.kis_emulator.app import Emulator
from tests.kis_emulator.arrivals import Arrival
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Faults
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.market import VENUES, SimulatedMarket
from tests.kis_emulator.tokens import (
    APP_KEY,
    APP_SECRET,
    VIRTUAL_APP_KEY,
    VIRTUAL_APP_SECRET,
)

__all__ = [
    "APP_KEY",
    "APP_SECRET",
    "VIRTUAL_APP_KEY",
    "VIRTUAL_APP_SECRET",
    "RunningEmulator",
    "running_emulator",
]


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """A served emulator; every member may be used from any thread.

    Attributes:
        base_url: ``http://127.0.0.1:<port>``: the base of the API and the masters.
    """

    base_url: str
    _emulator: Emulator

    @property
    def clock(self) -> EmulatorClock:
        """Its clock; set, freeze or run it."""
        return self._emulator.clock

    @property
    def truth(self) -> Truth:
        """What is really traded."""
        return self._emulator.truth

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self._emulator.faults

    @property
    def tokens_issued(self) -> int:
        """How many different tokens were issued."""
        return self._emulator.office.issued

    @property
    def token_asks(self) -> int:
        """How often a token was asked for, refusals included."""
        return self._emulator.office.asks

    def expire_tokens(self) -> None:
        """Ends every token now; the next ask gets a new one at once."""
        self._emulator.office.expire()

    def max_in_any_second(self) -> int:
        """The most quotation calls of one key within any sliding second."""
        return self._emulator.log.most_in_any_second()

    def calls(self, tr_id: str | None = None) -> list[Arrival]:
        """What arrived since the last reset, oldest first."""
        return self._emulator.log.calls(tr_id)

    def reset_log(self) -> None:
        """Forgets calls and maximum."""
        self._emulator.log.clear()

    def set_latency(self, seconds: float, *, jitter: float = 0.0) -> None:
        """Changes how slow it is."""
        self._emulator.latency, self._emulator.jitter = seconds, jitter

    def set_rate_limit(self, calls: int) -> None:
        """Changes how many calls a second it takes."""
        self._emulator.log.rate_limit = calls


@contextmanager
def running_emulator(  # noqa: PLR0913 # its knobs, all by name
    *,
    market: Truth | None = None,
    clock: EmulatorClock | None = None,
    rate_limit: int = 18,
    latency: float = 0.0,
    jitter: float = 0.0,
    port: int = 0,
) -> Iterator[RunningEmulator]:
    """Serves an emulated broker on loopback until the block ends.

    Args:
        market: The truth; a full simulated market when not given.
        clock: Stands at 2026-11-20 10:30 when not given.
        rate_limit: Quotation calls a sliding second and key.
        latency: Seconds from arrival to answer.
        jitter: Up to so many seconds more on the way in, before arrival counts.
        port: 0 for any free one.
    """
    emulator = Emulator(
        market or SimulatedMarket(),
        clock or EmulatorClock(),
        rate_limit=rate_limit,
        latency=latency,
        jitter=jitter,
    )
    for venue in VENUES:  # the first look at a day costs most
        emulator.truth.snapshot(venue, emulator.clock.now())
    service = _Service(emulator, port)
    thread = threading.Thread(target=service.run, name="kis-emulator", daemon=True)
    thread.start()
    try:
        yield RunningEmulator(service.base_url(), emulator)
    finally:
        service.stop()
        thread.join(timeout=10)


class _Service:
    """The event loop and its listening socket."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self._emulator = emulator
        self._port = port
        self._listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._failure: BaseException | None = None

    def run(self) -> None:
        """Serves until stopped; in the thread."""
        try:
            asyncio.run(self._serve())
        except BaseException as failure:
            self._failure = failure
            raise
        finally:
            self._listening.set()

    def base_url(self) -> str:
        """Where it listens, once it does."""
        self._listening.wait(timeout=10)
        if self._failure is not None or self._loop is None:
            raise RuntimeError("the emulator did not start") from self._failure
        return f"http://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Ends the serving, hanging calls too."""
        if self._loop is not None and self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _serve(self) -> None:
        runner = web.AppRunner(
            self._emulator.application(), access_log=None, shutdown_timeout=0.1
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(runner.addresses[0][1])
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self._listening.set()
        try:
            await self._stopped.wait()
        finally:
            await runner.cleanup()
