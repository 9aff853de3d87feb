"""Where each stock stood by market cap the session before, before any screen."""

from dataclasses import dataclass, field

import numpy as np

from application.details import ProfileShelf
from application.movement import EarlierRanks
from application.past_market import PastMarket
from application.recent import Recent
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.market_cap import market_caps
from domain.profile import Profiles
from domain.ranking import order_by, ranks
from domain.screening import Universe

ENOUGH = 0.99
"""Share of stocks whose earlier cap must be known for an earlier rank to mean much."""


@dataclass(slots=True, kw_only=True)
class CapMovement:
    """Ranks by the session before's closes and its own listed shares."""

    past: PastMarket
    profiles: ProfileShelf
    _ranked: "Recent[object, tuple[MarketFrame, Profiles, EarlierRanks]]" = field(
        default_factory=lambda: Recent(16)
    )

    async def ranks(self, frame: MarketFrame, universe: Universe) -> EarlierRanks:
        """The earlier ranks; none, and why, where closes or shares are not known."""
        timeliness = self.past.timeliness
        (day,) = timeliness.sessions_before(frame.session, 1)
        session = timeliness.calendar.session_on(day)
        unknown = EarlierRanks(
            note=f"직전 거래일({day})의 종가나 상장주식수가 보관되어 있지 않아 "
            "market_cap_rank_change는 비워 두었습니다(null)."
        )
        try:
            before = await self.past.kept(universe, session) if session else None
        except MarketDataUnavailableError as error:
            return EarlierRanks(
                note="market_cap_rank_change는 보관된 시세를 읽지 못해 비워 "
                f"두었습니다(null): {error}"
            )
        if before is None:
            return unknown
        profiles = await self.profiles.of(before.listings, day)
        key = (id(before), universe, id(profiles))
        known = self._ranked.get(key)
        if known is not None and known[0] is before and known[1] is profiles:
            return known[2]
        found = _ranks(before, profiles, universe) or unknown
        self._ranked.keep(key, (before, profiles, found))
        return found


def _ranks(
    before: MarketFrame, profiles: Profiles, universe: Universe
) -> EarlierRanks | None:
    """None where too few caps are known for a rank to mean much."""
    caps = market_caps(before.price, profiles.listed_shares, before.known)
    inside = universe.rows(before)
    known = inside & (caps >= 0)
    if np.count_nonzero(known) < ENOUGH * np.count_nonzero(inside):
        return None
    places = ranks(order_by(known, caps), len(caps))
    return EarlierRanks(listings=before.listings, places=places)
