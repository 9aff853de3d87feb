"""One client of Redis for all who need one."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_CONNECTIONS = 32
_IDLE_SECONDS = 30


def redis_client(url: str, timeout: float = 0.5) -> Redis:
    """A client that fails fast and never tries again by itself.

    It connects when first used; whoever made it closes it with ``aclose()``.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``; also Valkey's.
        timeout: Seconds to connect, to answer, and to wait for a free connection.

    Raises:
        ValueError: The address is none; the text does not repeat it.
    """
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            socket_keepalive=True,
            health_check_interval=_IDLE_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=False,
            protocol=2,
        )
    except ValueError:
        raise ValueError(
            "REDIS_URL이 주소가 아닙니다. redis://호스트:6379/0 꼴로 적어 주세요."
        ) from None
    return Redis.from_pool(pool)
