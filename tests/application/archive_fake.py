"""The archive in memory, with what questions read of it: instants and histories."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from typing_extensions import override

from application.ports.past_data import IndexQuote
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.history import History
from domain.investors import FLOW_COLUMNS, Flow, Investor, InvestorFlows
from domain.listing import Kind, Listings, Shares, Venue, Won
from tests.application.memory_archive import MemoryArchive
from tests.builders import at

LOST = MarketDataUnavailableError("보관소가 답하지 않습니다.", retry_after=10)


class PastArchive(MemoryArchive):
    """Fails as a whole while ``is_lost``.

    Attributes:
        reads: How often each method was called.
    """

    def __init__(self, frames: Iterable[MarketFrame] = ()) -> None:
        super().__init__()
        self.is_lost = False
        self.reads: Counter[str] = Counter()
        self.hold(*frames)

    def hold(self, *frames: MarketFrame) -> None:
        """Puts frames there: final ones, and ones between."""
        for frame in frames:
            key = ((frame.venue, frame.kinds), frame.session)
            if frame.is_final:
                self.finals[key] = frame
            else:
                self.between.setdefault(key, {})[frame.as_of] = frame

    def hold_flows(self, flows: InvestorFlows) -> None:
        """Puts a session's flows there."""
        self.flows_kept[flows.venue, flows.session, flows.is_final] = flows

    def _called(self, method: str) -> None:
        self.reads[method] += 1
        if self.is_lost:
            raise LOST

    @override
    async def keep_frame(self, frame: MarketFrame) -> None:
        self._called("keep_frame")
        await super().keep_frame(frame)

    @override
    async def final_frame(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> MarketFrame | None:
        self._called("final_frame")
        return await super().final_frame(venue, kinds, session)

    @override
    async def frames_around(
        self, venue: Venue, kinds: frozenset[Kind], at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        self._called("frames_around")
        held = self.between.get(((venue, kinds), at.date()), {})
        before = [when for when in held if when <= at]
        after = [when for when in held if when > at]
        return (
            held[max(before)] if before else None,
            held[min(after)] if after else None,
        )

    @override
    async def instants(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> tuple[datetime, ...]:
        self._called("instants")
        return await super().instants(venue, kinds, session)

    @override
    async def sessions(self, venue: Venue, kinds: frozenset[Kind]) -> tuple[date, ...]:
        self._called("sessions")
        return await super().sessions(venue, kinds)

    @override
    async def history(
        self,
        listings: Listings,
        venue: Venue,
        kinds: frozenset[Kind],
        sessions: Sequence[date],
        columns: Sequence[str],
    ) -> History:
        self._called("history")
        shape = (len(sessions), len(listings))
        known = np.zeros(shape, dtype=bool)
        tables = {name: np.zeros(shape, dtype=np.int64) for name in columns}
        for place, day in enumerate(sessions):
            frame = self.finals.get(((venue, kinds), day))
            for row, item in enumerate(listings if frame else ()):
                assert frame is not None
                there = frame.listings.row_of.get(item.ticker)
                if there is None or not frame.known[there]:
                    continue
                known[place, row] = True
                for name, table in tables.items():
                    table[place, row] = getattr(frame, name)[there]
        return History(
            listings=listings,
            venue=venue,
            sessions=tuple(sessions),
            columns=tables,
            known=known,
        )

    @override
    async def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        self._called("flows")
        return await super().flows(venue, session)

    @override
    async def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        self._called("flow_sessions")
        return await super().flow_sessions(venue)

    @override
    async def indices(self, session: date) -> Mapping[str, IndexQuote]:
        self._called("indices")
        return await super().indices(session)


def flow(bought: int, sold: int, *, price: int = 1000) -> Flow:
    """Won on both sides; shares are won over the price."""
    return Flow(
        buy_amount=Won(bought),
        sell_amount=Won(sold),
        buy_volume=Shares(bought // price),
        sell_volume=Shares(sold // price),
    )


def investor_flows(
    listings: Listings,
    session: date,
    flows: Mapping[Investor, Mapping[Any, Flow]],
    *,
    venue: Venue = Venue.KRX,
    is_final: bool = True,
) -> InvestorFlows:
    """A session's flows; stocks that are not named are not known."""
    columns, known = {}, {}
    for investor in Investor:
        told = flows.get(investor, {})
        mine = [told.get(item.ticker) for item in listings]
        known[investor] = np.array([one is not None for one in mine], dtype=bool)
        columns[investor] = {
            name: np.array([getattr(one, name) if one else 0 for one in mine], np.int64)
            for name in FLOW_COLUMNS
        }
    return InvestorFlows(
        listings=listings,
        venue=venue,
        session=session,
        columns=columns,
        known=known,
        as_of=at("20:30", session),
        is_final=is_final,
    )
