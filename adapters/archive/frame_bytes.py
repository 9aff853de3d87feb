"""A frame as bytes: compressed columns and what it says of itself, never pickled."""

import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson

from domain.errors import VolumeRankingError
from domain.frame import COLUMNS, MarketFrame, OfficialTotals
from domain.listing import Flag, Kind, Listing, Listings, Market, Ticker, Venue

DAMAGE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, OverflowError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, VolumeRankingError),
)
"""What reading torn or altered bytes was seen to raise."""

_ARRAYS = (*COLUMNS, "known", "carried", "suspect")


def pool_name(venue: Venue, kinds: frozenset[Kind]) -> str:
    """What is kept under: ``krx-stock``, ``nxt-etf+etn``."""
    return f"{venue.value}-{'+'.join(kind.name for kind in sorted(kinds))}".lower()


def packed(frame: MarketFrame) -> bytes:
    """The frame's columns and listings, some 60 to 150 kB."""
    facts: dict[str, Any] = {
        "venue": frame.venue.value,
        "kinds": sorted(frame.kinds),
        "session": frame.session,
        "as_of_from": frame.as_of_from,
        "as_of": frame.as_of,
        "is_final": frame.is_final,
        "official": [frame.official.kospi, frame.official.kosdaq],
        "dated": frame.listings.dated,
        "listings": [
            [
                str(item.ticker),
                item.name,
                int(item.market),
                int(item.kind),
                int(item.flags),
                item.on_nxt,
                item.base_price,
                item.previous_volume,
                item.sectors,
                item.shares_thousands,
                item.listed_on,
            ]
            for item in frame.listings
        ],
    }
    arrays: dict[str, Any] = {name: getattr(frame, name) for name in _ARRAYS}
    if frame.marks is not None:
        arrays["marks"] = frame.marks
    arrays["facts"] = np.frombuffer(orjson.dumps(facts), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpacked(data: bytes) -> MarketFrame:
    """The frame again.

    Raises:
        Exception: One of `DAMAGE`, for bytes that hold none.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        facts = orjson.loads(file["facts"].tobytes())
        arrays: dict[str, Any] = {name: file[name] for name in _ARRAYS}
        if "marks" in file:
            arrays["marks"] = file["marks"]
    dated = facts["dated"]
    kospi, kosdaq = facts["official"]
    return MarketFrame(
        listings=Listings(
            items=tuple(_listing(*line) for line in facts["listings"]),
            dated=date.fromisoformat(dated) if dated else None,
        ),
        venue=Venue(facts["venue"]),
        kinds=frozenset(Kind(kind) for kind in facts["kinds"]),
        session=date.fromisoformat(facts["session"]),
        as_of_from=datetime.fromisoformat(facts["as_of_from"]),
        as_of=datetime.fromisoformat(facts["as_of"]),
        is_final=facts["is_final"],
        official=OfficialTotals(kospi=kospi, kosdaq=kosdaq),
        **arrays,
    )


def _listing(ticker: str, name: str, market: int, kind: int, *rest: Any) -> Listing:
    flags, on_nxt, base_price, previous_volume, sectors, thousands, listed_on = rest
    return Listing(
        ticker=Ticker(ticker),
        name=name,
        market=Market(market),
        kind=Kind(kind),
        flags=Flag(flags),
        on_nxt=on_nxt,
        base_price=base_price,
        previous_volume=previous_volume,
        sectors=tuple(sectors),
        shares_thousands=thousands,
        listed_on=date.fromisoformat(listed_on) if listed_on else None,
    )
