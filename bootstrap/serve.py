"""Serving MCP, over stdio or HTTP."""

import argparse
import asyncio
import contextlib
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import structlog
from mcp.server import MCPServer

from adapters.mcp_server.remembered import Remembered
from adapters.mcp_server.server import build_server
from adapters.telemetry.request_ids import request
from application.ports.cache import Lifetime
from bootstrap.caching import keep_published
from bootstrap.environments import running
from bootstrap.product import VERSION, Product
from bootstrap.settings import LiveSettings, ReplaySettings
from domain.errors import VolumeRankingError

Close = Callable[[], Awaitable[None]]

_log = structlog.get_logger(__name__)


@contextlib.contextmanager
def request_scope(tool: str) -> Iterator[None]:
    """A request id for everything logged inside."""
    with request(tool=tool):
        yield


async def serve(
    settings: LiveSettings | ReplaySettings, options: argparse.Namespace
) -> int:
    """Until the client leaves or a signal comes; the exit code."""
    over_http = options.command == "serve" and options.http
    host = getattr(options, "host", None) or settings.http_host
    port = getattr(options, "port", None)
    port = settings.http_port if port is None else port
    try:
        if over_http:
            return await _http(settings, host, port)
        return await _stdio(settings)
    except (VolumeRankingError, ValueError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the last words of a failed start
        return 2


async def _http(settings: LiveSettings | ReplaySettings, host: str, port: int) -> int:
    from adapters.mcp_server.http import listening, serve_http, url_of  # noqa: PLC0415

    with listening(host, port) as listeners:
        async with running(settings) as product:
            _announce(product)
            server = _server(product, settings)
            _log.info("serving", url=url_of(host, listeners))
            close = _behind(product, settings, sweeps=True)
            await serve_http(
                server,
                listeners=listeners,
                version=VERSION,
                close=close,
                ending=product.feed.end_streams,
            )
    return 0


async def _stdio(settings: LiveSettings | ReplaySettings) -> int:
    from adapters.mcp_server.stdio import serve_stdio  # noqa: PLC0415

    async with running(settings) as product:
        _announce(product)
        server = _server(product, settings)
        await serve_stdio(server, close=_behind(product, settings, sweeps=False))
    return 0


def _server(
    product: Product, settings: LiveSettings | ReplaySettings
) -> MCPServer[Any]:
    return build_server(
        product.use_cases,
        version=VERSION,
        scope=request_scope,
        unusual_threshold=settings.unusual_volume_threshold,
        remembered=_remembered(product, settings),
        alerts=product.feed,
    )


def _remembered(
    product: Product, settings: LiveSettings | ReplaySettings
) -> Remembered | None:
    """Answers given again; None where settings keep none."""
    memory = product.memory
    if not settings.cache_l1_max_entries:
        return None
    memory.cache.now()  # its libraries are loaded behind the start
    return Remembered(
        memory.cache.now,
        memory.standing,
        now=memory.clock.now,
        lifetime=Lifetime(
            fresh=timedelta(seconds=settings.cache_l1_ttl_seconds),
            servable=timedelta(seconds=settings.cache_l2_ttl_seconds),
            kept=timedelta(seconds=settings.cache_l2_ttl_seconds),
        ),
        version=VERSION,
    )


def _behind(
    product: Product, settings: LiveSettings | ReplaySettings, *, sweeps: bool
) -> Close:
    """Starts what goes on behind questions; how to end that, then the product."""
    memory, work = product.memory, []
    if product.keep_house is not None:
        work.append(asyncio.ensure_future(product.keep_house(sweeps)))
    if memory.told_in is not None and settings.cache_l1_max_entries:
        telling = keep_published(memory.cache, memory.told_in, memory.clock.now())
        work.append(asyncio.ensure_future(telling))

    async def close() -> None:
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await product.close()

    return close


def _announce(product: Product) -> None:
    """The last step of a start: what was loaded for good is not searched again."""
    gc.freeze()
    gc.enable()
    for warning in product.warnings:
        _log.warning("settings", detail=warning)
    _log.info("started", environment=product.environment, version=VERSION)
