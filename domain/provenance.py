"""What an answer rests on."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.listing import Venue
from domain.session import Phase


class Basis(enum.Enum):
    """How much of the market was seen."""

    FULL_MARKET = "full_market"
    LEADERS = "leaders"
    CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures come from.

    Attributes:
        name: ``kis``, or ``recording:NAME``.
        simulated: They are no real market's.
    """

    name: str
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the market stands behind an answer.

    Attributes:
        listed: How many listings the universe has.
        quoted: How many of them have a quote of the session.
        missing: Codes of the others.
        trading_value_share: Quoted value ÷ official totals, a fraction; None without.
    """

    basis: Basis
    listed: int
    quoted: int
    missing: tuple[str, ...] = ()
    trading_value_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """When, of which session, from where, and how far an answer can be trusted.

    Attributes:
        as_of_from: When the sweep began.
        as_of: When it ended.
        session: The trading day the figures belong to.
        phase: Where the venue stands now.
        is_final: No trade of the session is still to come (확정, else 잠정).
        stale: The source failed, or the figures are older than they should be.
        age_seconds: Since ``as_of``.
        notes: What is null and why, one Korean sentence each.
    """

    as_of_from: datetime
    as_of: datetime
    session: date
    phase: Phase
    is_final: bool
    source: Source
    venue: Venue
    stale: bool
    age_seconds: float
    coverage: Coverage | None
    notes: tuple[str, ...] = field(default=())
