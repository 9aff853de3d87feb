"""Serving many clients over streamable HTTP, on loopback."""

import asyncio
import contextlib
import ipaddress
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

_LOCAL = ("127.0.0.1", "localhost", "[::1]")

GRACE_SECONDS = 3
"""How long requests in flight may take to finish after a signal."""


class UnsafeHostError(ValueError):
    """A host that others can reach, without a way to tell them apart."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_unsafe(host: str) -> None:
    """Only loopback is served without tokens.

    Raises:
        UnsafeHostError: Says how to make it safe.
    """
    if not is_loopback(host):
        raise UnsafeHostError(
            f"HTTP_HOST={host}: 인증 없이 다른 기기에 열 수 없습니다. 127.0.0.1로 열고 "
            "앞에 인증하는 프록시를 두세요."
        )


class TrimmedHeaders:
    """ASGI wrapper: header values without blanks around them, whatever the parser.

    httptools keeps trailing blanks, and the SDK then takes ``Mcp-Name: x `` for a
    mismatch.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            scope = {
                **scope,
                "headers": [(k, v.strip(b" \t")) for k, v in scope["headers"]],
            }
        await self._app(scope, receive, send)


def build_app(server: MCPServer[Any], *, version: str) -> App:
    """The application: ``/mcp`` and ``/health``."""

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "version": version})

    server.custom_route("/health", methods=["GET"])(health)
    app = server.streamable_http_app(
        transport_security=TransportSecuritySettings(
            allowed_hosts=[f"{name}{port}" for name in _LOCAL for port in ("", ":*")],
            allowed_origins=[f"http://{name}:*" for name in _LOCAL],
        )
    )
    return TrimmedHeaders(app)


async def serve_http(
    server: MCPServer[Any],
    *,
    host: str,
    port: int,
    version: str,
    close: Callable[[], Awaitable[None]],
) -> None:
    """Serves until a signal comes; requests in flight are finished.

    Raises:
        UnsafeHostError: The host is not loopback.
        OSError: The port is taken.
    """
    refuse_unsafe(host)
    config = uvicorn.Config(
        build_app(server, version=version),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _survive_signals()
    try:
        await uvicorn.Server(config).serve()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await close()


def _survive_signals() -> None:
    """Lets ``close`` run: at its end uvicorn raises again the signal that ended it."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(name, lambda: None)
