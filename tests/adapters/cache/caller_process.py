"""One process of many callers: ``python -m ... URL FOLDER CALLERS SECONDS LEASE``.

It says it is ready, waits for the file ``go``, and prints what its callers got. Each
load leaves its process's id, before it works, in the file ``loads``.
"""

import asyncio
import os
import sys
from pathlib import Path

from adapters.cache.connection import redis_client
from adapters.cache.near_tier import NearTier
from adapters.cache.reach import Reach
from adapters.cache.redis_tier import RedisTier
from adapters.cache.redis_turns import RedisTurns
from adapters.cache.room import Room
from adapters.cache.tiers import TieredCache
from application.ports.cache import Held
from tests.adapters.cache.caching import JSON, LIFETIME
from tests.fakes import FakeClock


async def main(url: str, folder: Path, callers: int, work: float, lease: float) -> None:
    clock, client = FakeClock(), redis_client(url, timeout=5.0)
    reach = Reach(client, timeout=5.0)
    cache = TieredCache(
        near=NearTier(room=Room(1_000_000)),
        outer=RedisTier(reach),
        clock=clock,
        turns=RedisTurns(reach, lease=lease, renew=lease * 0.3),
    )

    async def load() -> Held[int]:
        with (folder / "loads").open("a") as file:
            file.write(f"{os.getpid()}\n")
        await asyncio.sleep(work)
        return Held(value=os.getpid(), as_of=clock.now())

    (folder / f"ready-{os.getpid()}").touch()
    while not (folder / "go").exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.01)
    asking = (
        cache.remember("frame:KRX", load, lifetime=LIFETIME, form=JSON)
        for _ in range(callers)
    )
    values = {held.value for held in await asyncio.gather(*asking)}
    await cache.close()
    await client.aclose()
    sys.stdout.write(" ".join(map(str, values)))


if __name__ == "__main__":
    asyncio.run(
        main(
            sys.argv[1],
            Path(sys.argv[2]),
            int(sys.argv[3]),
            float(sys.argv[4]),
            float(sys.argv[5]),
        )
    )
