"""Serving many clients over streamable HTTP, on loopback."""

import asyncio
import contextlib
import errno
import ipaddress
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from typing_extensions import override

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

_LOCAL = ("127.0.0.1", "localhost", "[::1]")

KEEP_ALIVE_SECONDS = 75
"""Longer than clients and proxies keep a connection: they close it, not we."""

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


class PortRefusedError(ValueError):
    """A port that cannot be opened."""


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets that connections reach from now on: one for each of the host's addresses.

    Args:
        host: A loopback address or name.
        port: 0 for any free one, which all addresses share.

    Raises:
        UnsafeHostError: The host is not loopback.
        PortRefusedError: None of its addresses could be opened; one Korean line.
    """
    refuse_unsafe(host)
    with contextlib.ExitStack() as stack:
        listeners: list[socket.socket] = []
        failure: OSError | None = None
        for family, address in _addresses(host):
            try:
                opened = stack.enter_context(_opened(family, address, port))
            except OSError as error:
                if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                    raise _refused(host, port, error) from None
                failure = error  # a machine without IPv6 still names ::1 localhost
                continue
            port = opened.getsockname()[1]
            listeners.append(opened)
        if failure and not listeners:
            raise _refused(host, port, failure)
        yield listeners


def url_of(host: str, listeners: Sequence[socket.socket]) -> str:
    """Where clients find the tools."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listeners[0].getsockname()[1]}/mcp"


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """IPv4 first: its port is the one that others are matched to."""
    if host == "localhost":
        return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    return [(socket.AF_INET6 if ":" in host else socket.AF_INET, host)]


def _opened(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # By its protocol asyncio knows TCP, and sends answers without Nagle's delay.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would share a port that is taken
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((address, port))
        opened.listen()  # not before this is the port certainly ours
        opened.setblocking(False)
    except BaseException:
        opened.close()
        raise
    return opened


def _refused(host: str, port: int, error: OSError) -> PortRefusedError:
    if error.errno == errno.EADDRINUSE:
        return PortRefusedError(
            f"HTTP_PORT={port}: 이미 쓰는 포트입니다. 쓰는 프로그램을 끝내거나"
            " --port로 다른 포트를 주세요."
        )
    if error.errno == errno.EACCES:
        return PortRefusedError(
            f"HTTP_PORT={port}: 이 포트를 열 권한이 없습니다. --port로 1024 이상의 다른"
            " 포트를 주세요."
        )
    return PortRefusedError(
        f"HTTP_HOST={host}: 이 주소를 열 수 없습니다"
        f"({error.strerror or type(error).__name__}). --host로 127.0.0.1을 주세요."
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


class _EndingStreams(uvicorn.Server):
    """A server that ends open streams before it waits for what is in flight."""

    def __init__(
        self, config: uvicorn.Config, ending: Callable[[], None] | None
    ) -> None:
        super().__init__(config)
        self._ending = ending

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """In order: the streams, then the rest."""
        if self._ending is not None:
            self._ending()
        await super().shutdown(sockets)


async def serve_http(
    server: MCPServer[Any],
    *,
    listeners: list[socket.socket],
    version: str,
    close: Callable[[], Awaitable[None]],
    ending: Callable[[], None] | None = None,
) -> None:
    """Serves until a signal comes; requests in flight are finished.

    Args:
        server: With all its tools.
        listeners: Open sockets.
        version: The product's.
        close: Awaited at the end.
        ending: Called once no new connection is taken: it ends streams that would
            never end by themselves.
    """
    config = uvicorn.Config(
        build_app(server, version=version),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    _survive_signals()
    try:
        await _EndingStreams(config, ending).serve(sockets=listeners)
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await close()


def _survive_signals() -> None:
    """Lets ``close`` run: at its end uvicorn raises again the signal that ended it."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(name, lambda: None)
