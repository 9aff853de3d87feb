"""Small recordings, written by hand."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from adapters.kis.transport import KisRequest, KisResponse, Transport
from adapters.replay.entries import Entry, pack
from adapters.replay.manifest import Manifest
from adapters.replay.recorder import RecordingWriter
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from domain.session import KST
from tests.adapters.kis.fakes import HandClock, good, quote_row

DAY = date(2026, 11, 20)
QUOTATIONS = "/uapi/domestic-stock/v1/quotations"


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), KST)


MANIFEST = Manifest(
    name="손으로 쓴 녹화",
    made_at=at("09:00"),
    environment="test",
    simulated=True,
    product_version="0.0.0",
    endpoints=("FHKST11300006",),
)


def quotes_request(*slots: tuple[str, str]) -> KisRequest:
    params: dict[str, str] = {}
    for number, (division, code) in enumerate(slots, start=1):
        params[f"FID_COND_MRKT_DIV_CODE_{number}"] = division
        params[f"FID_INPUT_ISCD_{number}"] = code
    return KisRequest(
        path=f"{QUOTATIONS}/intstock-multprice", tr_id="FHKST11300006", params=params
    )


def index_request(code: str = "0001") -> KisRequest:
    return KisRequest(
        path=f"{QUOTATIONS}/inquire-index-price",
        tr_id="FHPUP02100000",
        params={"FID_COND_MRKT_DIV_CODE": "U", "FID_INPUT_ISCD": code},
    )


def quotes(prices: Mapping[str, int]) -> KisResponse:
    rows = [quote_row(code, inter2_prpr=str(price)) for code, price in prices.items()]
    return good(output=rows)


class Tape:
    """Writes a recording step by step; ``mark`` ends a sweep."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tape.kisrec"
        self.writer = RecordingWriter(self.path, MANIFEST)

    def take(self, when: datetime, request: KisRequest, answer: KisResponse) -> None:
        entry = Entry(
            at=when,
            path=request.path,
            tr_id=request.tr_id,
            params=request.params,
            status=answer.status,
            packed=pack(answer.body),
        )
        self.writer.add(entry, size=len(answer.body))

    def take_quotes(
        self, when: datetime, prices: Mapping[tuple[str, str], int]
    ) -> None:
        """One multi-quote call and its mark, prices by division and code."""
        answer = quotes({code: price for (_, code), price in prices.items()})
        self.take(when, quotes_request(*prices), answer)
        self.writer.mark(when)

    def file(self, when: datetime, path: str, body: bytes) -> None:
        self.writer.add(
            Entry(at=when, path=path, params={}, packed=pack(body)), size=len(body)
        )

    def done(self) -> Recording:
        self.writer.close()
        return Recording.open(self.path)


def replay(recording: Recording, now: datetime) -> ReplayTransport:
    return ReplayTransport(recording, HandClock(now))


async def prices(transport: Transport, *slots: tuple[str, str]) -> dict[str, str]:
    """What a multi-quote of these slots answers, by code."""
    response = await transport.exchange(quotes_request(*slots))
    rows: list[dict[str, Any]] = orjson.loads(response.body)["output"]
    return {row["inter_shrn_iscd"]: row["inter2_prpr"] for row in rows}
