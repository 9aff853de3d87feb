"""Past sessions by this time of day, from the frames that were archived between."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from application.ports.archive import Frames
from application.recent import Recent
from application.session_parts import filled, joined, of_venue, parts_of
from application.sweeping import Pool
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.growth import value_between
from domain.history import ADDED, History
from domain.listing import Listings, Venue
from domain.session import KST, opens_at, trades_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]

LONGEST_GAP = timedelta(minutes=10)
"""Two archived instants further apart say nothing about the time between them."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Placed:
    """What had been traded by an instant, in the rows of some listings.

    Attributes:
        figures: By name of `ADDED`, int64.
        known: bool; there was a quote.
        lost: bool; it was listed, and there was none.
    """

    figures: "Mapping[str, Whole]"
    known: "Mask"
    lost: "Mask"


@dataclass(slots=True, kw_only=True)
class SameTime:
    """Figures of past sessions by the time of day of a frame.

    Between two archived instants they lie on the straight line. A session without
    instants about that time is one of which nothing is known. A late opening, of that
    day or of the frame's, shifts the time with it.
    """

    frames: Frames
    timeliness: Timeliness
    _histories: "Recent[object, tuple[MarketFrame, History]]" = field(
        default_factory=lambda: Recent(8)
    )
    _whole: "Recent[object, tuple[MarketFrame, MarketFrame | None]]" = field(
        default_factory=lambda: Recent(8)
    )
    _instants: "Recent[object, tuple[datetime, ...]]" = field(
        default_factory=lambda: Recent(256)
    )
    _placed: "Recent[object, tuple[Listings, _Placed]]" = field(
        default_factory=lambda: Recent(200)
    )

    async def history(self, frame: MarketFrame, count: int) -> History:
        """Volumes and trading values of the sessions before a frame's, in its rows.

        Raises:
            MarketDataUnavailableError: The archive cannot be read.
        """
        key = (id(frame), count)
        known = self._histories.get(key)
        if known is None or known[0] is not frame:
            known = (frame, await self._history(frame, count))
            self._histories.keep(key, known)
        return known[1]

    async def frame(self, frame: MarketFrame, day: date) -> MarketFrame | None:
        """A past session's whole frame; None: not archived about that time.

        Prices are those of the instant before, cumulative figures lie on the line.

        Raises:
            MarketDataUnavailableError: The archive cannot be read.
        """
        key = (id(frame), day)
        known = self._whole.get(key)
        if known is None or known[0] is not frame:
            known = (frame, await self._frame(frame, day))
            self._whole.keep(key, known)
        return known[1]

    def moment(self, frame: MarketFrame, day: date) -> datetime | None:
        """The instant of a day that is as far from its opening as the frame's."""
        calendar = self.timeliness.calendar
        today, then = calendar.session_on(frame.session), calendar.session_on(day)
        if today is None or then is None:
            return None
        since = frame.as_of - opens_at(today, Venue.KRX)
        return (opens_at(then, Venue.KRX) + since).astimezone(KST)

    # -- columns ---------------------------------------------------------------------

    async def _history(self, frame: MarketFrame, count: int) -> History:
        days = self.timeliness.sessions_before(frame.session, count)
        by_venue: dict[Venue, History] = {}
        shape = (count, len(frame.listings))
        lost = np.zeros(shape, dtype=bool)
        for pool in parts_of(frame):
            tables = {name: np.zeros(shape, dtype=np.int64) for name in ADDED}
            known = np.zeros(shape, dtype=bool)
            for place, day in enumerate(days):
                found = await self._at(frame, pool, day)
                if found is not None:
                    known[place] = found.known
                    lost[place] |= found.lost
                    for name, figures in found.figures.items():
                        tables[name][place] = figures
            part = History(
                listings=frame.listings,
                venue=pool[0],
                sessions=days,
                columns=tables,
                known=known,
            )
            by_venue[pool[0]] = filled(by_venue.get(pool[0]), part)
        whole = of_venue(frame, by_venue, self.timeliness)
        return replace(whole, known=whole.known & ~lost)  # half a sum is none

    async def _at(self, frame: MarketFrame, pool: Pool, day: date) -> _Placed | None:
        """One pool's figures at a day's instant, in the frame's rows."""
        moment = self.moment(frame, day)
        around = await self._around(pool, moment) if moment else None
        if moment is None or around is None:
            return None
        taken = [await self._take(pool, at, frame.listings) for at in around]
        before, after = taken[0], taken[-1]
        if before is None or after is None:
            return None
        start, end = (at.timestamp() for at in around)
        return _Placed(
            figures={
                name: value_between(
                    moment.timestamp(),
                    (start, before.figures[name]),
                    (end, after.figures[name]),
                )
                for name in ADDED
            },
            known=before.known & after.known,
            lost=before.lost | after.lost,
        )

    async def _around(
        self, pool: Pool, moment: datetime
    ) -> tuple[datetime, datetime] | None:
        """The archived instants on both sides of one, near enough."""
        key = (*pool, moment.date())
        instants = self._instants.get(key)
        if instants is None:
            instants = await self.frames.instants(*pool, moment.date())
            self._instants.keep(key, instants)
        before = max((at for at in instants if at <= moment), default=None)
        after = min((at for at in instants if at >= moment), default=None)
        if before is None or after is None or after - before > LONGEST_GAP:
            return None
        return before, after

    async def _take(self, pool: Pool, at: datetime, to: Listings) -> _Placed | None:
        """An archived frame's figures in the rows of some listings.

        The frame itself is let go: its listings alone weigh more than its figures.
        """
        key = (*pool, at, id(to))
        known = self._placed.get(key)
        if known is not None and known[0] is to:
            return known[1]
        for frame in await self.frames.frames_around(*pool, at):
            if frame is not None:
                other = (*pool, frame.as_of, id(to))
                self._placed.keep(other, (to, _placed(frame, to)))
        known = self._placed.get(key)
        return known[1] if known is not None and known[0] is to else None

    # -- a whole frame ---------------------------------------------------------------

    async def _frame(self, frame: MarketFrame, day: date) -> MarketFrame | None:
        session = self.timeliness.calendar.session_on(day)
        moment = self.moment(frame, day)
        if session is None or moment is None:
            return None
        with_nxt = trades_on(session, Venue.NXT)
        parts = []
        for pool in parts_of(frame):
            if pool[0] is Venue.NXT and not with_nxt:
                continue
            part = await self._between(pool, moment)
            if part is None:
                return None
            parts.append(part)
        return joined(parts, frame.venue, with_nxt=with_nxt)

    async def _between(self, pool: Pool, moment: datetime) -> MarketFrame | None:
        """One pool's frame at an instant."""
        around = await self._around(pool, moment)
        if around is None:
            return None
        frames = {
            frame.as_of: frame
            for frame in await self.frames.frames_around(*pool, around[0])
            if frame is not None
        }
        if not frames.keys() >= set(around):
            return None
        before = frames[around[0]]
        then = _placed(frames[around[1]], before.listings)
        start, end = (at.timestamp() for at in around)
        columns: dict[str, Any] = {
            name: value_between(
                moment.timestamp(),
                (start, getattr(before, name)),
                (end, then.figures[name]),
            )
            for name in ADDED
        }
        return replace(
            before, as_of=moment, known=before.known & then.known, parts={}, **columns
        )


def _placed(frame: MarketFrame, to: Listings) -> _Placed:
    """An archived frame's figures in the rows of other listings."""
    row_of = frame.listings.row_of
    rows = np.array([row_of.get(x.ticker, -1) for x in to], dtype=np.int64)
    there = rows >= 0
    known = np.zeros(len(to), dtype=bool)
    known[there] = frame.known[rows[there]]
    figures = {name: np.zeros(len(to), dtype=np.int64) for name in ADDED}
    for name, column in figures.items():
        column[known] = getattr(frame, name)[rows[known]]
    return _Placed(figures=figures, known=known, lost=there & ~known)
