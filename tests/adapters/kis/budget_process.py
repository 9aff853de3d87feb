"""A process that is busy on a shared budget; prints the instants at which it called.

``python -m tests.adapters.kis.budget_process JSON``: says ``ready``, begins when a line
comes in, and ends after so many seconds. With a port each call is a line to there.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import Redis

from adapters.kis.folder_budget import folder_budget
from adapters.kis.redis_budget import redis_budget
from adapters.kis.shared_budget import SharedBudget
from adapters.kis.throttle import Limiter
from adapters.kis.transport import Priority


@contextlib.asynccontextmanager
async def opened(asked: dict[str, Any]) -> AsyncIterator[SharedBudget]:
    if asked["redis"]:
        async with Redis.from_url(asked["redis"]) as client:
            budget = redis_budget(client, "test", asked["rate"])
            yield budget
            await budget.close()
    else:
        yield folder_budget(Path(asked["folder"]), "key", asked["rate"])


async def called(asked: dict[str, Any]) -> list[float]:
    """When the calls went out."""
    times: list[float] = []
    writer: asyncio.StreamWriter | None = None
    if asked["port"]:
        _, writer = await asyncio.open_connection("127.0.0.1", asked["port"])
    async with opened(asked) as budget:
        limiter = Limiter(budget=budget)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        end = time.monotonic() + asked["seconds"]

        async def caller() -> None:
            while True:
                await limiter.acquire(Priority(asked["priority"]))
                times.append(time.monotonic())
                if writer is not None:
                    writer.write(f"{asked['name']}\n".encode())

        callers = [asyncio.create_task(caller()) for _ in range(asked["callers"])]
        await asyncio.sleep(end - time.monotonic())
        for one in callers:
            one.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
    if writer is not None:
        writer.close()
        await writer.wait_closed()
    return times


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    sys.stdout.write(json.dumps(asyncio.run(called(json.loads(sys.argv[1])))) + "\n")
