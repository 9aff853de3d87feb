"""Many clients of one server, each asking one question after another on its line.

``python -m tests.benchmarks.asking_clients``: takes a `Load` as one JSON line, prints
a `Call` as one JSON line for each question as it is answered. A client asks at
instants drawn beforehand; where it is late, it asks at once. An answer's time counts
from its own sending.
"""

import asyncio
import dataclasses
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import aiohttp
import orjson

from tests.benchmarks.question_mix import QUESTIONS, Question, drawn

PROTOCOL = "2026-07-28"
PATIENCE = 60.0
"""Seconds: a call that takes longer is an error, and so long calls may be overdue."""

IDLE = 4.0
"""Seconds that a connection may rest: less than servers usually keep one (5)."""

FLUSH = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be asked.

    Attributes:
        port: The server's, on loopback.
        calls: Of all clients together.
        seconds: Over which they are spread.
        seed: Of questions and instants.
    """

    port: int
    clients: int
    calls: int
    seconds: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a question was answered.

    Attributes:
        place: The question's, in the mix.
        milliseconds: From its sending to the whole answer.
        late: Milliseconds that it was sent after its instant.
        error: What went wrong; empty for an answer.
        stale: Whether the answer says so of itself.
        basis: What it rests on, in its own word.
    """

    place: int
    milliseconds: float
    late: float
    error: str = ""
    stale: bool = False
    basis: str = ""


_PLACE = {question: place for place, question in enumerate(QUESTIONS)}


def posted(question: Question) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a call without a session."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": PROTOCOL,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": question.tool, "arguments": question.arguments, "_meta": meta}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": PROTOCOL,
        "mcp-method": "tools/call",
        "mcp-name": question.tool,
    }
    return orjson.dumps(body), headers


_POSTED = [posted(question) for question in QUESTIONS]


def told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a JSON-RPC answer comes to, as fields of a `Call`."""
    if "error" in said:
        return {"error": f"JSON-RPC {said['error']['code']}"}
    result = said["result"]
    if result.get("isError"):
        return {"error": result["content"][0]["text"]}
    meta = result["structuredContent"]["meta"]
    basis = (meta.get("coverage") or {}).get("basis", "")
    return {"stale": bool(meta["stale"]), "basis": basis}


async def _asked(
    http: aiohttp.ClientSession, url: str, question: Question, due: float
) -> Call:
    """One question, answered or not."""
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(max(due - clock(), 0.0))
    place, began = _PLACE[question], clock()
    body, headers = _POSTED[place]
    try:
        async with http.post(url, data=body, headers=headers) as response:
            raw = await response.read()
        took = clock() - began
        found = (
            told(orjson.loads(raw))
            if response.status == 200
            else {"error": f"HTTP {response.status}"}
        )
    except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
        took, found = clock() - began, {"error": type(error).__name__}
    return Call(place=place, milliseconds=took * 1e3, late=(began - due) * 1e3, **found)


async def _client(load: Load, number: int, calls: int, began: float) -> None:
    """Asks its part of the load."""
    draw = random.Random(f"{load.seed}-{number}")  # noqa: S311 # a load, not a secret
    instants = sorted(draw.uniform(0, load.seconds) for _ in range(calls))
    questions = islice(drawn(draw.randrange(2**32)), calls)
    url = f"http://127.0.0.1:{load.port}/mcp"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, keepalive_timeout=IDLE),
        timeout=aiohttp.ClientTimeout(total=PATIENCE),
    ) as http:
        for instant, question in zip(instants, questions, strict=True):
            call = await _asked(http, url, question, began + instant)
            sys.stdout.buffer.write(orjson.dumps(dataclasses.asdict(call)) + b"\n")


async def _flush() -> None:
    while True:
        await asyncio.sleep(FLUSH)
        sys.stdout.buffer.flush()


async def ask_all(load: Load) -> None:
    """Until all has been asked, or a minute after it should have been."""
    flushing = asyncio.create_task(_flush())
    began = asyncio.get_running_loop().time()
    each, more = divmod(load.calls, load.clients)
    try:
        async with asyncio.timeout(load.seconds + PATIENCE):
            await asyncio.gather(
                *(
                    _client(load, number, each + (number < more), began)
                    for number in range(load.clients)
                )
            )
    except TimeoutError:
        pass  # whoever reads this misses the calls
    finally:
        flushing.cancel()
        sys.stdout.buffer.flush()


def main() -> None:
    """Asks what is wanted."""
    asyncio.run(ask_all(Load(**orjson.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main()
