"""Sums and concentrations of a market's trading value."""

from dataclasses import dataclass, replace

from domain.concentration import herfindahl, top_share
from domain.frame import MarketFrame
from domain.leaders import Leaders
from domain.listing import Market, Venue, Won
from domain.ranking import Measure, RankedQuote
from domain.screening import Universe


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums and concentrations over the universe, before any screen.

    Attributes:
        total: Won, of the market asked for; None until the whole market is held.
        kospi, kosdaq: Won, whatever market was asked for.
        official_kospi, official_kosdaq: The exchange's own, in steps of 1,000,000.
        top5, top10: Fractions of ``total``.
        herfindahl: Points, 0 to 10,000.
    """

    total: Won | None = None
    kospi: Won | None = None
    kosdaq: Won | None = None
    official_kospi: Won | None = None
    official_kosdaq: Won | None = None
    top5: float | None = None
    top10: float | None = None
    herfindahl: float | None = None


def totals_of(frame: MarketFrame, universe: Universe) -> Totals:
    """Everything, from the whole market."""
    both = replace(universe, market=None).rows(frame)
    values = frame.trading_value
    of_market = {
        market: Won(int(values[both & (frame.market == int(market))].sum()))
        for market in Market
    }
    asked = values[universe.rows(frame)]
    has_official = universe.venue is not Venue.NXT
    return Totals(
        total=Won(int(asked.sum())),
        kospi=of_market[Market.KOSPI],
        kosdaq=of_market[Market.KOSDAQ],
        official_kospi=frame.official.kospi if has_official else None,
        official_kosdaq=frame.official.kosdaq if has_official else None,
        top5=top_share(asked, 5),
        top10=top_share(asked, 10),
        herfindahl=herfindahl(asked),
    )


def totals_of_leaders(
    leaders: Leaders, universe: Universe, certified: tuple[RankedQuote, ...]
) -> Totals:
    """What is known before the whole market is: the exchange's own totals.

    On KRX alone they also serve as the sum that certified rows are a part of.
    """
    official = leaders.frame.official
    known = {
        None: _sum(official.kospi, official.kosdaq),
        Market.KOSPI: official.kospi,
        Market.KOSDAQ: official.kosdaq,
    }
    whole = known[universe.market] if universe.venue is Venue.KRX else None
    if leaders.by is not Measure.TRADING_VALUE:
        whole = None
    has_official = universe.venue is not Venue.NXT
    return Totals(
        official_kospi=official.kospi if has_official else None,
        official_kosdaq=official.kosdaq if has_official else None,
        top5=_part(certified, 5, whole),
        top10=_part(certified, 10, whole),
    )


def _sum(kospi: Won | None, kosdaq: Won | None) -> Won | None:
    return None if kospi is None or kosdaq is None else Won(kospi + kosdaq)


def _part(rows: tuple[RankedQuote, ...], k: int, whole: Won | None) -> float | None:
    if not whole or len(rows) < k:
        return None
    return sum(row.quote.trading_value for row in rows[:k]) / whole
