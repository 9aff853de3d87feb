"""From KIS payloads to the domain's words; the broker's codes and units stop here."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np

from adapters.kis.payloads.daily_bars import DailyBarRow
from adapters.kis.payloads.index_price import IndexPrice
from adapters.kis.payloads.multi_quote import MultiQuoteRow
from adapters.kis.requests import RankMeasure
from domain.audit import Witness
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.listing import Kind, Listings, Market, Shares, Venue, Won
from domain.ranking import Measure

MILLION = 1_000_000
"""Index trading values come in 백만원."""

MOST = 10**15
"""Won or shares of one stock: ten times the heaviest day of the whole market."""

INDEX_CODES = {Market.KOSPI: "0001", Market.KOSDAQ: "1001"}


def division_of(venue: Venue) -> str:
    """The market division of one venue; rankings and sweeps know no ALL.

    Raises:
        ValueError: ALL.
    """
    match venue:
        case Venue.KRX:
            return "J"
        case Venue.NXT:
            return "NX"
        case Venue.ALL:
            raise ValueError("the broker answers per venue")


def market_code_of(market: Market | None) -> str:
    """How the rankings name a market; None is both."""
    return "0000" if market is None else INDEX_CODES[market]


def rank_measure_of(measure: Measure) -> RankMeasure:
    """How the rankings name what they rank by."""
    match measure:
        case Measure.TRADING_VALUE:
            return RankMeasure.TRADING_VALUE
        case Measure.VOLUME:
            return RankMeasure.VOLUME
        case Measure.TURNOVER_RATE:
            raise ValueError("the broker's turnover is another")


def to_official_totals(
    kospi: IndexPrice | None, kosdaq: IndexPrice | None
) -> OfficialTotals:
    """The exchange's totals in won, of the precision of 백만원."""
    return OfficialTotals(
        kospi=Won(kospi.acml_tr_pbmn * MILLION) if kospi else None,
        kosdaq=Won(kosdaq.acml_tr_pbmn * MILLION) if kosdaq else None,
    )


def to_witness(ticker: str, bars: Iterable[DailyBarRow]) -> Witness | None:
    """The newest bar with a trade; a bar without one is a placeholder or a halt."""
    traded = [bar for bar in bars if bar.acml_vol]
    if not traded:
        return None
    ordered = sorted(traded, key=lambda bar: bar.stck_bsop_date, reverse=True)
    newest, before = ordered[0], ordered[1] if len(ordered) > 1 else None
    return Witness(
        ticker=ticker,
        session=newest.stck_bsop_date,
        open=Won(newest.stck_oprc),
        volume=Shares(newest.acml_vol),
        volume_before=Shares(before.acml_vol) if before else None,
    )


def to_frame(  # noqa: PLR0913 - one argument for each thing a frame is of
    listings: Listings,
    rows: Iterable[MultiQuoteRow],
    *,
    venue: Venue,
    session: date,
    swept: tuple[datetime, datetime],
    official: OfficialTotals = NO_TOTALS,
) -> MarketFrame:
    """A frame of one venue from its multi-quote rows, in won and shares.

    A row without a price is the broker's answer to a code it does not know: unknown,
    not zero; so is one with a figure that no stock can have. A row of a code that is
    not listed is left out.
    """
    columns = np.zeros((7, len(listings)), dtype=np.int64)
    known = np.zeros(len(listings), dtype=bool)
    for row in rows:
        place = listings.row_of.get(row.inter_shrn_iscd)
        if place is None or not row.inter2_prpr or not row.inter2_sdpr:
            continue
        figures = (
            row.inter2_prpr,
            row.inter2_sdpr,
            row.inter2_oprc,
            row.inter2_hgpr,
            row.inter2_lwpr,
            row.acml_vol,
            row.acml_tr_pbmn,
        )
        if max(figures) > MOST:
            continue
        columns[:, place] = figures
        known[place] = True
    price, base, opening, high, low, volume, value = (line.copy() for line in columns)
    return MarketFrame(
        listings=listings,
        venue=venue,
        kinds=frozenset(item.kind for item in listings) or frozenset(Kind),
        session=session,
        as_of_from=swept[0],
        as_of=swept[1],
        price=price,
        base_price=base,
        open=opening,
        high=high,
        low=low,
        volume=volume,
        trading_value=value,
        known=known,
        carried=np.zeros_like(known),
        suspect=np.zeros_like(known),
        marks=np.array([int(item.marks) for item in listings], dtype=np.int64),
        official=official,
    )
