"""Ways to ask a running product: over stdio, as an assistant does, or over HTTP."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import TextContent

from tests.acceptance.served import ROOT, Answer, Served


class Asker(Protocol):
    """Somebody with a product at hand."""

    async def __call__(self, tool: str, **arguments: Any) -> Answer:
        """Asks one question."""
        ...


def over_http(product: Served) -> Asker:
    """Asks a served product, each question in a connection of its own."""

    async def ask(tool: str, **arguments: Any) -> Answer:
        return await asyncio.to_thread(product.call, tool, **arguments)

    return ask


@asynccontextmanager
async def over_stdio(variables: Mapping[str, str], log: Path) -> AsyncIterator[Asker]:
    """A process of the product's own, asked through the official client.

    Args:
        variables: Of the process.
        log: Where its standard error goes.
    """
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bootstrap.cli"],
        env=dict(variables),
        cwd=ROOT,
    )
    with log.open("w", encoding="utf-8") as stderr:
        async with Client(stdio_client(server, errlog=stderr)) as client:

            async def ask(tool: str, **arguments: Any) -> Answer:
                began = time.monotonic()
                result = await client.call_tool(tool, arguments)
                first = result.content[0]
                assert isinstance(first, TextContent)
                return Answer(
                    structured=result.structured_content,
                    text=first.text,
                    is_error=bool(result.is_error),
                    seconds=time.monotonic() - began,
                )

            yield ask
