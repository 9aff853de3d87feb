"""What the doctor sees of the Redis that replicas share."""

import re
import time
from urllib.parse import urlsplit

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from redis.exceptions import TimeoutError as LateError

from adapters.cache.connection import redis_client
from bootstrap.doctor.report import Finding, fine, wrong

SECONDS = 1.0
OLDEST = (6, 2)


async def answers(address: str) -> Finding:
    """Whether it answers in time, and is new enough; its address's host is shown.

    Args:
        address: As in the setting, with its password.
    """
    parts = urlsplit(address)
    where = parts.path if parts.scheme == "unix" else f"{parts.hostname}"
    client = redis_client(address, timeout=SECONDS)
    began = time.monotonic()
    try:
        await client.ping()
        took = (time.monotonic() - began) * 1000
        version = str((await client.info("server")).get("redis_version", ""))
    except (AuthenticationError, NoPermissionError):
        return wrong(
            f"{where}: 사용자나 비밀번호를 받아들이지 않습니다",
            "REDIS_URL의 사용자와 비밀번호를 확인해 주세요.",
        )
    except (LateError, TimeoutError):
        said = f"{where}: {SECONDS:.0f}초 안에 답이 없습니다"
        return wrong(said, "Redis가 느리거나 막혔는지, REDIS_URL을 확인해 주세요.")
    except (RedisError, OSError):
        said = f"{where}: 연결할 수 없습니다"
        return wrong(said, "Redis가 켜져 있는지, REDIS_URL과 방화벽을 확인해 주세요.")
    finally:
        await client.aclose()
    if _numbers(version) < OLDEST:
        least = ".".join(map(str, OLDEST))
        return wrong(
            f"{where}: 버전 {version or '모름'}",
            f"Redis {least}(또는 Valkey) 이상으로 올려 주세요.",
        )
    return fine(f"{where} 응답함({took:,.0f}ms), 버전 {version}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])
