"""A key of Redis that one process holds for some seconds, on Redis's own clock."""

import asyncio
import secrets

from redis.asyncio import Redis
from redis.exceptions import RedisError

LOST = (RedisError, OSError)
"""What a Redis that is down, slow or full raises; a timeout is an OSError."""

ANSWER_SECONDS = 1.0
"""A Redis that is slower than this counts as lost."""

_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_FREE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class RedisLock:
    """Ours until it is freed, or nobody has said so again for a while.

    Args:
        client: Its answers may be text or bytes.
        key: What is locked.
        seconds: How long it is ours after `hold`.
    """

    def __init__(self, client: Redis, key: str, seconds: float) -> None:
        self._client = client
        self._key = key
        self._holder = secrets.token_hex(16)
        self.seconds = seconds

    async def hold(self) -> bool:
        """Whether it is ours: taken now if it is free, else held on to.

        Raises:
            RedisError, OSError: One of `LOST`.
        """
        life = str(round(self.seconds * 1000))
        return await self._run(_HOLD, self._holder, life) == 1

    async def free(self) -> None:
        """Lets it go; somebody else's stays.

        Raises:
            RedisError, OSError: One of `LOST`.
        """
        await self._run(_FREE, self._holder)

    async def _run(self, script: str, *words: str) -> object:
        async with asyncio.timeout(ANSWER_SECONDS):
            answer: object = await self._client.eval(script, 1, self._key, *words)
        return answer
