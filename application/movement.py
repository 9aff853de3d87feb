"""Where each stock stood the session before, under the same question."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from application.past_market import PastMarket
from application.recent import Recent
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Listings
from domain.ranking import Measure, order, ranks
from domain.screening import Screen, Universe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class EarlierRanks:
    """The ranking of the session before; nothing of it where it is not known.

    Attributes:
        listings: Of that session; None where it could not be ranked.
        places: The rank of each of them, from 1; 0 of those outside the ranking.
        note: Why nothing is known.
    """

    listings: Listings | None = None
    places: "NDArray[np.int64] | None" = None
    note: str = ""

    @property
    def is_known(self) -> bool:
        """Whether that session could be ranked."""
        return self.listings is not None

    def of(self, ticker: str) -> int | None:
        """The stock's rank; None where it had none."""
        if self.listings is None or self.places is None:
            return None
        row = self.listings.row_of.get(ticker)
        return None if row is None else int(self.places[row]) or None


UNRANKED = EarlierRanks()


@dataclass(slots=True, kw_only=True)
class Movement:
    """Ranks at this time of the session before, or at its end when this one is over."""

    past: PastMarket
    _ranked: "Recent[object, tuple[MarketFrame, EarlierRanks]]" = field(
        default_factory=lambda: Recent(32)
    )

    async def ranks(
        self, frame: MarketFrame, *, universe: Universe, screen: Screen, by: Measure
    ) -> EarlierRanks:
        """The earlier ranks; none, and why, where the archive lacks that session."""
        (day,) = self.past.timeliness.sessions_before(frame.session, 1)
        try:
            before = await self._before(frame, universe, day)
        except MarketDataUnavailableError as error:
            return EarlierRanks(
                note="previous_rank와 rank_change는 보관된 시세를 읽지 못해 비워 "
                f"두었습니다(null): {error}"
            )
        if before is None:
            return EarlierRanks(
                note=f"직전 거래일({day})의 비교할 시세가 보관되어 있지 않아 "
                "previous_rank와 rank_change는 비워 두었습니다(null).",
            )
        key = (id(before), universe, screen, by)
        known = self._ranked.get(key)
        if known is not None and known[0] is before:
            return known[1]
        ordered = order(before, universe=universe, screen=screen, by=by)
        found = EarlierRanks(
            listings=before.listings, places=ranks(ordered, len(before.listings))
        )
        self._ranked.keep(key, (before, found))
        return found

    async def _before(
        self, frame: MarketFrame, universe: Universe, day: date
    ) -> MarketFrame | None:
        timeliness = self.past.timeliness
        if timeliness.is_running(frame):
            return await self.past.same_time.frame(frame, day)
        session = timeliness.calendar.session_on(day)
        return await self.past.kept(universe, session) if session else None
