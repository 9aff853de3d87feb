"""From the ranking by trading value to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of, stock
from adapters.mcp_server.numbers import percent, two_decimals
from adapters.mcp_server.volume_ranking.arguments import VolumeRankingArguments
from application.rank_by_trading_value import RankedStock, TradingValueRanking
from application.totals import Totals

DETAILS = (
    "previous_rank",
    "rank_change",
    "market_cap",
    "foreign_ratio",
    "per",
    "turnover_rate",
)
"""Columns that need yesterday or a profile."""


def structured(asked: VolumeRankingArguments, found: TradingValueRanking) -> Structured:
    """The answer of get_volume_ranking."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        ranking=[_row(asked, row) for row in found.rows],
        summary=_totals(found.totals),
    )


def _row(asked: VolumeRankingArguments, row: RankedStock) -> Structured:
    quote = row.quote
    return {
        **stock(row.rank, quote),
        "current_price": quote.price,
        "change": quote.change,
        "change_rate": percent(quote.change_rate),
        "volume": quote.volume,
        "trading_value": quote.trading_value,
        "krx_trading_value": quote.krx_trading_value,
        "nxt_trading_value": quote.nxt_trading_value,
        "nxt_share": percent(quote.nxt_share),
        **_details(asked, row),
    }


def _details(asked: VolumeRankingArguments, row: RankedStock) -> Structured:
    """Null where not wanted, but for what is ranked by."""
    nothing: Structured = dict.fromkeys(DETAILS)
    details = row.details
    rate = percent(details.turnover_rate) if details else None
    if not asked.with_details:
        by_rate = asked.sort_by == "turnover_rate"
        return {**nothing, "turnover_rate": rate if by_rate else None}
    moves = {"previous_rank": row.previous_rank, "rank_change": row.rank_change}
    if details is None:
        return {**nothing, **moves}
    return {
        **moves,
        "market_cap": details.market_cap,
        "foreign_ratio": percent(details.foreign_ratio),
        "per": two_decimals(details.per),
        "turnover_rate": rate,
    }


def _totals(totals: Totals) -> Structured:
    return {
        "total_trading_value": totals.total,
        "kospi_trading_value": totals.kospi,
        "kosdaq_trading_value": totals.kosdaq,
        "official_kospi_trading_value": totals.official_kospi,
        "official_kosdaq_trading_value": totals.official_kosdaq,
        "top5_concentration": percent(totals.top5),
        "top10_concentration": percent(totals.top10),
        "herfindahl": two_decimals(totals.herfindahl),
    }
