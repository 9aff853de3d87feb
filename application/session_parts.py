"""A session out of the archive's parts: pools of KRX and NXT, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from application.sweeping import Pool, pools_of
from application.timeliness import Timeliness
from domain.frame import COLUMNS, MarketFrame
from domain.frame_joining import add_venues, as_one, join_pools
from domain.history import History
from domain.history import add_venues as add_histories
from domain.listing import Listings, Venue
from domain.screening import Universe
from domain.session import trades_on


def parts_of(frame: MarketFrame) -> list[Pool]:
    """The pools that a frame was put together from; NXT's only where it trades any."""
    there = {item.kind for item in frame.listings if item.on_nxt}
    pools = pools_of(Universe(venue=frame.venue, kinds=frame.kinds))
    if frame.venue is Venue.NXT:
        return pools
    return [
        (venue, kinds) for venue, kinds in pools if venue is Venue.KRX or kinds & there
    ]


def joined(
    parts: Sequence[MarketFrame], venue: Venue, *, with_nxt: bool
) -> MarketFrame:
    """The pools of a session as one frame.

    Args:
        parts: Of every pool, KRX's first.
        venue: Of the frame.
        with_nxt: Whether NXT existed; where it did not, KRX alone is the whole, and a
            pool without an NXT part has no known row of a listing that trades there.
    """
    if venue is not Venue.ALL:
        return as_one(parts, venue)
    whole = []
    for krx in (part for part in parts if part.venue is Venue.KRX):
        same = [x for x in parts if x.venue is Venue.NXT and x.kinds == krx.kinds]
        nxt = same[0] if same else _without_rows(krx)
        whole.append(add_venues(krx, nxt) if with_nxt else _alone(krx))
    return join_pools(whole)


def _alone(krx: MarketFrame) -> MarketFrame:
    """KRX's figures as those of both venues, of a time without NXT."""
    nothing = np.zeros(len(krx.listings), dtype=np.int64)
    parts = {Venue.KRX: krx.trading_value, Venue.NXT: nothing}
    return replace(krx, venue=Venue.ALL, parts=parts)


def filled(held: History | None, other: History) -> History:
    """Two pools' histories over the same listings as one."""
    if held is None:
        return other
    return replace(
        held,
        columns={
            name: np.where(other.known, other[name], table)
            for name, table in held.columns.items()
        },
        known=held.known | other.known,
    )


def of_venue(
    frame: MarketFrame, by_venue: Mapping[Venue, History], timeliness: Timeliness
) -> History:
    """The venues' histories as one of the frame's venue."""
    if frame.venue is not Venue.ALL:
        return by_venue[frame.venue]
    krx = by_venue[Venue.KRX]
    nxt = by_venue.get(Venue.NXT)
    if nxt is None:  # nothing in the frame trades there
        return replace(krx, venue=Venue.ALL)
    sessions = (timeliness.calendar.session_on(day) for day in krx.sessions)
    there = [x.day for x in sessions if x is not None and trades_on(x, Venue.NXT)]
    return add_histories(krx, nxt, since=min(there, default=date.max))


def _without_rows(frame: MarketFrame) -> MarketFrame:
    """An NXT frame of the same session that lists nothing."""
    empty_columns: dict[str, Any] = {
        **{name: np.zeros(0, dtype=np.int64) for name in COLUMNS},
        **{name: np.zeros(0, dtype=bool) for name in ("known", "carried", "suspect")},
    }
    return replace(
        frame,
        venue=Venue.NXT,
        listings=Listings(items=()),
        marks=None,
        parts={},
        **empty_columns,
    )
