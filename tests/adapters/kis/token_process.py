"""One process that wants a token: ``python -m ... BASE_URL FOLDER`` prints it."""

import asyncio
import sys
from pathlib import Path

from tests.adapters.kis.fakes import HandClock
from tests.adapters.kis.wired import wired


async def main(base_url: str, folder: Path) -> str:
    async with wired(base_url, folder, HandClock()) as wire:
        return await wire.tokens.current()


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(main(sys.argv[1], Path(sys.argv[2]))))
