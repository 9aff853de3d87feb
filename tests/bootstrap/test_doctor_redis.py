"""What the doctor says of a Redis: there, lost, hung, locked, too old."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bootstrap.doctor.report import Mark
from bootstrap.doctor.shared_redis import answers
from tests.redis_server import running_redis


async def test_one_that_answers_is_well_and_its_version_is_told() -> None:
    with running_redis() as (url, _):
        found = await answers(url)
    assert found.mark is Mark.FINE
    assert found.found.startswith("127.0.0.1 응답함(")
    assert "버전 " in found.found


async def test_one_that_is_gone_is_wrong() -> None:
    with running_redis() as (url, server):
        server.stop()
        found = await answers(url)
    assert found.mark is Mark.WRONG
    assert found.found == "127.0.0.1: 연결할 수 없습니다"
    assert "REDIS_URL" in found.next_step


async def test_one_that_hangs_is_wrong_after_a_second() -> None:
    with running_redis() as (url, server):
        server.pause()
        found = await answers(url)
    assert found.mark is Mark.WRONG
    assert found.found == "127.0.0.1: 1초 안에 답이 없습니다"


@pytest.mark.parametrize("login", ["", ":wrong-pass@", "nobody:wrong-pass@"])
async def test_a_wrong_password_is_named_and_not_shown(login: str) -> None:
    with running_redis() as (url, server):
        server.say("CONFIG", "SET", "requirepass", "right-pass")
        found = await answers(url.replace("redis://", f"redis://{login}"))
        right = await answers(url.replace("redis://", "redis://:right-pass@"))
    assert found.mark is Mark.WRONG
    assert "비밀번호" in found.next_step
    assert "pass" not in found.found + found.next_step
    assert right.mark is Mark.FINE


@asynccontextmanager
async def speaking(version: str) -> AsyncIterator[str]:
    """The address of something that says it is a Redis of that version."""
    facts = f"# Server\r\nredis_version:{version}\r\n"
    said = {b"PING": "+PONG\r\n", b"INFO": f"${len(facts)}\r\n{facts}\r\n"}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (line := await reader.readline()).startswith(b"*"):
            words = []
            for _ in range(int(line[1:])):
                length = int((await reader.readline())[1:])
                words.append((await reader.readexactly(length + 2))[:-2])
            writer.write(said.get(words[0], "+OK\r\n").encode())
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("version", "mark"),
    [
        ("6.0.16", Mark.WRONG),
        ("5.0.7", Mark.WRONG),
        ("", Mark.WRONG),
        ("6.2.0", Mark.FINE),
        ("10.0.1", Mark.FINE),
    ],
)
async def test_an_old_one_is_wrong(version: str, mark: Mark) -> None:
    async with speaking(version) as address:
        found = await answers(address)
    assert found.mark is mark
    assert ("6.2" in found.next_step) is (mark is Mark.WRONG)
