"""Whether a swept frame can be believed: ranges, totals, and nothing that runs back."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame, OfficialTotals
from domain.listing import Kind, Market, Shares, Venue, Won
from domain.screening import Universe

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 0.05
"""How far value ÷ volume may lie outside [low, high]: block deals (대량매매) do."""

MOST_BACKWARD = 0.01
"""Share of traded rows that may fall (cancelled trades) before the sweep is refused."""

MOSTLY = 0.95
"""Share of listings with a quote from which sums may contradict official totals."""

AGREEMENT = (0.8, 1.25)
"""Official total ÷ own sum: block deals and the seconds between calls lie inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A dated daily bar of one heavy stock: quotes carry no date, this does.

    Attributes:
        session: The newest bar's date.
        open: Its opening price, won; 0 where nothing traded yet.
        volume: Its shares, at the time it was read, before the sweep.
        volume_before: Its shares of the session before; None where there is no bar.

    Source: KIS inquire-daily-itemchartprice, FHKST03010100.
    """

    ticker: str
    session: date
    open: Won
    volume: Shares
    volume_before: Shares | None = None


def bears_out(witness: Witness, frame: MarketFrame) -> bool | None:
    """Whether the frame's quote of that stock is of the bar's session.

    The bar was read before the sweep, so the quote has at least its volume; both have
    the same opening price; and the quote's volume is not that of the day before. A bar
    before the first trade bears out only a quote without one: any other may be of the
    day before. None where the frame has no quote of it.
    """
    row = frame.listings.row_of.get(witness.ticker)
    if row is None or not frame.known[row]:
        return None
    volume = int(frame.volume[row])
    if not witness.volume:
        return not volume
    if volume == witness.volume_before != witness.volume:
        return False
    return volume >= witness.volume and int(frame.open[row]) == witness.open


def audited(frame: MarketFrame, earlier: MarketFrame | None = None) -> MarketFrame:
    """The frame with suspects flagged, and without totals its quotes contradict."""
    return replace(
        frame,
        suspect=suspects(frame) | fallen(frame, earlier),
        official=believable_totals(frame),
    )


def suspects(frame: MarketFrame) -> "NDArray[np.bool_]":
    """Rows whose figures contradict each other.

    Traded ones where low ≤ value ÷ volume ≤ high does not hold within 5 %, and those
    with a value but no volume, or the reverse.
    """
    halved = frame.known & ((frame.volume > 0) != (frame.trading_value > 0))
    traded = frame.known & (frame.volume > 0)
    mean = np.divide(
        frame.trading_value, frame.volume, out=np.zeros(len(traded)), where=traded
    )
    inside = (mean >= frame.low * (1 - TOLERANCE)) & (
        mean <= frame.high * (1 + TOLERANCE)
    )
    found: NDArray[np.bool_] = halved | (traded & ~inside)
    return found


def fallen(frame: MarketFrame, earlier: MarketFrame | None) -> "NDArray[np.bool_]":
    """Rows whose volume or value fell since an earlier frame of the session."""
    if earlier is None or earlier.session != frame.session:
        return np.zeros(len(frame.listings), dtype=bool)
    then = np.array(
        [earlier.listings.row_of.get(x.ticker, -1) for x in frame.listings], dtype=int
    )
    both = (then >= 0) & frame.known
    both[both] = earlier.known[then[both]]
    fell = np.zeros_like(both)
    for name in ("volume", "trading_value"):
        fell[both] |= getattr(frame, name)[both] < getattr(earlier, name)[then[both]]
    return fell


def runs_back(frame: MarketFrame, earlier: MarketFrame | None) -> bool:
    """Whether too many rows fell since an earlier frame of the session."""
    if earlier is None:
        return False
    traded = int(np.count_nonzero(earlier.known & (earlier.volume > 0)))
    fell = int(np.count_nonzero(fallen(frame, earlier)))
    return fell > MOST_BACKWARD * max(traded, 1)


def believable_totals(frame: MarketFrame) -> OfficialTotals:
    """The official totals without those that the quotes contradict.

    Only where nearly the whole market was quoted can a sum contradict a total. The
    index call carries no date: it may be of the day before.
    """
    if np.count_nonzero(frame.known) < MOSTLY * len(frame.listings):
        return frame.official
    stocks = frame.known & (frame.kind == int(Kind.STOCK))
    if not stocks.any():
        return frame.official

    def kept(total: Won | None, market: Market) -> Won | None:
        own = int(frame.trading_value[stocks & (frame.market == int(market))].sum())
        low, high = AGREEMENT
        return total if total is not None and low * own <= total <= high * own else None

    return OfficialTotals(
        kospi=kept(frame.official.kospi, Market.KOSPI),
        kosdaq=kept(frame.official.kosdaq, Market.KOSDAQ),
    )


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
