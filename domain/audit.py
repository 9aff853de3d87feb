"""Whether a swept frame can be believed: ranges, totals, and nothing that runs back."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame
from domain.listing import Kind, Market, Shares, Venue, Won
from domain.screening import Universe

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 0.05
"""How far value ÷ volume may lie outside [low, high]: block deals (대량매매) do."""

MOST_BACKWARD = 0.01
"""Share of traded rows that may fall (cancelled trades) before the sweep is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A dated daily bar of one heavy stock: quotes carry no date, this does.

    Attributes:
        session: The newest bar's date.
        open: Its opening price, won; 0 where nothing traded yet.
        volume: Its shares, at the time it was read, before the sweep.

    Source: KIS inquire-daily-itemchartprice, FHKST03010100.
    """

    ticker: str
    session: date
    open: Won
    volume: Shares


def bears_out(witness: Witness, frame: MarketFrame) -> bool | None:
    """Whether the frame's quote of that stock is of the bar's session.

    The bar was read before the sweep, so the quote has at least its volume; and
    both have the same opening price, which a quote of the day before has only by
    a rare chance. A bar before the first trade bears out only a quote without one:
    any other may be of the day before. None where the frame has no quote of it.
    """
    row = frame.listings.row_of.get(witness.ticker)
    if row is None or not frame.known[row]:
        return None
    volume = int(frame.volume[row])
    if not witness.volume:
        return not volume
    return volume >= witness.volume and int(frame.open[row]) == witness.open


def with_suspects(frame: MarketFrame) -> MarketFrame:
    """The frame with rows flagged whose mean price lies outside their range."""
    return replace(frame, suspect=suspects(frame))


def suspects(frame: MarketFrame) -> "NDArray[np.bool_]":
    """Traded rows where low ≤ value ÷ volume ≤ high does not hold within 5 %."""
    traded = frame.known & (frame.volume > 0) & (frame.high > 0)
    mean = np.divide(
        frame.trading_value, frame.volume, out=np.zeros(len(traded)), where=traded
    )
    inside = (mean >= frame.low * (1 - TOLERANCE)) & (
        mean <= frame.high * (1 + TOLERANCE)
    )
    return traded & ~inside


def runs_back(frame: MarketFrame, earlier: MarketFrame | None) -> bool:
    """Whether too many volumes fell since an earlier frame of the session."""
    if earlier is None or earlier.session != frame.session:
        return False
    then = np.array(
        [earlier.listings.row_of.get(x.ticker, -1) for x in frame.listings], dtype=int
    )
    both = (then >= 0) & frame.known
    both[both] = earlier.known[then[both]]
    before = earlier.volume[then[both]]
    fell = int(np.count_nonzero(frame.volume[both] < before))
    return fell > MOST_BACKWARD * max(int(np.count_nonzero(before)), 1)


def trading_value_share(frame: MarketFrame, universe: Universe) -> float | None:
    """Quoted KRX trading value of stocks ÷ the official totals, a fraction.

    None without the totals of every market asked for, and where KRX or stocks are no
    part of the universe.
    """
    krx = frame.parts.get(Venue.KRX)
    if krx is None and universe.venue is Venue.KRX:
        krx = frame.trading_value
    if krx is None or Kind.STOCK not in universe.kinds:
        return None
    official = {
        Market.KOSPI: frame.official.kospi,
        Market.KOSDAQ: frame.official.kosdaq,
    }
    asked = tuple(Market) if universe.market is None else (universe.market,)
    totals = [total for market in asked if (total := official[market]) is not None]
    if len(totals) < len(asked) or not sum(totals):
        return None
    stocks = universe.rows(frame) & (frame.kind == int(Kind.STOCK))
    return float(krx[stocks].sum()) / sum(totals)
