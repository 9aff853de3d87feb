"""The whole market over one sweep: quotes in columns, one venue, one session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from domain.listing import Kind, Listing, Listings, Shares, Venue, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.int64]
    Mask = NDArray[np.bool_]

WON_COLUMNS = ("price", "base_price", "open", "high", "low", "trading_value")
COLUMNS = (*WON_COLUMNS, "volume")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialTotals:
    """What the exchange's own index figures say of a market's trading value.

    Attributes:
        kospi: Won, in steps of 1,000,000; None where it was not to be had.
        kosdaq: The same of KOSDAQ.

    Source: KIS inquire-index-price, FHPUP02100000 (백만원).
    """

    kospi: Won | None = None
    kosdaq: Won | None = None


NO_TOTALS = OfficialTotals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One stock's figures in a frame.

    Attributes:
        price: Last price (현재가), won.
        base_price: 기준가, won; differs from the previous close on ex-dates and splits.
        volume: Shares since the open, of the frame's venue.
        trading_value: Won since the open (거래대금), of the frame's venue.
        krx_trading_value: The KRX part; None where the frame is NXT's.
        nxt_trading_value: The NXT part; None where the frame is KRX's.
        carried: Kept from an earlier sweep of the same session.
        suspect: Failed the audit.
    """

    listing: Listing
    price: Won
    base_price: Won
    volume: Shares
    trading_value: Won
    krx_trading_value: Won | None
    nxt_trading_value: Won | None
    carried: bool = False
    suspect: bool = False

    @property
    def change(self) -> Won | None:
        """Price against the base price, won; None without a base price."""
        return Won(self.price - self.base_price) if self.base_price else None

    @property
    def change_rate(self) -> float | None:
        """Price against the base price, a fraction; None without a base price."""
        if not self.base_price:
            return None
        return (self.price - self.base_price) / self.base_price

    @property
    def nxt_share(self) -> float | None:
        """NXT's part of the trading value, a fraction; None where it has no meaning."""
        if self.krx_trading_value is None or self.nxt_trading_value is None:
            return None
        if not self.listing.on_nxt:
            return 0.0
        return (
            self.nxt_trading_value / self.trading_value if self.trading_value else None
        )


def _read_only(array: "NDArray[np.generic]") -> "NDArray[np.generic]":
    array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False, kw_only=True)
class MarketFrame:
    """Every listed stock's quote over one sweep of one venue.

    Columns are read-only arrays of shape ``(len(listings),)`` in the order of
    ``listings``. Where ``known`` is False the figures are zeros without meaning.
    Two frames are equal when their keys are.

    Attributes:
        listings: What was to be quoted: the venue's listings of ``kinds``.
        venue: KRX, NXT, or ALL (the two added per code; price and base are KRX's).
        kinds: The pool that was swept.
        session: The trading day the figures belong to.
        as_of_from: When the sweep began.
        as_of: When it ended; of ALL, the older of the two ends.
        price, base_price, open, high, low: int64, won.
        volume: int64, shares since the open.
        trading_value: int64, won since the open.
        known: bool; there is a quote of this session.
        carried: bool; the quote is of an earlier sweep of this session.
        suspect: bool; value ÷ volume lies outside [low, high] by more than 5 %.
        marks: int64, `domain.marks.Mark` of the session as numbers; None: not told.
        parts: For ALL, the KRX and NXT trading values, int64 won; else empty.
        official: The exchange's own totals at the time; KRX only.
        is_final: Taken after the venue's last trade of the session.
    """

    listings: Listings
    venue: Venue
    kinds: frozenset[Kind]
    session: date
    as_of_from: datetime
    as_of: datetime
    price: "Column"
    base_price: "Column"
    open: "Column"
    high: "Column"
    low: "Column"
    volume: "Column"
    trading_value: "Column"
    known: "Mask"
    carried: "Mask"
    suspect: "Mask"
    marks: "Column | None" = None
    parts: Mapping[Venue, "Column"] = field(default_factory=dict)
    official: OfficialTotals = NO_TOTALS
    is_final: bool = False

    def __post_init__(self) -> None:
        """Shapes agree, and nobody writes into a published frame."""
        shape = (len(self.listings),)
        for name in (*COLUMNS, "known", "carried", "suspect"):
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name}: {array.shape}, listings: {shape}")
            _read_only(array)
        if self.marks is not None:
            if self.marks.shape != shape:
                raise ValueError(f"marks: {self.marks.shape}, listings: {shape}")
            _read_only(self.marks)
        for array in self.parts.values():
            _read_only(array)

    @property
    def key(self) -> tuple[Venue, frozenset[Kind], date, datetime, datetime]:
        """What makes this frame this frame."""
        return (self.venue, self.kinds, self.session, self.as_of_from, self.as_of)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, MarketFrame) and self.key == other.key

    @override
    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_complete(self) -> bool:
        """Whether there is a quote of every listing."""
        return bool(self.known.all())

    @cached_property
    def market(self) -> "NDArray[np.int8]":
        """The market of each row, ``int(Market)``."""
        return np.array([item.market for item in self.listings], dtype=np.int8)

    @cached_property
    def kind(self) -> "NDArray[np.int8]":
        """The kind of each row, ``int(Kind)``."""
        return np.array([item.kind for item in self.listings], dtype=np.int8)

    @cached_property
    def flags(self) -> "NDArray[np.int32]":
        """The flags of each row, ``int(Flag)``."""
        return np.array([item.flags for item in self.listings], dtype=np.int32)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Codes without a quote of this session."""
        return tuple(
            self.listings[int(row)].ticker for row in np.flatnonzero(~self.known)
        )

    def quote(self, row: int) -> Quote:
        """One known row."""
        value = Won(int(self.trading_value[row]))
        krx = self.parts.get(Venue.KRX)
        nxt = self.parts.get(Venue.NXT)
        return Quote(
            listing=self.listings[row],
            price=Won(int(self.price[row])),
            base_price=Won(int(self.base_price[row])),
            volume=Shares(int(self.volume[row])),
            trading_value=value,
            krx_trading_value=_part(krx, row, value, own=self.venue is Venue.KRX),
            nxt_trading_value=_part(nxt, row, value, own=self.venue is Venue.NXT),
            carried=bool(self.carried[row]),
            suspect=bool(self.suspect[row]),
        )


def _part(column: "Column | None", row: int, value: Won, *, own: bool) -> Won | None:
    if column is not None:
        return Won(int(column[row]))
    return value if own else None
