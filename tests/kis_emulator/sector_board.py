"""Sums over the members of every index, at one instant: whole won and shares."""

import weakref
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.index_codes import CODES, IndexCode
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Bools, Ints

ROW_OF = {index.code: row for row, index in enumerate(CODES)}
_MARKETS = {"K": "KOSPI", "Q": "KOSDAQ", "K2": "KOSPI"}
_BOUNDS = {
    "0002": (0, 100),
    "0003": (100, 300),
    "0004": (300, 10_000),
    "1002": (0, 100),
    "1003": (100, 400),
    "1004": (400, 10_000),
    "2001": (0, 200),
    "2007": (0, 100),
    "2008": (0, 50),
}
"""Places by capitalisation, first included and last not."""

_matrices: weakref.WeakKeyDictionary[Truth, Kept[Ints]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Board:
    """Columns over ``CODES``; every cap is a price times listed shares, won.

    Attributes:
        base: Σ base price × shares: what changes are measured against.
        open: Σ opening price × shares, the base price where nothing traded.
    """

    cap: Ints
    base: Ints
    open: Ints
    high: Ints
    low: Ints
    volume: Ints
    trading_value: Ints
    advancers: Ints
    at_upper: Ints
    level_count: Ints
    decliners: Ints
    at_lower: Ints


def members(truth: Truth, code: str, day: date) -> Bools:
    """Rows of ``J``'s columns that make an index or industry on a day.

    An industry has every STOCK listing of its market whose large, medium or small
    code it is, preferred shares too; 제조 so holds 제약.
    """
    return np.asarray(matrix(truth, day)[ROW_OF[code]] > 0)


def matrix(truth: Truth, day: date) -> Ints:
    """1 where a listing (column) is a member of an index (row); of what is listed."""
    kept = _matrices.setdefault(truth, Kept(6))
    moved = truth.moved(day)
    key = (tuple(sorted(moved)), _listed_key(truth, day))
    return kept.remember(key, lambda: _matrix(truth, day))


def _listed_key(truth: Truth, day: date) -> bytes:
    both = truth.members("KOSPI", day) | truth.members("KOSDAQ", day)
    return np.packbits(both).tobytes()


def _matrix(truth: Truth, day: date) -> Ints:
    listed: list[Listed] = list(truth.listings())
    for row, was in truth.moved(day).items():
        listed[row] = was
    sectors = [
        {item.sector_large, item.sector_medium, item.sector_small} for item in listed
    ]
    here = {name: truth.members(name, day) for name in ("KOSPI", "KOSDAQ")}
    sizes = truth.final("J", truth.anchor)
    caps = sizes.price * sizes.listed_shares
    places = {name: _places(np.where(rows, caps, -1)) for name, rows in here.items()}
    found = np.zeros((len(CODES), len(listed)), dtype=np.int64)
    for row, index in enumerate(CODES):
        market = _MARKETS[index.market]
        if index.group == "industry":
            own = np.array([index.code in codes for codes in sectors], dtype=np.bool_)
        else:
            own = _ranked(index, places[market])
        found[row] = own & here[market]
    return found


def _ranked(index: IndexCode, places: Ints) -> Bools:
    first, last = _BOUNDS.get(index.code, (0, 10_000))
    return np.asarray((first <= places) & (places < last))


def _places(caps: Ints) -> Ints:
    """Each row's place by size, the largest first."""
    places = np.empty(len(caps), dtype=np.int64)
    places[np.argsort(-caps, kind="stable")] = np.arange(len(caps))
    return places


def board(truth: Truth, shown: Figures, day: date) -> Board:
    """The sums of what ``J`` shows."""
    price, base = shown.price, shown.base
    columns = {
        "cap": price,
        "base": base,
        "open": np.where(shown.open > 0, shown.open, base),
        "high": np.where(shown.high > 0, shown.high, base),
        "low": np.where(shown.low > 0, shown.low, base),
    }
    sums = {name: column * shown.listed_shares for name, column in columns.items()}
    sums |= {"volume": shown.volume, "trading_value": shown.trading_value}
    breadth = {
        "advancers": price > base,
        "at_upper": price == shown.upper,
        "level_count": price == base,
        "decliners": price < base,
        "at_lower": price == shown.lower,
    }
    sums |= {name: rows.astype(np.int64) for name, rows in breadth.items()}
    total = np.stack(list(sums.values()))
    summed = matrix(truth, day) @ total.T
    return Board(**dict(zip(sums, summed.T, strict=True)))
