"""``backfill``: fills the archive's past, with a bar that shows how far it is."""

import asyncio
import contextlib
import gc
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from application.fill_history import FillHistory
from application.filling_plan import finished
from application.harvest_session import HarvestSession
from application.ports.lease import Lease
from bootstrap.backfill_progress import shown
from bootstrap.backfill_text import (
    BESIDE_A_SERVER,
    GO_ON,
    TAKEN,
    calls_text,
    filled_text,
    harvested_text,
)
from bootstrap.environments import running
from bootstrap.settings import LiveSettings, ReplaySettings
from bootstrap.waiting import Waiting, asking_once
from domain.errors import VolumeRankingError
from domain.listing import Venue

ANSWERED, REFUSED, USAGE = 0, 1, 2

STOPPED = 128
"""Plus the signal's number: how a shell counts a command that was stopped."""

LOOKS, LOOK_SECONDS = 10, 0.1
"""A server that looks whether it is to give way has the lock for an instant."""

HOLD_SECONDS = 10.0


async def backfill(
    settings: LiveSettings | ReplaySettings, sessions: int, *, flows: bool
) -> int:
    """Fills the environment's archive; the exit code."""
    if isinstance(settings, ReplaySettings):
        print(  # noqa: T201
            "녹화본(APP_ENV=replay)에는 채울 보관소가 없습니다. 앱키를 넣고"
            " APP_ENV=production(또는 development, staging)으로 실행해 주세요.",
            file=sys.stderr,
        )
        return USAGE
    try:
        async with running(settings, _patient(settings)) as product:
            for warning in product.warnings:
                print(f"경고: {warning}", file=sys.stderr)  # noqa: T201
            fill, harvest = product.fill_history, product.harvest
            if fill is None or (flows and harvest is None):
                print("이 환경에는 채울 보관소가 없습니다.", file=sys.stderr)  # noqa: T201
                return USAGE
            gc.freeze()  # a start's; the hour after it makes and drops much
            gc.enable()
            async with _in_turn(product.filling_turn) as is_ours:
                if not is_ours:
                    print(TAKEN, file=sys.stderr)  # noqa: T201
                    return REFUSED
                if await _is_taken(product.house_lease):
                    print(BESIDE_A_SERVER, file=sys.stderr)  # noqa: T201
                return await run_backfill(
                    fill,
                    sessions,
                    harvest=harvest if flows else None,
                    calls=product.calls,
                )
    except VolumeRankingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return REFUSED


def _patient(settings: LiveSettings) -> Waiting:
    """A command of minutes waits for a token, which is issued once a minute."""
    return asking_once(settings.kis_rate_limit)


async def run_backfill(
    fill: FillHistory,
    sessions: int,
    *,
    harvest: HarvestSession | None = None,
    calls: Callable[[], int] | None = None,
) -> int:
    """Fills, shows how far it is, and prints what it has brought; the exit code.

    Args:
        fill: The environment's.
        sessions: How many of the last ones are wanted.
        harvest: Reads the newest session's flows too, and those its answers reach.
        calls: How many calls the broker has had so far; None where nobody counts.
    """
    before, begun = calls() if calls else 0, time.monotonic()
    made = 0

    async def work() -> None:
        nonlocal made
        with shown() as watch:
            filled = await fill(sessions, progress=watch)
        made += filled.calls
        print(filled_text(filled, sessions), flush=True)  # noqa: T201
        if harvest is not None:
            clock, calendar = fill.timeliness.clock, fill.timeliness.calendar
            newest = finished(calendar, clock.now(), 1)[Venue.KRX][-1]
            with shown() as watch:
                harvested = await harvest(newest, progress=watch)
            made += harvested.calls
            print(harvested_text(harvested), flush=True)  # noqa: T201

    try:
        stopped = await _until_stopped(work())
    except VolumeRankingError as error:
        print(f"{error}\n{GO_ON}", file=sys.stderr)  # noqa: T201
        return REFUSED
    if stopped is not None:
        print(f"멈췄습니다. {GO_ON}", file=sys.stderr)  # noqa: T201
        return STOPPED + stopped
    counted = calls() - before if calls else made
    print(calls_text(counted, time.monotonic() - begun))  # noqa: T201
    return ANSWERED


@contextlib.asynccontextmanager
async def _in_turn(turn: Lease | None) -> AsyncIterator[bool]:
    """Whether this process is the one that fills, until the block ends."""
    if turn is None:
        yield True
        return
    looks = 0
    while not (is_ours := await turn.hold()) and looks < LOOKS:
        looks += 1
        await asyncio.sleep(LOOK_SECONDS)
    holding = asyncio.create_task(_keep_hold(turn)) if is_ours else None
    try:
        yield is_ours
    finally:
        if holding is not None:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)
        await turn.release()


async def _keep_hold(turn: Lease) -> None:
    """Says again that it is ours: a shared store forgets who is silent."""
    while True:
        await asyncio.sleep(HOLD_SECONDS)
        await turn.hold()


async def _is_taken(lease: Lease | None) -> bool:
    """Whether another process has it; it is left as it was."""
    if lease is None:
        return False
    if not await lease.hold():
        return True
    await lease.release()
    return False


async def _until_stopped(work: Coroutine[Any, Any, None]) -> int | None:
    """The signal that ended the work early; None where it came to its end."""
    loop, task = asyncio.get_running_loop(), asyncio.create_task(work)
    heard: list[int] = []

    def stop(number: int) -> None:
        heard.append(number)
        task.cancel()

    taken = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop, int(number))
            taken.append(number)
    try:
        await task
    except asyncio.CancelledError:
        if not heard:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        return heard[0]
    finally:
        for number in taken:
            loop.remove_signal_handler(number)
    return None
