"""Waits for a budget to be lost, or found again."""

import asyncio

from adapters.kis.budget import Budget, SharedBy


async def until_shared(budget: Budget, by: SharedBy) -> None:
    async with asyncio.timeout(20):
        while budget.state.shared_by != by:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
