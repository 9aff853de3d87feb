"""Listings as bytes, and where one set of listings stands in another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from adapters.archive.packing import Unpacker, compress, decompress, pack
from domain.listing import Flag, Kind, Listing, Listings, Market, Ticker

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.uint64]
    Rows = NDArray[np.intp]

_TEXT = "S8"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedAxis:
    """Listings, but for the morning's base price and the volume of the day before.

    Attributes:
        digest: Equal for equal listings, whatever day their master was made for.
        size: How many.
        tickers: Packed apart, for they are all that a history needs.
        facts: The rest, in columns.
    """

    digest: str
    size: int
    tickers: bytes
    facts: bytes


def pack_axis(listings: Listings) -> PackedAxis:
    """The listings as they are kept."""
    items = listings.items
    texts = _texts(listings)
    facts = orjson.dumps(
        {
            "names": [item.name for item in items],
            "markets": [int(item.market) for item in items],
            "kinds": [int(item.kind) for item in items],
            "flags": [int(item.flags) for item in items],
            "on_nxt": [item.on_nxt for item in items],
            "sectors": [item.sectors for item in items],
            "shares_thousands": [item.shares_thousands for item in items],
            "listed_on": [item.listed_on for item in items],
        }
    )
    return PackedAxis(
        digest=hashlib.sha256(texts.tobytes() + facts).hexdigest(),
        size=len(items),
        tickers=pack(texts),
        facts=compress(facts),
    )


def unpack_axis(axis: PackedAxis, dated: date | None) -> Listings:
    """The listings again; their base price and volume before are not known."""
    texts = Unpacker().array(axis.tickers, _TEXT, axis.size)
    facts = orjson.loads(decompress(axis.facts))
    flags = {number: Flag(number) for number in set(facts["flags"])}
    rows = zip(
        texts.tolist(),
        *(facts[name] for name in ("names", "markets", "kinds", "flags", "on_nxt")),
        *(facts[name] for name in ("sectors", "shares_thousands", "listed_on")),
        strict=True,
    )
    return Listings(items=tuple(_listing(flags, *row) for row in rows), dated=dated)


def _listing(flags: Mapping[int, Flag], ticker: bytes, *facts: Any) -> Listing:
    name, market, kind, flag, on_nxt, sectors, shares_thousands, listed_on = facts
    return Listing(
        ticker=Ticker(ticker.decode()),
        name=name,
        market=Market(market),
        kind=Kind(kind),
        flags=flags[flag],
        on_nxt=on_nxt,
        sectors=tuple(sectors),
        shares_thousands=shares_thousands,
        listed_on=date.fromisoformat(listed_on) if listed_on else None,
    )


def codes_of(listings: Listings) -> "Codes":
    """The tickers as numbers that sort as they do."""
    return _numbers(_texts(listings))


def unpack_codes(tickers: bytes, size: int) -> "Codes":
    """The same from a packed axis."""
    return _numbers(Unpacker().array(tickers, _TEXT, size))


def matches(codes: "Codes", wanted: "Codes") -> "tuple[Rows, Rows]":
    """Where codes that are wanted stand: their rows in ``codes`` and in ``wanted``."""
    if not len(codes) or not len(wanted):
        nowhere = np.zeros(0, dtype=np.intp)
        return nowhere, nowhere
    order = None
    if (codes[1:] < codes[:-1]).any():
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
    rows = np.searchsorted(codes, wanted)
    rows[rows == len(codes)] = 0
    hits = np.flatnonzero(codes[rows] == wanted)
    found = rows[hits]
    return (found if order is None else order[found]), hits


def _texts(listings: Listings) -> "NDArray[Any]":
    return np.array([item.ticker.encode() for item in listings], dtype=_TEXT)


def _numbers(texts: "NDArray[Any]") -> "Codes":
    return texts.view(">u8").astype(np.uint64)
