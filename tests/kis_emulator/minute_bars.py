"""Minute bars: what one listing traded in each minute of a session."""

import threading
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.market import NXT_SINCE, SimulatedMarket
from tests.kis_emulator.ticks import Ints
from tests.kis_emulator.timeline import Timeline, seconds, timeline

_DAYS, _LISTINGS = 48, 600
_KRX_LEADS = (9 * 60, 15 * 60 + 40)
_NEVER = 86_400


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MinuteBars:
    """The minutes in which one listing traded, oldest first; prices as of the day.

    Attributes:
        minute: Since midnight; one covers its seconds 0 to 59.
        volume: Shares of that minute alone.
        trading_value: Won of the day up to the minute's end, as the quote shows it.
    """

    minute: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints
    trading_value: Ints

    def __len__(self) -> int:
        return len(self.minute)


_NOTHING = np.zeros(0, dtype=np.int64)
EMPTY = MinuteBars(
    minute=_NOTHING,
    open=_NOTHING,
    high=_NOTHING,
    low=_NOTHING,
    close=_NOTHING,
    volume=_NOTHING,
    trading_value=_NOTHING,
)


class _Segments(NamedTuple):
    """A whole session on one venue, small enough to keep many."""

    hours: Timeline
    row_of: dict[str, int]
    shares: Ints
    prices: Ints


class _Book:
    """The sessions and bars of one market that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sessions: Kept[_Segments] = Kept(_DAYS)
        self._bars: Kept[MinuteBars] = Kept(_LISTINGS)

    def bars(
        self, market: SimulatedMarket, venue: str, code: str, day: date, until: int
    ) -> MinuteBars:
        """One listing's minutes up to a second of the day."""
        if venue == "NX" and day < NXT_SINCE:
            return EMPTY

        def make() -> MinuteBars:
            session = self._sessions.remember(
                (venue, day), lambda: _segments(market, venue, day)
            )
            row = session.row_of.get(code)
            if row is None:
                return EMPTY
            late = int(market.delay(venue, day).total_seconds())
            return _minutes(session, row, until, late)

        with self._lock:
            return self._bars.remember((venue, code, day, until), make)


_BOOKS: WeakKeyDictionary[SimulatedMarket, _Book] = WeakKeyDictionary()


def _segments(market: SimulatedMarket, venue: str, day: date) -> _Segments:
    hours, shares, prices = market.course(venue, day).segments()
    listed = {item.code for item in market.listings_on(day)}
    quoted = [
        (row, item.code)
        for row, item in enumerate(market.listings())
        if (item.on_nxt or venue == "J") and item.code in listed
    ]
    rows = [row for row, _ in quoted]
    return _Segments(
        hours=hours,
        row_of={code: column for column, (_, code) in enumerate(quoted)},
        shares=shares[:, rows],
        prices=prices[:, rows].astype(np.int32),
    )


def _minutes(session: _Segments, row: int, until: int, late: int) -> MinuteBars:
    """Each segment has one price, and its shares come evenly; as in ``Course``."""
    hours = session.hours
    shares, prices = session.shares[:, row], session.prices[:, row].astype(np.int64)
    first, last = (hours.opens + late) // 60, (hours.end[-1] + late) // 60
    minute = np.arange(first, last + 1)
    ends = (np.minimum(minute * 60 + 59, until) - late)[:, None]
    length = hours.end - hours.start
    part = ((ends - hours.start) / np.maximum(length, 1)).clip(0, 1)
    part = np.where(length > 0, part, ends >= hours.end)
    done = np.floor(shares * part).astype(np.int64)
    traded = np.diff(done, axis=0, prepend=0)
    volume = traded.sum(axis=1)
    here = np.flatnonzero(volume)
    some = traded[here] > 0
    return MinuteBars(
        minute=minute[here],
        open=prices[np.argmax(some, axis=1)],
        high=np.where(some, prices, 0).max(axis=1, initial=0),
        low=np.where(some, prices, prices.max()).min(axis=1, initial=2**62),
        close=prices[len(prices) - 1 - np.argmax(some[:, ::-1], axis=1)],
        volume=volume[here],
        trading_value=(done @ prices)[here],
    )


def minute_bars(
    truth: Truth, division: str, code: str, day: date, at: datetime | None = None
) -> MinuteBars:
    """The bars of a session, raw.

    Args:
        truth: A simulated market; any other has none.
        division: J, NX, or UN for both together.
        code: The listing.
        day: The session; none where the exchange was closed.
        at: Nothing later than this second is in; the whole day when not given.
    """
    if not isinstance(truth, SimulatedMarket) or not truth.days.is_session(day):
        return EMPTY
    until = _NEVER
    if at is not None:
        at = in_kst(at)
        if day > at.date():
            return EMPTY
        until = seconds(at.time()) if day == at.date() else _NEVER
    book = _BOOKS.setdefault(truth, _Book())
    if division != "UN":
        return book.bars(truth, division, code, day, until)
    krx, nxt = (book.bars(truth, venue, code, day, until) for venue in ("J", "NX"))
    return _united(krx, nxt)


def is_running(truth: Truth, division: str, at: datetime) -> bool:
    """Whether a minute may be forming: from a venue's first trade to its last."""
    day, second = at.date(), seconds(at.time())
    if not isinstance(truth, SimulatedMarket) or not truth.days.is_session(day):
        return False
    for venue in ("J", "NX") if division == "UN" else (division,):
        hours, late = timeline(venue), truth.delay(venue, day).total_seconds()
        if hours.opens <= second - late < hours.end[-1]:
            return True
    return False


def _united(krx: MinuteBars, nxt: MinuteBars) -> MinuteBars:
    """Volumes and values add; KRX names open and close from 09:00 to 15:40."""
    if not len(nxt):
        return krx
    minute = np.union1d(krx.minute, nxt.minute)
    k, n = _spread(krx, minute), _spread(nxt, minute)
    leads = (minute >= _KRX_LEADS[0]) & (minute < _KRX_LEADS[1])
    by_krx = (k.volume > 0) & (leads | (n.volume == 0))
    return MinuteBars(
        minute=minute,
        open=np.where(by_krx, k.open, n.open),
        high=np.maximum(k.high, n.high),
        low=np.where(
            k.volume == 0,
            n.low,
            np.where(n.volume == 0, k.low, np.minimum(k.low, n.low)),
        ),
        close=np.where(by_krx, k.close, n.close),
        volume=k.volume + n.volume,
        trading_value=k.trading_value + n.trading_value,
    )


def _spread(bars: MinuteBars, minute: Ints) -> MinuteBars:
    """The same over more minutes: zeros between, but the value stands."""
    place = np.searchsorted(minute, bars.minute)

    def column(name: str) -> Ints:
        wide = np.zeros(len(minute), dtype=np.int64)
        wide[place] = getattr(bars, name)
        return wide

    so_far = np.concatenate([[0], bars.trading_value])
    reached = np.searchsorted(bars.minute, minute, side="right")
    return MinuteBars(
        minute=minute,
        open=column("open"),
        high=column("high"),
        low=column("low"),
        close=column("close"),
        volume=column("volume"),
        trading_value=so_far[reached].astype(np.int64),
    )
