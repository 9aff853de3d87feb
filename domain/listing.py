"""What is listed: codes, names, markets, kinds and the flags of the morning."""

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NewType

from domain.errors import InvalidTickerError
from domain.marks import NO_MARKS, Mark
from domain.sector_axis import SectorAxis, axis_of

Won = NewType("Won", int)
"""Money. KRW has no cents, and floats never hold money."""

Shares = NewType("Shares", int)
"""A number of shares."""

_TICKER = re.compile(r"Q[0-9A-Z]{6}|[0-9A-Z]{6}")


class Ticker(str):
    """A short code (종목코드): six characters, letters too; an ETN has a leading Q.

    Raises:
        InvalidTickerError: Anything else. ``5930`` is not a code.
    """

    __slots__ = ()

    def __new__(cls, code: str) -> "Ticker":
        """The code, checked."""
        if not _TICKER.fullmatch(code):
            raise InvalidTickerError(code)
        return super().__new__(cls, code)


class Market(enum.IntEnum):
    """Where a stock is listed, as the master file says."""

    KOSPI = 0
    KOSDAQ = 1


class Venue(enum.Enum):
    """Where it trades. ALL adds KRX and NXT per code."""

    ALL = "ALL"
    KRX = "KRX"
    NXT = "NXT"


class Kind(enum.IntEnum):
    """What a listing is; KONEX, ELW and rights are out of scope."""

    STOCK = 0
    ETF = 1
    ETN = 2


class Flag(enum.IntFlag):
    """What the morning's master says of a listing."""

    PREFERRED = enum.auto()
    SPAC = enum.auto()
    REIT = enum.auto()
    ADMINISTRATIVE = enum.auto()
    HALTED = enum.auto()
    DELISTING = enum.auto()
    CAUTION = enum.auto()
    WARNING = enum.auto()
    RISK = enum.auto()
    ATTENTION = enum.auto()
    OVERHEATED = enum.auto()
    UNFAITHFUL_DISCLOSURE = enum.auto()


NO_FLAGS = Flag(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One line of the morning's stock master.

    Attributes:
        ticker: Short code.
        name: Korean name (종목명).
        market: KOSPI or KOSDAQ.
        kind: Stock, ETF or ETN.
        flags: Status of the morning.
        on_nxt: Whether Nextrade trades it too.
        base_price: 기준가 of the morning, won; None where the master has none.
        previous_volume: Shares traded in the session before, KRX.
        sectors: Codes of its industry (업종), large to small; empty where it has none.
        shares_thousands: Listed shares in thousands (천주), cut; None where not given.
        listed_on: Its first trading day (상장일); None where not given.
        marks: What the session does to its shares or price.
    """

    ticker: Ticker
    name: str
    market: Market
    kind: Kind = Kind.STOCK
    flags: Flag = NO_FLAGS
    on_nxt: bool = False
    base_price: Won | None = None
    previous_volume: Shares | None = None
    sectors: tuple[str, ...] = ()
    shares_thousands: int | None = None
    listed_on: date | None = None
    marks: Mark = NO_MARKS


@dataclass(frozen=True, kw_only=True)
class Listings:
    """Every listing of one morning, by ticker, ascending.

    Attributes:
        items: The listings; no ticker twice.
        dated: The day the master was made for; None where it does not say.
    """

    items: tuple[Listing, ...]
    dated: date | None = None

    @classmethod
    def of(cls, items: Iterable[Listing], *, dated: date | None = None) -> "Listings":
        """Sorted by ticker; the first of two with one ticker stands."""
        unique: dict[str, Listing] = {}
        for item in items:
            unique.setdefault(item.ticker, item)
        ordered = tuple(unique[ticker] for ticker in sorted(unique))
        return cls(items=ordered, dated=dated)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Listing]:
        return iter(self.items)

    def __getitem__(self, row: int) -> Listing:
        return self.items[row]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Ticker to row."""
        return {item.ticker: row for row, item in enumerate(self.items)}

    @cached_property
    def leaf_sectors(self) -> SectorAxis:
        """The finest industry of each."""
        return axis_of(self.items, -1)

    @cached_property
    def large_sectors(self) -> SectorAxis:
        """The coarsest industry of each."""
        return axis_of(self.items, 0)

    @cached_property
    def _parts(self) -> "dict[object, Listings]":
        """The same part is the same object: what is found for it serves all day."""
        return {}

    def of_kinds(self, kinds: Iterable[Kind]) -> "Listings":
        """Only listings of these kinds."""
        wanted = frozenset(kinds)
        if wanted not in self._parts:
            kept = tuple(item for item in self.items if item.kind in wanted)
            self._parts[wanted] = Listings(items=kept, dated=self.dated)
        return self._parts[wanted]

    def of_market(self, market: Market | None) -> "Listings":
        """Only listings of this market; None is both."""
        if market is None:
            return self
        kept = tuple(item for item in self.items if item.market is market)
        return Listings(items=kept, dated=self.dated)

    def on_venue(self, venue: Venue) -> "Listings":
        """Only listings that this venue trades."""
        if venue is not Venue.NXT:
            return self
        if venue not in self._parts:
            kept = tuple(item for item in self.items if item.on_nxt)
            self._parts[venue] = Listings(items=kept, dated=self.dated)
        return self._parts[venue]
