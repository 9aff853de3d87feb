"""The product as its users run it: a process of its own, asked over MCP."""

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bootstrap.broker_folder import broker_folder
from tests.kis_emulator.server import APP_KEY, APP_SECRET, RunningEmulator

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = "2026-07-28"
TOOL = "get_volume_ranking"
OWN_VARIABLES = ("KIS_", "REPLAY_", "HTTP_", "CLOCK_", "LOG_", "MAX_RANKING")

_SERVE = ("-m", "bootstrap.cli", "serve", "--http", "--port", "0")

_SERVING = re.compile(r'"url":\s*"(?P<url>http://127\.0\.0\.1:(?P<port>\d+)/mcp)"')
_numbers = itertools.count(1)

Structured = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tool said.

    Attributes:
        structured: None where it said error.
        seconds: How long it took.
    """

    structured: Structured | None
    text: str
    is_error: bool
    seconds: float

    def __getitem__(self, key: str) -> Any:
        """A field of the structured answer; fails where it is an error."""
        assert self.structured is not None, self.text
        return self.structured[key]

    @property
    def basis(self) -> str:
        """leaders or full_market; empty for an error."""
        return "" if self.is_error else str(self["meta"]["coverage"]["basis"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running product.

    Attributes:
        url: Of its MCP endpoint.
        data_dir: Its folder.
        output: The files that hold its stdout and stderr.
    """

    url: str
    port: int
    data_dir: Path
    output: tuple[Path, Path]

    def ask(self, **arguments: Any) -> Answer:
        """Calls get_volume_ranking, without its details where they are not asked for.

        Those come from profiles that are read behind: what they are is another matter.
        """
        return self.call(TOOL, **{"include_details": False, **arguments})

    def call(self, tool: str, **arguments: Any) -> Answer:
        """Calls a tool over plain HTTP, in a connection of its own."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/mcp", *_message(tool, arguments))
            said = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        seconds = time.monotonic() - began
        result = said["result"]
        return Answer(
            structured=result.get("structuredContent"),
            text=result["content"][0]["text"],
            is_error=result.get("isError", False),
            seconds=seconds,
        )

    def whole(self, **arguments: Any) -> Answer:
        """Asks until the answer rests on the whole market."""
        deadline = time.monotonic() + 30
        answer = self.ask(**arguments)
        while answer.basis != "full_market" and time.monotonic() < deadline:
            time.sleep(0.1)
            answer = self.ask(**arguments)
        assert answer.basis == "full_market", answer.text
        return answer

    def pages(self, **arguments: Any) -> list[Answer]:
        """Every page by ``next_offset``, to the last."""
        pages = [self.whole(count=100, **arguments)]
        while (offset := pages[-1]["next_offset"]) is not None:
            pages.append(self.ask(count=100, offset=offset, **arguments))
        return pages

    def printed(self) -> str:
        """Everything it wrote to stdout and stderr so far."""
        return "".join(path.read_text(encoding="utf-8") for path in self.output)


def _message(tool: str, arguments: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    meta = {
        "io.modelcontextprotocol/protocolVersion": PROTOCOL,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": tool, "arguments": arguments, "_meta": meta}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": PROTOCOL,
        "mcp-method": "tools/call",
        "mcp-name": tool,
    }
    return json.dumps(body).encode(), headers


def move_in(data_dir: Path, base_url: str) -> None:
    """Makes what an emulator on another port left this one's: it is one broker."""
    own = broker_folder(data_dir, base_url=base_url, master_url=base_url)
    for other in data_dir.glob("broker-*"):
        if not own.exists():
            other.rename(own)


def environment(
    emulator: RunningEmulator,
    data_dir: Path,
    *,
    at: datetime | None = None,
    **settings: str,
) -> dict[str, str]:
    """The variables of a product over an emulated broker; none of the caller's own.

    Args:
        emulator: The broker.
        data_dir: Its folder.
        at: What its clock starts at; the emulator's present instant when not given.
        settings: More variables, or others.
    """
    move_in(data_dir, emulator.base_url)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(OWN_VARIABLES)
    }
    return {
        **inherited,
        "APP_ENV": "staging",
        "KIS_APP_KEY": APP_KEY,
        "KIS_APP_SECRET": APP_SECRET,
        "KIS_BASE_URL": emulator.base_url,
        "KIS_MASTER_URL": emulator.base_url,
        "KIS_RATE_LIMIT": "18",
        "CLOCK_AT": (at or emulator.clock.now()).isoformat(),
        "DATA_DIR": str(data_dir),
        "LOG_FORMAT": "json",
        **settings,
    }


@contextmanager
def served(
    emulator: RunningEmulator,
    data_dir: Path,
    *,
    at: datetime | None = None,
    **settings: str,
) -> Iterator[Served]:
    """Serves the product over HTTP on loopback until the block ends.

    The variables are those of ``environment``; ``data_dir`` is made when it is not
    there.
    """
    with _started(environment(emulator, data_dir, at=at, **settings)) as starting:
        yield starting.up()


@contextmanager
def served_together(
    emulator: RunningEmulator, data_dir: Path, *, count: int
) -> Iterator[list[Served]]:
    """The same, several processes of one folder, started at once."""
    variables = environment(emulator, data_dir)
    with ExitStack() as stack:
        all_starting = [stack.enter_context(_started(variables)) for _ in range(count)]
        yield [starting.up() for starting in all_starting]


@dataclass(frozen=True, slots=True)
class _Starting:
    process: subprocess.Popen[bytes]
    data_dir: Path
    output: tuple[Path, Path]

    def up(self) -> Served:
        """The product, once it answers, at the port that it says it took."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            told = _SERVING.search(self.output[1].read_text("utf-8"))
            if told and _is_healthy(int(told["port"])):
                return Served(
                    url=told["url"],
                    port=int(told["port"]),
                    data_dir=self.data_dir,
                    output=self.output,
                )
            time.sleep(0.05)
        said = self.output[1].read_text("utf-8")
        raise RuntimeError(f"the product did not start:\n{said}")


@contextmanager
def _started(variables: Mapping[str, str]) -> Iterator[_Starting]:
    data_dir = Path(variables["DATA_DIR"])
    data_dir.mkdir(parents=True, exist_ok=True)
    log = f"{data_dir.name}-{next(_numbers)}"
    output = (data_dir.with_name(f"{log}.out"), data_dir.with_name(f"{log}.err"))
    with output[0].open("wb") as stdout, output[1].open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 # our own interpreter and module
            [sys.executable, *_SERVE],
            cwd=ROOT,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            yield _Starting(process, data_dir, output)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
