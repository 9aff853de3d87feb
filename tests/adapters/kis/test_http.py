import asyncio
import traceback

import aiohttp
import pytest
from aiohttp import web

from adapters.kis.errors import KisUnreachableError
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.masters import MAX_BYTES
from adapters.kis.transport import KisRequest
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.tiny_broker import Handler, answer_good, tiny_broker

HEADERS = {"authorization": "Bearer hush-token", "appsecret": "hush-hush"}
REQUEST = KisRequest(
    path="/uapi/x", tr_id="FHKST11300006", params={"A": "1", "B": ""}, headers=HEADERS
)


def transport(session: aiohttp.ClientSession, url: str) -> HttpTransport:
    return HttpTransport(
        session, base_url=url + "/", master_url=url, timeout_seconds=0.3
    )


async def answer_html(request: web.Request) -> web.Response:
    return web.Response(status=502, body=b"<html>", content_type="text/html")


async def hang(request: web.Request) -> web.Response:
    await asyncio.sleep(1.0)
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"output":[')
    assert request.transport is not None
    request.transport.close()
    return response


async def reset(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def nonsense(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.write(b"NOT HTTP AT ALL\r\n\r\n")
    request.transport.close()
    return web.Response()


async def test_a_call_bears_the_documented_headers_and_parameters() -> None:
    async with tiny_broker() as broker, open_session() as session:
        response = await transport(session, broker.url).exchange(REQUEST)
    (sent,) = broker.requests
    assert response.status == 200
    assert dict(sent.query) == {"A": "1", "B": ""}
    assert sent.path == "/uapi/x"
    names = ("content-type", "tr_id", "custtype", "authorization")
    assert [sent.headers[name] for name in names] == [
        "application/json; charset=utf-8",
        *("FHKST11300006", "P", "Bearer hush-token"),
    ]


async def test_any_status_comes_back_with_its_bytes() -> None:
    async with tiny_broker(answer_html) as broker, open_session() as session:
        response = await transport(session, broker.url).exchange(REQUEST)
    assert (response.status, response.body) == (502, b"<html>")


@pytest.mark.parametrize("answer", [hang, cut, reset, nonsense])
async def test_no_answer_is_told_without_a_secret(answer: Handler) -> None:
    async with tiny_broker(answer) as broker, open_session() as session:
        with pytest.raises(KisUnreachableError) as caught:
            await transport(session, broker.url).exchange(REQUEST)
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(error.__cause__)
    assert isinstance(error.__cause__, ConnectionError)
    assert error.__context__ is None
    assert error.was_sent
    assert "hush" not in told


async def test_a_timeout_says_how_long_it_took() -> None:
    async with tiny_broker(hang) as broker, open_session() as session:
        with pytest.raises(KisUnreachableError, match="제시간에") as caught:
            await transport(session, broker.url).exchange(REQUEST)
    assert caught.value.waited == pytest.approx(0.3, abs=0.15)


async def test_a_refused_connection_was_never_sent() -> None:
    async with tiny_broker() as broker:
        url = broker.url
    async with open_session() as session:
        with pytest.raises(KisUnreachableError, match="연결할 수 없") as caught:
            await transport(session, url).exchange(REQUEST)
    assert not caught.value.was_sent


async def test_a_file_comes_from_the_master_host_without_credentials() -> None:
    async def file(request: web.Request) -> web.Response:
        return web.Response(body=b"zip" * 100_000)

    async with tiny_broker(file) as broker, open_session() as session:
        body = await transport(session, broker.url).download("/common/master/a.zip")
    assert body == b"zip" * 100_000
    assert broker.requests[0].path == "/common/master/a.zip"
    assert "authorization" not in broker.requests[0].headers


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1])
async def test_a_missing_or_endless_file_is_refused(size: int) -> None:
    async def file(request: web.Request) -> web.Response:
        return web.Response(status=404 if not size else 200, body=bytes(size))

    async with tiny_broker(file) as broker, open_session() as session:
        with pytest.raises(MarketDataUnavailableError, match="KIS_MASTER_URL"):
            await transport(session, broker.url).download("/a.zip")


async def test_one_connection_serves_calls_in_a_row() -> None:
    ports = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername"))
        return await answer_good(request)

    async with tiny_broker(answer) as broker, open_session() as session:
        for _ in range(5):
            await transport(session, broker.url).exchange(REQUEST)
    assert len(ports) == 1
