"""A line that says how long a wait has lasted; on a terminal alone."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable

BEGINS_SECONDS = 1
"""A shorter wait is not worth a line."""

_CLEAR = "\r\x1b[K"


@contextlib.asynccontextmanager
async def waiting_shown(calls: Callable[[], int] | None) -> AsyncIterator[None]:
    """Shows the seconds of the block, and the broker's calls; clears the line after.

    Args:
        calls: How many calls were made so far; None where nobody is called.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    ticking = asyncio.create_task(_tick(calls))
    try:
        yield
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        print(_CLEAR, end="", file=sys.stderr, flush=True)  # noqa: T201


async def _tick(calls: Callable[[], int] | None) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        await asyncio.sleep(BEGINS_SECONDS)
        made = f", 증권사 호출 {calls():,}건" if calls else ""
        said = f"… 시세를 모으는 중 {loop.time() - began:.0f}초{made}"
        print(f"{_CLEAR}{said}", end="", file=sys.stderr, flush=True)  # noqa: T201
