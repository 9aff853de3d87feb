"""From the ranking by investor to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of, stock
from adapters.mcp_server.investors.arguments import InvestorArguments
from adapters.mcp_server.numbers import average_price, percent
from application.live_flows import MarketTotals
from application.rank_by_investor import InvestorRanking, RankedFlow
from domain.investors import Flow

DETAILS = (
    "buy_volume",
    "sell_volume",
    "net_volume",
    "average_buy_price",
    "average_sell_price",
    "trading_value",
)
"""Columns that concise leaves out."""


def structured(asked: InvestorArguments, found: InvestorRanking) -> Structured:
    """The answer of get_investor_ranking."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        slot=found.slot and f"{found.slot:%H:%M}",
        ranking=[_row(asked, row) for row in found.rows],
        summary=_summary(found.totals, found.impact),
    )


def _row(asked: InvestorArguments, row: RankedFlow) -> Structured:
    quote = row.quote
    whole = {
        **stock(row.rank, quote),
        "net_amount": row.net_amount,
        "net_volume": row.net_volume,
        **_sides(row.flow),
        "impact_ratio": percent(row.impact),
        "trading_value": quote.trading_value,
        "current_price": quote.price,
        "change_rate": percent(quote.change_rate),
    }
    return whole if asked.detailed else {**whole, **dict.fromkeys(DETAILS)}


def _sides(flow: Flow | None) -> Structured:
    if flow is None:
        return dict.fromkeys(
            (
                *("buy_amount", "sell_amount", "buy_volume", "sell_volume"),
                *("average_buy_price", "average_sell_price"),
            )
        )
    return {
        "buy_amount": flow.buy_amount,
        "sell_amount": flow.sell_amount,
        "buy_volume": flow.buy_volume,
        "sell_volume": flow.sell_volume,
        "average_buy_price": average_price(flow.buy_amount, flow.buy_volume),
        "average_sell_price": average_price(flow.sell_amount, flow.sell_volume),
    }


def _summary(totals: MarketTotals | None, impact: float | None) -> Structured:
    flow = totals.flow if totals else None
    return {
        "total_buy_amount": flow.buy_amount if flow else None,
        "total_sell_amount": flow.sell_amount if flow else None,
        "total_net_amount": flow.net_amount if flow else None,
        "market_impact": percent(impact),
        "totals_session": totals.session.isoformat() if totals else None,
        "totals_are_live": totals.is_live if totals else None,
    }
