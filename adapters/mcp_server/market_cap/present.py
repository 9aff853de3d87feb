"""From the ranking by market capitalisation to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of, stock
from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.numbers import percent, two_decimals
from application.rank_by_market_cap import CapTotals, LargeStock, MarketCapRanking

DETAILS = ("trading_value_rank", "foreign_ratio", "per", "pbr")
"""Columns that concise leaves out."""


def structured(asked: Arguments, found: MarketCapRanking) -> Structured:
    """The answer of get_market_cap_ranking."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        ranking=[_row(asked, row) for row in found.rows],
        summary=_summary(found.totals),
    )


def _row(asked: Arguments, row: LargeStock) -> Structured:
    quote = row.quote
    whole = {
        **stock(row.rank, quote),
        "market_cap": row.market_cap,
        "market_cap_rank_change": row.rank_change,
        "current_price": quote.price,
        "change_rate": percent(quote.change_rate),
        "trading_value": quote.trading_value,
        "trading_value_rank": row.trading_value_rank,
        "weight_in_market": percent(row.weight),
        "foreign_ratio": percent(row.details.foreign_ratio),
        "per": two_decimals(row.details.per),
        "pbr": two_decimals(row.details.pbr),
    }
    return whole if asked.detailed else {**whole, **dict.fromkeys(DETAILS)}


def _summary(totals: CapTotals) -> Structured:
    return {
        "total_market_cap": totals.total,
        "top10_concentration": percent(totals.top10),
        "average_per": two_decimals(totals.per.average),
        "average_pbr": two_decimals(totals.pbr.average),
        "per_counted": totals.per.counted,
        "loss_making": totals.per.negative,
        "pbr_counted": totals.pbr.counted,
        "negative_book": totals.pbr.negative,
    }
