"""An archive in memory, and a fate that can end the process at any of its acts."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from typing_extensions import override

from application.ports.archive import Archive, Window
from application.ports.past_data import IndexQuote
from domain.bars import StockBars
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.history import History
from domain.investors import FLOW_COLUMNS, Investor, InvestorFlows
from domain.listing import Kind, Listings, Ticker, Venue
from domain.profile import Profile

Pool = tuple[Venue, frozenset[Kind]]


class Killed(Exception):  # noqa: N818 - nothing went wrong in what is tested
    """The process ends here."""


@dataclass
class Fate:
    """Counts acts; the one numbered ``ends_at`` never happens."""

    ends_at: int | None = None
    acts: int = 0

    def act(self) -> None:
        self.acts += 1
        if self.acts == self.ends_at:
            raise Killed


class MemoryArchive(Archive):
    """Everything in dictionaries, by the port's contract.

    Attributes:
        fate: Ticked by every method that writes.
        fails: Raised by the method of that name.
    """

    def __init__(self, fate: Fate | None = None) -> None:
        self.fate = fate or Fate()
        self.fails: dict[str, MarketDataError] = {}
        self.finals: dict[tuple[Pool, date], MarketFrame] = {}
        self.swept: set[tuple[Pool, date]] = set()
        self.between: dict[tuple[Pool, date], dict[datetime, MarketFrame]] = {}
        self.profiles_kept: dict[date, dict[Ticker, Profile]] = {}
        self.profile_batches: list[int] = []
        self.flows_kept: dict[tuple[Venue, date, bool], InvestorFlows] = {}
        self.flow_batches: list[tuple[Venue, date]] = []
        self.indices_kept: dict[date, dict[str, IndexQuote]] = {}
        self.filling: dict[Window, dict[Ticker, StockBars]] = {}
        self.stage_batches: list[int] = []

    async def _write(self, method: str) -> None:
        await asyncio.sleep(0)
        self.fate.act()
        if method in self.fails:
            raise self.fails[method]

    # -- frames ----------------------------------------------------------------------

    @override
    async def keep_frame(self, frame: MarketFrame) -> None:
        await self._write("keep_frame")
        key = ((frame.venue, frame.kinds), frame.session)
        if frame.is_final:
            self.finals[key] = frame
            self.swept.add(key)
        else:
            self.between.setdefault(key, {})[frame.as_of] = frame

    @override
    async def final_frame(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> MarketFrame | None:
        return self.finals.get(((venue, kinds), session))

    @override
    async def frames_around(
        self, venue: Venue, kinds: frozenset[Kind], at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        raise NotImplementedError

    @override
    async def instants(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> tuple[datetime, ...]:
        return tuple(sorted(self.between.get(((venue, kinds), session), {})))

    @override
    async def sessions(self, venue: Venue, kinds: frozenset[Kind]) -> tuple[date, ...]:
        if "sessions" in self.fails:
            raise self.fails["sessions"]
        return tuple(sorted(day for pool, day in self.finals if pool == (venue, kinds)))

    @override
    async def history(
        self,
        listings: Listings,
        venue: Venue,
        kinds: frozenset[Kind],
        sessions: Sequence[date],
        columns: Sequence[str],
    ) -> History:
        raise NotImplementedError

    @override
    async def forget_instants(self, before: date) -> None:
        await self._write("forget_instants")
        self.between = {k: v for k, v in self.between.items() if k[1] >= before}

    # -- profiles --------------------------------------------------------------------

    @override
    async def keep_profiles(self, session: date, profiles: Iterable[Profile]) -> None:
        await self._write("keep_profiles")
        batch = {profile.ticker: profile for profile in profiles}
        self.profile_batches.append(len(batch))
        self.profiles_kept.setdefault(session, {}).update(batch)

    @override
    async def profiles(self, session: date) -> Mapping[Ticker, Profile]:
        if "profiles" in self.fails:
            raise self.fails["profiles"]
        found: dict[Ticker, Profile] = {}
        for day in sorted(self.profiles_kept):
            if day <= session:
                found.update(self.profiles_kept[day])
        return found

    @override
    async def profiles_of(self, session: date) -> Mapping[Ticker, Profile]:
        return dict(self.profiles_kept.get(session, {}))

    # -- flows -----------------------------------------------------------------------

    @override
    async def keep_flows(self, flows: InvestorFlows) -> None:
        await self._write("keep_flows")
        self.flow_batches.append((flows.venue, flows.session))
        key = (flows.venue, flows.session, flows.is_final)
        self.flows_kept[key] = merged(self.flows_kept.get(key), flows)

    @override
    async def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        """Final ones over provisional ones; final only when nothing else shows."""
        final = self.flows_kept.get((venue, session, True))
        provisional = self.flows_kept.get((venue, session, False))
        if final is None or provisional is None:
            return final or provisional
        shows = any((provisional.known[x] & ~final.known[x]).any() for x in Investor)
        return replace(merged(provisional, final), is_final=not shows)

    @override
    async def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        return tuple(sorted({d for v, d, _ in self.flows_kept if v is venue}))

    @override
    async def keep_indices(self, session: date, indices: Iterable[IndexQuote]) -> None:
        await self._write("keep_indices")
        self.indices_kept.setdefault(session, {}).update({x.code: x for x in indices})

    @override
    async def indices(self, session: date) -> Mapping[str, IndexQuote]:
        return dict(self.indices_kept.get(session, {}))

    # -- filling ---------------------------------------------------------------------

    @override
    async def windows(self) -> tuple[Window, ...]:
        return tuple(sorted(self.filling, key=lambda x: x.last, reverse=True))

    @override
    async def begin(self, window: Window) -> None:
        await self._write("begin")
        self.filling.setdefault(window, {})

    @override
    async def staged(self, window: Window) -> frozenset[Ticker]:
        return frozenset(self.filling.get(window, {}))

    @override
    async def stage(self, window: Window, bars: Sequence[StockBars]) -> None:
        await self._write("stage")
        self.stage_batches.append(len(bars))
        staged = self.filling.get(window, {})
        for one in bars:
            assert one.ticker not in staged, "staged twice"
            staged[one.ticker] = one

    @override
    async def read_staged(self, window: Window) -> AsyncIterator[StockBars]:
        for ticker in sorted(self.filling.get(window, {})):
            await asyncio.sleep(0)
            yield self.filling[window][ticker]

    @override
    async def publish(self, window: Window, frames: Iterable[MarketFrame]) -> None:
        await self._write("publish")
        made = list(frames)
        for frame in made:
            key = ((frame.venue, frame.kinds), frame.session)
            assert frame.is_final
            if key not in self.swept:
                self.finals[key] = frame
        self.filling.pop(window, None)

    @override
    async def close(self) -> None:
        """There is nothing to let go."""


def merged(held: InvestorFlows | None, new: InvestorFlows) -> InvestorFlows:
    """The held flows with what the new ones know in its place; over new's listings."""
    if held is None:
        return new
    assert held.listings.items == new.listings.items, "a test keeps to one axis"
    return replace(
        new,
        columns={
            investor: {
                name: np.where(
                    new.known[investor],
                    new.columns[investor][name],
                    held.columns[investor][name],
                )
                for name in FLOW_COLUMNS
            }
            for investor in Investor
        },
        known={x: held.known[x] | new.known[x] for x in Investor},
    )
