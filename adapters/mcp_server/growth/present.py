"""From the ranking by growth to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of, stock
from adapters.mcp_server.growth.arguments import GrowthArguments
from adapters.mcp_server.numbers import percent
from application.rank_by_growth import GrownStock, GrowthRanking


def structured(asked: GrowthArguments, found: GrowthRanking) -> Structured:
    """The answer of get_volume_change_ranking."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        basis=found.basis.value,
        ranking=[_row(asked, row) for row in found.rows],
        summary={
            "ranked": found.ranked,
            "too_short_history": found.too_short_history,
        },
    )


def _row(asked: GrowthArguments, row: GrownStock) -> Structured:
    quote = row.quote
    news = row.news if asked.detailed else None
    return {
        **stock(row.rank, quote),
        "current_price": quote.price,
        "trading_value": quote.trading_value,
        "baseline_trading_value": row.baseline,
        "trading_value_change_rate": percent(row.growth_rate),
        "price_change_rate": percent(quote.change_rate),
        "news_count": news.news if news else None,
        "disclosure_count": news.disclosures if news else None,
    }
