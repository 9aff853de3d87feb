"""Past sessions in columns: what each listing traded, day by day."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Listings, Venue

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.int64]
    Mask = NDArray[np.bool_]

ADDED = ("volume", "trading_value")
"""What adds up over venues; prices do not."""


@dataclass(frozen=True, eq=False, kw_only=True)
class History:
    """Final figures of past sessions, ``[session, listing]``.

    Read-only int64 arrays of shape ``(len(sessions), len(listings))``, won and shares.
    Where ``known`` is False they are zeros without meaning: the stock was not listed,
    or the session is not archived.

    Attributes:
        listings: The columns' axis.
        venue: KRX, NXT, or ALL (the two added; prices are KRX's).
        sessions: Oldest first.
        columns: By name: price (close), base_price, open, high, low, volume,
            trading_value, marks (`domain.marks.Mark`; -1 where not told); only those
            that were asked for.
        known: bool, of the same shape.
        unread: bool, of the same shape: the venue listed the stock on that session, but
            its figures were not to be had. None is nowhere.
    """

    listings: Listings
    venue: Venue
    sessions: tuple[date, ...]
    columns: Mapping[str, "Table"]
    known: "Mask"
    unread: "Mask | None" = None

    def __post_init__(self) -> None:
        """Days ascend, shapes agree, and nobody writes."""
        days = self.sessions
        if any(a >= b for a, b in itertools.pairwise(days)):
            raise ValueError("sessions: not ascending")
        shape = (len(self.sessions), len(self.listings))
        masks = (("known", self.known), ("unread", self.gaps))
        for name, table in (*self.columns.items(), *masks):
            if table.shape != shape:
                raise ValueError(f"{name}: {table.shape}, expected {shape}")
            table.flags.writeable = False

    def __getitem__(self, column: str) -> "Table":
        """A column by name."""
        return self.columns[column]

    @property
    def gaps(self) -> "Mask":
        """What is unread, as a mask."""
        return np.zeros_like(self.known) if self.unread is None else self.unread

    def last(self, count: int) -> "History":
        """Only the newest sessions."""
        start = max(len(self.sessions) - count, 0)
        return replace(
            self,
            sessions=self.sessions[start:],
            columns={name: table[start:] for name, table in self.columns.items()},
            known=self.known[start:],
            unread=self.gaps[start:],
        )


def empty(
    listings: Listings, venue: Venue, sessions: Sequence[date], names: Sequence[str]
) -> History:
    """A history in which nothing is known."""
    shape = (len(sessions), len(listings))
    return History(
        listings=listings,
        venue=venue,
        sessions=tuple(sessions),
        columns={name: np.zeros(shape, dtype=np.int64) for name in names},
        known=np.zeros(shape, dtype=bool),
    )


def add_venues(krx: History, nxt: History, *, since: date) -> History:
    """KRX + NXT per stock and session (venue ALL); prices are KRX's.

    Before ``since`` there was no NXT: KRX alone is the whole. After it a session of
    which nothing of NXT is known is not known at all: half a sum is a wrong number.
    A stock that NXT did not list has traded nothing there; one that it listed, but
    whose figures were not to be had, is not known either.

    Raises:
        ValueError: The two are of different sessions or listings.
    """
    if krx.sessions != nxt.sessions or krx.listings is not nxt.listings:
        raise ValueError("histories of different sessions or listings")
    before = np.array([day < since for day in krx.sessions], dtype=bool)
    held = nxt.known.any(axis=1) | before
    return replace(
        krx,
        venue=Venue.ALL,
        columns={
            name: np.where(nxt.known, table + nxt[name], table)
            if name in ADDED
            else table
            for name, table in krx.columns.items()
        },
        known=krx.known & held[:, None] & ~nxt.gaps,
        unread=krx.gaps | nxt.gaps,
    )


def split_factors(history: History, base_price: "Table") -> "NDArray[np.float64]":
    """What a past price is to be multiplied by to be comparable with today's.

    The product of base price ÷ previous close over every session since, today's base
    price included; 1 where one of the two is not known. Volumes are divided by it.

    Args:
        history: With columns price and base_price.
        base_price: Today's, int64 of ``(len(listings),)``; 0 where not known.
    """
    close = np.where(history.known, history["price"], 0)
    base = np.where(history.known, history["base_price"], 0)
    close = _through_idle_days(close, history.known)
    later = np.vstack([base[1:], base_price[None, :]])
    both = (close > 0) & (later > 0)
    step = np.divide(later, close, out=np.ones(close.shape), where=both)
    return np.flip(np.cumprod(np.flip(step, axis=0), axis=0), axis=0)


def _through_idle_days(close: "Table", known: "Mask") -> "Table":
    """The last close, also on known days without one; 0 after a day not known."""
    if not len(close):
        return close
    place = np.arange(len(close))[:, None]
    newest = np.maximum.accumulate(np.where((close > 0) | ~known, place, 0), axis=0)
    return np.take_along_axis(close, newest, axis=0)
