"""A process that takes a turn and lives until it is killed.

Run as ``python -m tests.adapters.turns.holder_process file FOLDER NAME`` or
``… redis URL PREFIX NAME SECONDS``. It prints ``True`` once it has the turn.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from adapters.turns.file_turns import FileTurns
from adapters.turns.redis_turns import RedisTurns
from application.ports.turns import Turns
from application.shared_sweeps import FreeTurns
from tests.adapters.mcp_server.served_process import ROOT
from tests.adapters.turns.clients import client_of


async def hold(turns: Turns, name: str) -> None:
    turn = await turns.take(name)
    sys.stdout.write(f"{turn is not None}\n")
    sys.stdout.flush()
    await asyncio.sleep(60)


async def main(kind: str, place: str, *words: str) -> None:
    if kind == "file":
        await hold(FileTurns(Path(place)), words[0])
        return
    prefix, name, seconds = words
    async with client_of(place) as client:
        turns = RedisTurns(client, prefix, instead=FreeTurns(), seconds=float(seconds))
        await hold(turns, name)


@contextmanager
def holding(*words: str) -> Iterator["Popen[bytes]"]:
    """Another process that has the turn; killed at the end, if it still lives."""
    command = [sys.executable, "-m", "tests.adapters.turns.holder_process", *words]
    with Popen(command, cwd=ROOT, stdout=PIPE) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"True\n"
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
