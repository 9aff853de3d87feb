"""What the broker is asked of single stocks to explain them: a bounded number."""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from application.asked_once import AskedOnce
from application.ports.past_data import (
    EnteredNet,
    EnteredNets,
    Evidence,
    Headlines,
    Interruptions,
    InvestorData,
)
from domain.causes_in_prices import Interruption
from domain.investors import Flow, Investor
from domain.listing import Ticker, Venue

MOST_CALLS = 60
"""Calls for one question's evidence, at most: four seconds of the usual budget. The
first stocks come first; the others are asked when the question comes again."""

REUSED_FOR = 180.0
"""Seconds of the loop's time."""

TITLES_EDGE = timedelta(minutes=5)
"""Questions on frames within it share their titles."""

TITLES, HALTS, FLOWS = "뉴스·공시", "VI", "수급"

Window = tuple[Ticker, datetime, datetime]
Place = tuple[Ticker, Venue, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be asked of one stock.

    Attributes:
        since, until: Of its titles.
        halts: Whether it may have been interrupted.
        flows: Whether today's nets and programs are asked of the broker.
    """

    ticker: Ticker
    venue: Venue
    session: date
    since: datetime
    until: datetime
    halts: bool
    flows: bool

    @property
    def window(self) -> Window:
        """Of titles, rounded up so that questions within minutes share an answer."""
        day = self.until.replace(hour=0, minute=0, second=0, microsecond=0)
        steps = -((day - self.until) // TITLES_EDGE)
        return self.ticker, self.since, day + steps * TITLES_EDGE

    @property
    def place(self) -> Place:
        """Of the rest."""
        return self.ticker, self.venue, self.session


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known of one stock; None of what did not come, or was not wanted.

    Attributes:
        nets: Of investors, shares.
        program: In a tuple of its own: there may be none yet.
        late: What was wanted and is not known, as a reader would name it.
    """

    headlines: Headlines | None
    halts: Sequence[Interruption] | None
    nets: Mapping[Investor, EnteredNet] | None
    program: tuple[Flow | None] | None
    late: frozenset[str]


@dataclass(slots=True, kw_only=True)
class AskedEvidence:
    """Titles, interruptions, nets and programs: each asked once, reused for minutes.

    What does not come within a caller's patience goes on behind it.
    """

    titles: Evidence
    interruptions: Interruptions
    nets: EnteredNets
    investors: InvestorData
    most_calls: int = MOST_CALLS
    _titles: "AskedOnce[Window, Headlines]" = field(init=False)
    _halts: "AskedOnce[Place, Sequence[Interruption]]" = field(init=False)
    _nets: "AskedOnce[Place, Mapping[Investor, EnteredNet]]" = field(init=False)
    _programs: "AskedOnce[Place, Flow | None]" = field(init=False)

    def __post_init__(self) -> None:
        """One memory for each kind."""
        self._titles = AskedOnce(
            ask=lambda key: self.titles.headlines(*key), reused_for=REUSED_FOR
        )
        self._halts = AskedOnce(
            ask=lambda key: self.interruptions.interruptions(key[0], key[2]),
            reused_for=REUSED_FOR,
        )
        self._nets = AskedOnce(
            ask=lambda key: self.nets.entered_nets(key[0]), reused_for=REUSED_FOR
        )
        self._programs = AskedOnce(
            ask=lambda key: self.investors.program_now(key[0], key[1]),
            reused_for=REUSED_FOR,
        )

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return sum(part.version for part in self._parts())

    async def of(
        self, wanted: Sequence[Wanted], patience: timedelta
    ) -> tuple[Answered, ...]:
        """Answers in the order of what is wanted, which is the order of asking."""
        flights: list[asyncio.Task[None]] = []
        for one in wanted:
            unknown = self._unknown(one)
            if len(flights) + len(unknown) > self.most_calls:
                break
            flights += [part.start(key) for part, key in unknown]
        if flights:
            await asyncio.wait(flights, timeout=max(patience.total_seconds(), 0.001))
        return tuple(self._answered(one) for one in wanted)

    async def close(self) -> None:
        """Ends what is still asked behind."""
        for part in self._parts():
            await part.close()

    def _parts(self) -> "tuple[AskedOnce[Any, Any], ...]":
        return (self._titles, self._halts, self._nets, self._programs)

    def _unknown(self, one: Wanted) -> "list[tuple[AskedOnce[Any, Any], Hashable]]":
        parts: list[tuple[AskedOnce[Any, Any], Hashable]] = [(self._titles, one.window)]
        if one.halts:
            parts.append((self._halts, one.place))
        if one.flows:
            parts += [(self._nets, one.place), (self._programs, one.place)]
        return [(part, key) for part, key in parts if part.known(key) is None]

    def _answered(self, one: Wanted) -> Answered:
        titles = self._titles.known(one.window)
        halts = self._halts.known(one.place) if one.halts else None
        nets = self._nets.known(one.place) if one.flows else None
        program = self._programs.known(one.place) if one.flows else None
        late = {
            TITLES: titles is None,
            HALTS: one.halts and halts is None,
            FLOWS: one.flows and (nets is None or program is None),
        }
        return Answered(
            headlines=titles[0] if titles else None,
            halts=halts[0] if halts else None,
            nets=nets[0] if nets else None,
            program=program,
            late=frozenset(name for name, is_late in late.items() if is_late),
        )
