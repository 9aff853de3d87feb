"""The scene of reasons: a broker that is asked of single stocks, and an archive."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from typing_extensions import override

from application.asked_evidence import AskedEvidence
from application.gather_evidence import GatherEvidence
from application.live_sectors import LiveSectors
from application.ports.past_data import (
    EnteredNet,
    EnteredNets,
    Evidence,
    Headline,
    Headlines,
    Interruptions,
)
from domain.causes_in_prices import Interruption
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.investors import Investor, SlotNet
from domain.listing import Shares, Ticker, Won
from tests.application.question_scene import PastScene
from tests.builders import SESSION, Figures, at, frame

PATIENT = timedelta(seconds=30)
"""Never waited out: whoever is asked answers at once."""

IMPATIENT = timedelta(0)


@dataclass
class Asked(Evidence, Interruptions, EnteredNets):
    """A broker of single stocks.

    Attributes:
        titles, halts, nets: What it answers, by code.
        gate: What every call waits for.
        failing: Methods that fail.
        calls: Every call: its method and its stock.
    """

    titles: dict[str, list[Headline]] = field(default_factory=dict)
    halts: dict[str, list[Interruption]] = field(default_factory=dict)
    nets: dict[str, int] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    failing: set[str] = field(default_factory=set)
    calls: list[tuple[str, str]] = field(default_factory=list)
    windows: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def _ask(self, method: str, ticker: str) -> None:
        self.calls.append((method, ticker))
        if self.gate is not None:
            await self.gate.wait()
        if method in self.failing:
            raise MarketDataError("읽지 못함")

    @override
    async def headlines(
        self, ticker: Ticker, since: datetime, until: datetime
    ) -> Headlines:
        self.windows.append((since, until))
        await self._ask("headlines", ticker)
        return Headlines(rows=tuple(self.titles.get(ticker, ())), is_cut=False)

    @override
    async def interruptions(
        self, ticker: Ticker, session: date
    ) -> Sequence[Interruption]:
        await self._ask("interruptions", ticker)
        return self.halts.get(ticker, [])

    @override
    async def entered_nets(self, ticker: Ticker) -> Mapping[Investor, EnteredNet]:
        await self._ask("entered_nets", ticker)
        if ticker not in self.nets:
            return {}
        net = SlotNet(ticker=ticker, net_volume=Shares(self.nets[ticker]))
        return {Investor.FOREIGN: EnteredNet(slot=time(9, 30), net=net)}


@dataclass(kw_only=True)
class EvidenceScene(PastScene):
    """Four stocks at half past ten."""

    asked: Asked = field(default_factory=Asked)
    most_calls: int = 60

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.gather = GatherEvidence(
            past=self.past,
            profiles=self.profiles,
            asked=AskedEvidence(
                titles=self.asked,
                interruptions=self.asked,
                nets=self.asked,
                investors=self.investors,
                most_calls=self.most_calls,
            ),
            sectors=LiveSectors(indices=self.indices, investors=self.investors),
            kept=self.archive,
            timeliness=self.timeliness,
        )


def now_of(
    quotes: Mapping[str, Figures], *, session: date = SESSION, clock: str = "10:30"
) -> MarketFrame:
    """A frame of the running session."""
    return frame(quotes, session=session, as_of=at(clock, session))


def told(text: str, clock: str = "10:00") -> Headline:
    """News."""
    return Headline(at=at(clock), title=text, is_disclosure=False, source="누군가")


def halted(clock: str, price: int = 1_100) -> Interruption:
    """An interruption."""
    return Interruption(at=at(clock), kind=None, price=Won(price))
