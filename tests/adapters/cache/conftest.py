import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.redis_server import PROGRAMS, RedisServer, running_redis

REDIS = PROGRAMS or ["redis-server"]


@pytest.fixture(scope="session")
def redis_of() -> Iterator[Callable[[str], RedisServer]]:
    """An empty server of a program; one of each runs for all tests."""
    running: dict[str, RedisServer] = {}
    with contextlib.ExitStack() as stack:

        def empty(program: str) -> RedisServer:
            if program not in running:
                context = running_redis(program=program)
                running[program] = stack.enter_context(context)[1]
            running[program].say("FLUSHALL")
            return running[program]

        yield empty


@pytest.fixture(params=REDIS)
def redis(
    request: pytest.FixtureRequest, redis_of: Callable[[str], RedisServer]
) -> RedisServer:
    """An empty one that answers; not to be stopped."""
    return redis_of(request.param)


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """One to be paused, stopped and started again."""
    with running_redis() as (_, server):
        yield server
