"""Asking for a turn until it is had."""

import asyncio

from application.ports.turns import Turn, Turns


async def waited_for(turns: Turns, name: str) -> Turn:
    async with asyncio.timeout(30):
        while (turn := await turns.take(name)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return turn
