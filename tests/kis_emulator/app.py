"""The HTTP face: routes, arrivals, latency, faults, answers."""

import asyncio
import random
import socket
import struct
import time
from collections.abc import Callable, Mapping
from datetime import date

import orjson
from aiohttp import web

from tests.kis_emulator.arrivals import Arrival, ArrivalLog
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.table import ENDPOINTS
from tests.kis_emulator.envelope import RefusedError, Reply, refused
from tests.kis_emulator.faults import Fault, Faults, Kind
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.gateway import check_headers
from tests.kis_emulator.index_codes import INDEX_MASTER
from tests.kis_emulator.masters import MASTERS, master_day, zipped_master
from tests.kis_emulator.spoil import refusal_of, spoil
from tests.kis_emulator.tokens import TokenOffice


class Emulator:
    """All the parts of one emulated broker, and its handlers.

    Attributes:
        latency: Seconds from arrival to answer.
        jitter: Up to so many seconds on the way in, before the call arrives.
    """

    def __init__(
        self,
        truth: Truth,
        clock: EmulatorClock,
        *,
        rate_limit: int,
        latency: float,
        jitter: float,
    ) -> None:
        self.truth = truth
        self.clock = clock
        self.latency = latency
        self.jitter = jitter
        self.faults = Faults()
        self.office = TokenOffice(clock)
        self.log = ArrivalLog(rate_limit)
        self._dice = random.Random(20)
        self._calls = 0
        self._masters: dict[tuple[str, date], bytes] = {}

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application()
        app.router.add_post("/oauth2/tokenP", self.token)
        app.router.add_post("/oauth2/revokeP", self.revoke)
        app.router.add_get("/common/master/{name}", self.master)
        for path in ENDPOINTS:
            app.router.add_get(path, self.quotation)
        return app

    async def token(self, request: web.Request) -> web.StreamResponse:
        """``POST /oauth2/tokenP``."""
        arrival = await self._arrive(request)
        self.log.note(arrival)
        text = await request.read()

        def answer() -> Reply:
            return Reply(200, self.office.ask(_json(text)))

        return await self._send(request, arrival, answer)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """``POST /oauth2/revokeP``; its code is a JSON number."""
        arrival = await self._arrive(request)
        self.log.note(arrival)
        body = _json(await request.read())
        if isinstance(body, Mapping):
            self.office.revoke(str(body.get("token")))
        done = {"code": 200, "message": "접근토큰 폐기에 성공하였습니다"}
        return await self._send(request, arrival, lambda: Reply(200, dict(done)))

    async def master(self, request: web.Request) -> web.StreamResponse:
        """``GET /common/master/<name>.mst.zip``; public, so no header is asked."""
        arrival = await self._arrive(request)
        self.log.note(arrival)
        name = request.match_info["name"].removesuffix(".mst.zip")
        if name not in (*MASTERS, INDEX_MASTER):
            raise web.HTTPNotFound
        key = (name, master_day(self.truth, self.clock.now()))
        if key not in self._masters:
            self._masters[key] = await asyncio.to_thread(
                zipped_master, self.truth, *key
            )
        body = self._masters[key]
        zipped = Reply(200, body, content_type="application/zip")
        return await self._send(request, arrival, lambda: zipped)

    async def quotation(self, request: web.Request) -> web.StreamResponse:
        """Any quotation: gate, limit, answer."""
        arrival = await self._arrive(request)
        within = self.log.admit(arrival, request.headers.get("appkey", ""))
        endpoint = ENDPOINTS[request.path]
        params = {name.upper(): value for name, value in arrival.params.items()}
        call = Call(self.truth, self.clock.now(), params)

        def answer() -> Reply:
            if not within:
                raise refused("EGW00201")
            check_headers(request.headers, endpoint, self.office)
            return Reply(200, endpoint.answer(call), self._headers(endpoint))

        return await self._send(request, arrival, answer, slow=endpoint.slow)

    async def _arrive(self, request: web.Request) -> Arrival:
        if self.jitter:
            await asyncio.sleep(self._dice.uniform(0, self.jitter))
        return Arrival(
            at=time.monotonic(),
            path=request.path,
            tr_id=request.headers.get("tr_id", ""),
            params=dict(request.query),
        )

    def _headers(self, endpoint: Endpoint) -> dict[str, str]:
        self._calls += 1
        return {
            "tr_id": endpoint.tr_id,
            "tr_cont": endpoint.tr_cont,
            "gt_uid": f"EMULATOR{self._calls:024d}",
        }

    async def _send(
        self,
        request: web.Request,
        arrival: Arrival,
        answer: Callable[[], Reply],
        *,
        slow: bool = False,
    ) -> web.StreamResponse:
        """Waits the latency, answers, and lets the faults at it."""
        if self.latency:
            await asyncio.sleep(self.latency)
        striking = self.faults.striking(arrival.path, arrival.tr_id, arrival.params)
        for fault in striking:
            if fault.kind is Kind.HANG:
                arrival.code = fault.kind.name
                await asyncio.sleep(3_600 if fault.seconds is None else fault.seconds)
            if fault.kind is Kind.RESET:
                arrival.code = fault.kind.name
                return _cut(request)
        if slow:
            reply = await asyncio.to_thread(_reply, answer, striking, arrival)
        else:
            reply = _reply(answer, striking, arrival)
        for fault in striking:
            spoil(reply, fault)
        arrival.status = reply.status
        headers = {**reply.headers, "content-type": reply.content_type}
        return web.Response(status=reply.status, body=reply.body(), headers=headers)


def _reply(
    answer: Callable[[], Reply], striking: list[Fault], arrival: Arrival
) -> Reply:
    """The answer, or the refusal in its place."""
    try:
        for fault in striking:
            refusal = refusal_of(fault)
            if refusal:
                raise refusal
        return answer()
    except RefusedError as refusal:
        codes = (refusal.body.get("msg_cd"), refusal.body.get("error_code"))
        arrival.code = next(code for code in codes if code)
        return Reply(refusal.status, dict(refusal.body))


def _cut(request: web.Request) -> web.StreamResponse:
    """Resets the connection without a byte of answer."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        if raw is not None:
            linger = struct.pack("ii", 1, 0)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    return web.Response()


def _json(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
