"""Frames put together: gaps filled, venues added, pools joined."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from domain.frame import COLUMNS, MarketFrame
from domain.listing import Kind, Listings, Venue


def carry(frame: MarketFrame, earlier: MarketFrame | None) -> MarketFrame:
    """The frame with gaps filled by an earlier frame of the same session, marked."""
    if earlier is None or earlier.session != frame.session:
        return frame
    gaps = np.flatnonzero(~frame.known)
    if not gaps.size:
        return frame
    columns: dict[str, Any] = {
        name: getattr(frame, name).copy() for name in (*COLUMNS, "known", "carried")
    }
    for row in gaps:
        old = earlier.listings.row_of.get(frame.listings[int(row)].ticker)
        if old is None or not earlier.known[old]:
            continue
        for name in COLUMNS:
            columns[name][row] = getattr(earlier, name)[old]
        columns["known"][row] = columns["carried"][row] = True
    return replace(frame, **columns)


def add_venues(krx: MarketFrame, nxt: MarketFrame) -> MarketFrame:
    """KRX + NXT per code (venue ALL); price, base price and range are KRX's.

    A code that trades on NXT is known only when both its quotes are: half a sum
    would be a wrong number.

    Raises:
        ValueError: The two are of different sessions.
    """
    if krx.session != nxt.session:
        raise ValueError(f"KRX of {krx.session}, NXT of {nxt.session}")
    rows = np.array(
        [nxt.listings.row_of.get(x.ticker, -1) for x in krx.listings], dtype=np.int64
    )
    there = rows >= 0

    def placed(column: Any, *, elsewhere: Any = 0) -> Any:
        """The NXT column in KRX's rows."""
        found = np.full(len(rows), elsewhere, dtype=column.dtype)
        found[there] = column[rows[there]]
        return found

    off_nxt = np.array([not item.on_nxt for item in krx.listings], dtype=bool)
    nxt_value = placed(nxt.trading_value)
    quoted = [krx, nxt] if nxt.listings else [krx]
    return replace(
        krx,
        venue=Venue.ALL,
        as_of_from=min(frame.as_of_from for frame in quoted),
        as_of=min(frame.as_of for frame in quoted),
        volume=krx.volume + placed(nxt.volume),
        trading_value=krx.trading_value + nxt_value,
        known=krx.known & (off_nxt | placed(nxt.known)),
        carried=krx.carried | placed(nxt.carried),
        suspect=krx.suspect | placed(nxt.suspect),
        parts={Venue.KRX: krx.trading_value, Venue.NXT: nxt_value},
        is_final=krx.is_final and nxt.is_final,
    )


def join_pools(frames: "list[MarketFrame]") -> MarketFrame:
    """Several pools (stocks, then ETFs and ETNs) of one venue as one frame.

    Raises:
        ValueError: They are not of one venue and session.
    """
    first, *rest = frames
    if not rest:
        return first
    if {(f.venue, f.session) for f in frames} != {(first.venue, first.session)}:
        raise ValueError("pools of different venues or sessions")
    items = [item for frame in frames for item in frame.listings]
    order = np.array(
        sorted(range(len(items)), key=lambda row: items[row].ticker), dtype=np.int64
    )
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(f, name) for f in frames])[order]
        for name in (*COLUMNS, "known", "carried", "suspect")
    }
    return replace(
        first,
        listings=Listings.of(items, dated=first.listings.dated),
        kinds=frozenset().union(*(f.kinds for f in frames)),
        as_of_from=min(f.as_of_from for f in frames),
        as_of=min(f.as_of for f in frames),
        marks=_joined_marks(frames, order),
        parts={
            v: np.concatenate([f.parts[v] for f in frames])[order] for v in first.parts
        },
        is_final=all(f.is_final for f in frames),
        **joined,
    )


def _joined_marks(frames: "list[MarketFrame]", order: Any) -> Any:
    """Their marks in the joined rows; None where one of them has none."""
    marks = [frame.marks for frame in frames]
    told = [column for column in marks if column is not None]
    return np.concatenate(told)[order] if len(told) == len(marks) else None


def as_one(parts: Iterable[MarketFrame], venue: Venue) -> MarketFrame:
    """The frames of every pool (and of both venues, for ALL) as one of the venue.

    Raises:
        ValueError: They are not of one session.
    """
    frames = list(parts)
    if venue is not Venue.ALL:
        return join_pools(frames)
    by_pool: dict[frozenset[Kind], dict[Venue, MarketFrame]] = {}
    for part in frames:
        by_pool.setdefault(part.kinds, {})[part.venue] = part
    return join_pools(
        [add_venues(pool[Venue.KRX], pool[Venue.NXT]) for pool in by_pool.values()]
    )
