"""One token among replicas that share a Redis and no folder."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from structlog.testing import capture_logs

from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import AskedTooSoonError
from adapters.kis.token_redis import RedisTokens
from adapters.turns.redis_turns import RedisTurns
from application.shared_sweeps import FreeTurns
from tests.adapters.kis.fakes import APP_KEY, CREDENTIALS, FakeIssuer, HandClock
from tests.redis_server import RedisServer, running_redis

HOST = "https://broker.example:9443"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_redis() as (_, running):
        yield running


def client_of(url: str) -> Redis:
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), protocol=2)


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Redis]:
    client = client_of(server.url)
    await client.flushall()
    yield client
    await client.aclose()


def replica(
    folder: Path, client: Redis, issuer: FakeIssuer, clock: HandClock
) -> TokenStore:
    turns = RedisTurns(client, "x:", instead=FreeTurns())
    return TokenStore(
        folder,
        credentials=CREDENTIALS,
        base_url=HOST,
        issuer=issuer,
        clock=clock,
        shared=RedisTokens(client, turns, "x:"),
        sleep=clock.sleep,
    )


async def test_replicas_started_together_issue_one_token(
    client: Redis, tmp_path: Path
) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    replicas = [replica(tmp_path / str(n), client, issuer, clock) for n in range(4)]
    answers = await asyncio.gather(*(one.current() for one in replicas))
    assert (set(answers), issuer.asks) == ({"token-1"}, 1)


async def test_no_replica_asks_within_anothers_minute(
    client: Redis, tmp_path: Path
) -> None:
    issuer, clock = FakeIssuer([AskedTooSoonError("too soon")]), HandClock()
    first = replica(tmp_path / "1", client, issuer, clock)
    second = replica(tmp_path / "2", client, issuer, clock)
    assert await first.current() == "token-2"
    clock.forward(seconds=20)
    assert await second.reject("token-2") == "token-3"
    assert clock.slept == pytest.approx([61.0, 41.0])


async def test_a_token_renewed_by_another_replica_is_taken(
    client: Redis, tmp_path: Path
) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    mine, theirs = (replica(tmp_path / n, client, issuer, clock) for n in ("1", "2"))
    old = await mine.current()
    await theirs.current()
    assert await theirs.reject(old) == "token-2"
    assert await mine.reject(old) == "token-2"
    assert issuer.asks == 2


async def test_the_file_serves_after_redis_was_flushed(
    client: Redis, tmp_path: Path
) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    await replica(tmp_path, client, issuer, clock).current()
    await client.flushall()
    assert await replica(tmp_path, client, issuer, clock).current() == "token-1"
    assert issuer.asks == 1


async def test_without_redis_the_files_are_enough(tmp_path: Path) -> None:
    issuer, clock, nobody = FakeIssuer(), HandClock(), client_of("redis://127.0.0.1:1")
    with capture_logs() as logs:
        for _ in range(2):
            assert await replica(tmp_path, nobody, issuer, clock).current() == "token-1"
    assert issuer.asks == 1
    lost = [log for log in logs if log["event"] == "kis.token_redis_lost"]
    assert len(lost) == 2, "once each"
    await nobody.aclose()


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b'{"access_token": 5}'])
async def test_what_is_no_record_is_ignored(
    client: Redis, tmp_path: Path, content: bytes
) -> None:
    key = f"x:kis-token-{CREDENTIALS.fingerprint(HOST)}"
    await client.set(key, content)
    tokens = replica(tmp_path, client, FakeIssuer(), HandClock())
    assert await tokens.current() == "token-1"
    assert await client.get(key) != content


async def test_no_key_bears_the_app_key_and_every_key_ends(
    client: Redis, tmp_path: Path
) -> None:
    await replica(tmp_path, client, FakeIssuer(), HandClock()).current()
    (key,) = await client.keys("*")
    assert key == f"x:kis-token-{CREDENTIALS.fingerprint(HOST)}".encode()
    assert APP_KEY not in f"{key!r} {await client.get(key)!r}"
    assert 25 * 3600 < await client.ttl(key) <= 26 * 3600
