"""From the broker's daily bars to a stock's sessions; nothing is given in part."""

import itertools
from datetime import date

import numpy as np
import structlog

from adapters.kis.bar_marks import marks_of_bar
from adapters.kis.mapping import MOST
from adapters.kis.payloads.daily_bars import DailyBarRow, DailyBars
from adapters.kis.same_stock import is_same
from adapters.kis.unreadable import unreadable, unreadable_row
from domain.bars import MARKED_COLUMNS, StockBars
from domain.listing import Shares, Ticker, Venue

_RISES, _FALLS = {"1", "2"}, {"4", "5"}

_log = structlog.get_logger(__name__)


def to_stock_bars(
    ticker: Ticker, venue: Venue, bars: DailyBars, within: tuple[date, date]
) -> StockBars:
    """Every bar of both dates and between, oldest first.

    Raises:
        MarketDataMalformedError: A bar cannot be read, contradicts itself or comes
            twice, or the answer is another stock's.
    """
    for wrong in bars.bad:
        raise unreadable_row(wrong)
    if bars.head is not None and not is_same(bars.head.stck_shrn_iscd, ticker):
        raise unreadable("stck_shrn_iscd", bars.head.stck_shrn_iscd)
    first, last = within
    rows = sorted(
        (row for row in bars.good if first <= row.stck_bsop_date <= last),
        key=lambda row: row.stck_bsop_date,
    )
    sessions = tuple(row.stck_bsop_date for row in rows)
    for day, next_day in itertools.pairwise(sessions):
        if day == next_day:
            raise unreadable("stck_bsop_date", f"{day:%Y%m%d}")
    figures = [_figures(row) for row in rows]
    _tell_of_odd(ticker, venue, rows)
    table = np.array(figures, dtype=np.int64).reshape(len(rows), len(MARKED_COLUMNS))
    listed = bars.head.lstn_stcn if bars.head else None
    return StockBars(
        ticker=ticker,
        venue=venue,
        sessions=sessions,
        listed_shares=Shares(listed) if listed else None,
        **{name: table[:, place].copy() for place, name in enumerate(MARKED_COLUMNS)},
    )


def change_of(row: DailyBarRow) -> int:
    """Close less base price, won, with its sign; negative where it fell.

    Raises:
        MarketDataMalformedError: It is missing, or nothing says its direction.
    """
    change, sign = row.prdy_vrss, row.prdy_vrss_sign.strip()
    if change is None:
        raise unreadable("prdy_vrss", "")
    if change <= 0:
        return change
    if sign in _RISES:
        return change
    if sign in _FALLS:
        return -change
    raise unreadable("prdy_vrss_sign", row.prdy_vrss_sign)


def _figures(row: DailyBarRow) -> tuple[int, ...]:
    """One bar in the order of the columns, checked for what no stock can have."""
    base = row.stck_clpr - change_of(row)
    traded = (
        (row.stck_oprc, row.stck_hgpr, row.stck_lwpr, row.acml_vol, row.acml_tr_pbmn)
        if _has_traded(row)
        else (0, 0, 0, 0, 0)
    )
    if row.stck_clpr <= 0:
        raise unreadable("stck_clpr", row.stck_clpr)
    if base <= 0:
        raise unreadable("prdy_vrss", row.prdy_vrss)
    if max(row.stck_clpr, base, *traded) > MOST:
        raise unreadable("acml_tr_pbmn", max(traded))
    return (row.stck_clpr, base, *traded, int(marks_of_bar(row)))


def _has_traded(row: DailyBarRow) -> bool:
    """Whether anything did; with mod_yn Y the other figures mean nothing."""
    return row.mod_yn.strip() != "Y" and (row.acml_vol > 0 or row.acml_tr_pbmn > 0)


def _tell_of_odd(ticker: Ticker, venue: Venue, rows: list[DailyBarRow]) -> None:
    """Counts days marked as without a trade that bear a volume all the same."""
    odd = [
        row.stck_bsop_date.isoformat()
        for row in rows
        if row.acml_vol and not _has_traded(row)
    ]
    if odd:
        _log.warning(
            "kis.volume_without_trade",
            code=str(ticker),
            venue=venue.value,
            days=len(odd),
            first=odd[:5],
        )
