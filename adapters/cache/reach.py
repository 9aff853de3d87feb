"""Asking Redis so that a dead one costs little."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as LostConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as LateError

T = TypeVar("T")
_log = structlog.get_logger(__name__)
_SAY_EVERY = 60.0


class LostError(Exception):
    """Redis did not answer, or refused.

    Attributes:
        tried: Whether it was asked; False while it is left alone after a failure.
        refused: It answered, with an error: it is full, say.
    """

    def __init__(self, *, tried: bool, refused: bool = False) -> None:
        super().__init__("redis")
        self.tried = tried
        self.refused = refused


class Reach:
    """The way to one Redis, shared by all who ask it.

    After a connection failed nobody tries for a while, and then one alone does.

    Args:
        client: Made by `redis_client`.
        timeout: Seconds one question may take.
        pause: Seconds to leave it alone after a failure.
        seconds: A count of seconds that only grows.
    """

    def __init__(
        self,
        client: Redis,
        *,
        timeout: float = 0.5,
        pause: float = 1.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.timeout = timeout
        self._pause = pause
        self._seconds = seconds
        self._alone_until: float | None = None
        self._probing = False
        self._said = -_SAY_EVERY
        self._unsaid = 0

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Redis's answer.

        Raises:
            LostError: There is none.
        """
        probe = self._alone_until is not None
        if probe and (self._probing or self._seconds() < (self._alone_until or 0.0)):
            raise LostError(tried=False)
        self._probing = self._probing or probe
        try:
            async with asyncio.timeout(self.timeout):
                answer = await question()
        except (RedisError, OSError) as error:  # asyncio's time-out is an OSError
            lost = isinstance(error, (LostConnectionError, LateError, OSError))
            self._alone_until = self._seconds() + self._pause if lost else None
            self._say(error)
            raise LostError(tried=True, refused=not lost) from error
        finally:
            if probe:
                self._probing = False
        self._alone_until = None
        return answer

    def _say(self, error: RedisError | OSError) -> None:
        self._unsaid += 1
        if self._seconds() - self._said >= _SAY_EVERY:
            kind = type(error).__name__
            _log.warning("cache.redis_failed", error=kind, failures=self._unsaid)
            self._said, self._unsaid = self._seconds(), 0
