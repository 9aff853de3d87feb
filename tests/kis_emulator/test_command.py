import http.client
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import orjson

ROOT = Path(__file__).resolve().parents[2]


def test_the_command_prints_its_address_and_stops_on_sigterm() -> None:
    options = ["--stocks", "60", "--etf", "2", "--etn", "2", "--nxt", "5", "--freeze"]
    with subprocess.Popen(  # noqa: S603 # our own module
        [sys.executable, "-m", "tests.kis_emulator", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        base_url = orjson.loads(process.stdout.readline())["base_url"]
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=5)
        connection.request("GET", "/common/master/kospi_code.mst.zip")
        assert connection.getresponse().read(2) == b"PK"
        connection.close()
        process.terminate()
        assert process.wait(timeout=5) == 0
