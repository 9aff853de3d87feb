"""A server of one resource in a process of its own: what others told is in a file.

``python -m tests.adapters.mcp_server.alert_process FILE [PORT]``: stdio without a port.
"""

import asyncio
import sys
from pathlib import Path

from adapters.alerts.kept_file import AlertFile
from adapters.mcp_server.alert_feed import AlertFeed
from adapters.mcp_server.http import listening, serve_http
from adapters.mcp_server.server import build_server
from adapters.mcp_server.stdio import serve_stdio
from tests.adapters.mcp_server.served import VERSION, Scopes, use_cases
from tests.application.scene import Scene


async def main(file: str, port: str | None = None) -> None:
    feed = AlertFeed(AlertFile(Path(file)), look_seconds=0.05)
    server = build_server(
        use_cases(Scene()), version=VERSION, scope=Scopes(), alerts=feed
    )
    if port is None:
        await serve_stdio(server, close=feed.close)
        return
    with listening("127.0.0.1", int(port)) as listeners:
        await serve_http(
            server,
            listeners=listeners,
            version=VERSION,
            close=feed.close,
            ending=feed.end_streams,
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
