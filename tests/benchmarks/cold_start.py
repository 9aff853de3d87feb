"""From spawn over stdio to the first twenty rows, with nothing on disk.

Run as ``python -m tests.benchmarks.cold_start``. The broker answers after 30 ms; its
masters are zipped beforehand, as the real ones lie ready. The import share is what a
process takes that imports the same, as the product does (no garbage collection), and
ends; the interpreter's own start included.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from mcp import Client, StdioServerParameters

from tests.acceptance.served import ROOT, environment
from tests.kis_emulator.masters import MASTERS
from tests.kis_emulator.server import RunningEmulator, running_emulator

ROUNDS = 5
LATENCY = 0.030
TARGET = 2.0
ROWS = 20
IMPORTS = """
import gc, os
gc.disable()
import bootstrap.cli, bootstrap.settings, bootstrap.logging, bootstrap.serve
import bootstrap.live, adapters.mcp_server.server
os._exit(0)
"""


async def first_rows(emulator: RunningEmulator, data_dir: Path) -> tuple[float, float]:
    """Seconds from spawn to the handshake, and to the rows.

    Raises:
        SystemExit: It answered something else.
    """
    variables = environment(emulator, data_dir, LOG_LEVEL="WARNING")
    del variables["KIS_RATE_LIMIT"]  # as shipped
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bootstrap.cli"],
        env=variables,
        cwd=ROOT,
    )
    began = time.perf_counter()
    async with Client(server) as client:
        connected = time.perf_counter() - began
        result = await client.call_tool("get_volume_ranking", {"count": ROWS})
        seconds = time.perf_counter() - began
    rows = (result.structured_content or {}).get("ranking", [])
    if len(rows) < ROWS:
        raise SystemExit(f"only {len(rows)} rows: {result.content[0]}")
    return connected, seconds


def import_seconds() -> float:
    """What importing the product takes, in a process of its own."""
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 # our own interpreter
        [sys.executable, "-c", IMPORTS], cwd=ROOT, check=True
    )
    return time.perf_counter() - began


def main() -> None:
    """Prints every round, then the medians against the target."""
    with running_emulator(latency=LATENCY) as emulator:
        for name in MASTERS:
            url = f"{emulator.base_url}/common/master/{name}.mst.zip"
            urllib.request.urlopen(url).read()  # noqa: S310 # loopback
        rounds, imports = [], []
        for number in range(1, ROUNDS + 1):
            imports.append(import_seconds())
            with tempfile.TemporaryDirectory() as folder:
                rounds.append(asyncio.run(first_rows(emulator, Path(folder))))
            connected, seconds = rounds[-1]
            print(
                f"round {number}: {seconds:.2f} s to {ROWS} rows, "
                f"connected at {connected:.2f} s, imports alone {imports[-1]:.2f} s"
            )
            emulator.expire_tokens()  # the next round asks for one of its own at once
    median = statistics.median(seconds for _, seconds in rounds)
    share = statistics.median(imports) / median
    print(
        f"median {median:.2f} s, {median / TARGET:.2f} of the {TARGET:.0f} s allowed; "
        f"imports {share:.0%} of it"
    )


if __name__ == "__main__":
    main()
