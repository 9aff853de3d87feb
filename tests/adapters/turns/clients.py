"""Clients of a test's Redis, and names nobody else uses."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

NOBODY = "redis://127.0.0.1:1/0"
"""Where no Redis is."""


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(url, retry=Retry(NoBackoff(), 0), protocol=2)
    try:
        yield client
    finally:
        await client.aclose()


def new_prefix() -> str:
    return f"test-{secrets.token_hex(4)}:"
