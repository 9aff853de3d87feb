"""A process that opens an archive as soon as it is told to, and keeps a frame.

Run as ``python -m tests.adapters.archive.opening_process URL HOUR``.
"""

import asyncio
import sys
from dataclasses import replace

from adapters.archive.sql_archive import SqlArchive
from adapters.archive.using import Using
from tests.adapters.archive.archived import full_frame
from tests.builders import at


async def keep(url: str, hour: str) -> None:
    """Opening is where processes meet."""
    archive = SqlArchive(url)
    frame = replace(full_frame(), as_of=at(f"{hour}:00"), is_final=False)
    sys.stdout.write(f"{Using.__name__} is loaded\n")
    sys.stdout.flush()
    sys.stdin.readline()
    await archive.keep_frame(frame)
    await archive.close()


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1], sys.argv[2]))
