"""Where past sessions, profiles, flows, indices and headlines come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from domain.bars import StockBars
from domain.causes_in_prices import Interruption
from domain.investors import Flow, Investor, SlotNet, StockFlows
from domain.listing import Listing, Market, Ticker, Venue, Won
from domain.profile import Profile


class PastBars(Protocol):
    """Bars of past sessions, KRX or NXT; calls go behind those somebody waits for."""

    async def daily_bars(
        self, ticker: Ticker, venue: Venue, first: date, last: date
    ) -> StockBars:
        """A stock's daily bars from one day to another, at most 100 sessions.

        Raises:
            MarketDataError: They could not be read; none is given in part.
        """
        ...

    async def value_at(
        self, ticker: Ticker, venue: Venue, session: date, at: time
    ) -> Won | None:
        """Trading value from the open to the end of the minute of ``at``, won.

        From dated minute bars; None where nothing had traded by then. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...

    async def official_totals(
        self, market: Market, first: date, last: date
    ) -> Mapping[date, Won]:
        """The market's own trading value of each session, won in steps of 1,000,000.

        Raises:
            MarketDataError: They could not be read.
        """
        ...


class ProfileSource(Protocol):
    """Profiles, one inquiry per stock."""

    async def profile(self, listing: Listing) -> Profile:
        """The stock's profile now, behind the calls that somebody waits for.

        Raises:
            MarketDataError: It could not be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotNets:
    """The broker's list of nets entered by a slot, largest first.

    Attributes:
        slot: ``14:30``; None where no slot has been entered today.
        rows: At most thirty.
    """

    slot: time | None
    rows: tuple[SlotNet, ...]


class InvestorData(Protocol):
    """Who bought and sold, as far as the broker knows.

    What is of now or of a slot bears no date: on a day without a session it may be the
    last session's.
    """

    async def daily_flows(self, ticker: Ticker, venue: Venue) -> Sequence[StockFlows]:
        """Foreign, institution and individual flows of the last sessions (about 30).

        Newest first; a session without figures yet (today before 15:40) is left out.
        Behind the calls that somebody waits for. Amounts in steps of 1,000,000 won.

        Raises:
            MarketDataError: They could not be read.
        """
        ...

    async def daily_programs(
        self, ticker: Ticker, venue: Venue
    ) -> Sequence[StockFlows]:
        """Program trading of the last sessions, newest first; in won.

        Raises:
            MarketDataError: They could not be read.
        """
        ...

    async def program_now(self, ticker: Ticker, venue: Venue) -> Flow | None:
        """Program trading of the running session so far, won; None: none yet.

        ``venue`` may be ALL. Somebody waits.

        Raises:
            MarketDataError: It could not be read.
        """
        ...

    async def slot_leaders(
        self, market: Market, investor: Investor, *, selling: bool
    ) -> SlotNets:
        """Largest net buyers' (or sellers') stocks by amount, of the newest slot.

        Foreign or institution; KRX. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...

    async def slot_net(
        self, ticker: Ticker, investor: Investor
    ) -> tuple[time | None, SlotNet | None]:
        """One stock's net entered by the newest slot, shares alone, and that slot.

        Foreign or institution; KRX. The slot is None where none has been entered
        today; the net is None where it cannot be right. Somebody waits.

        Raises:
            MarketDataError: It could not be read.
        """
        ...

    async def market_flows(
        self, market: Market, sector: str | None = None
    ) -> Mapping[Investor, Flow]:
        """The market's (or an industry's) flows so far, live; owners, individuals too.

        KRX; won in steps of 1,000,000, shares in steps of 1,000. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuote:
    """An index or industry as the exchange reports it.

    Attributes:
        code: ``0009``.
        name: ``제약``.
        change_rate: Against the session before, a fraction, two decimals of percent.
        trading_value: Won in steps of 1,000,000.
    """

    code: str
    name: str
    change_rate: float | None
    trading_value: Won | None


class Indices(Protocol):
    """The exchange's indices: levels now, and what each industry is called."""

    async def sector_names(self) -> Mapping[str, str]:
        """Names of every industry code; behind others, once a day.

        Raises:
            MarketDataError: They could not be read.
        """
        ...

    async def sector_quotes(self, market: Market) -> Sequence[IndexQuote]:
        """Every index of the market now. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A title, of news or of a disclosure (공시).

    Attributes:
        at: When it was published.
        is_disclosure: 공시, not news.
        source: Who published it.
    """

    at: datetime
    title: str
    is_disclosure: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """A stock's titles since an instant.

    Attributes:
        rows: Newest first.
        is_cut: There may be more: the page's cap was reached.
    """

    rows: tuple[Headline, ...]
    is_cut: bool


class Evidence(Protocol):
    """What may explain a move."""

    async def headlines(
        self, ticker: Ticker, since: datetime, until: datetime
    ) -> Headlines:
        """Titles that name the stock, in ``[since, until]``. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...


class Interruptions(Protocol):
    """Which stocks were interrupted (변동성완화장치, VI)."""

    async def interruptions(
        self, ticker: Ticker, session: date
    ) -> Sequence[Interruption]:
        """A stock's interruptions of a session so far, newest first.

        None is an empty sequence. At most the thirty newest. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredNet:
    """A net that brokers entered, and the slot of today that they entered it by."""

    slot: time
    net: SlotNet


class EnteredNets(Protocol):
    """What brokers entered of single stocks today (가집계)."""

    async def entered_nets(self, ticker: Ticker) -> Mapping[Investor, EnteredNet]:
        """Foreigners' and institutions' newest nets of one stock, in one call.

        KRX; shares alone. Who has entered nothing today is left out. Somebody waits.

        Raises:
            MarketDataError: They could not be read.
        """
        ...
