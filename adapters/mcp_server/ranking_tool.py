"""The tool get_volume_ranking: arguments in, rows and text out."""

from collections.abc import Callable, Coroutine
from functools import reduce
from operator import or_
from typing import Annotated, Any

from mcp.types import CallToolResult, TextContent

from adapters.mcp_server import present, text
from adapters.mcp_server.errors import explained
from adapters.mcp_server.parameters import (
    DetailsParameter,
    ExcludeParameter,
    FormatParameter,
    KindsParameter,
    MarketParameter,
    MaxPriceParameter,
    MinPriceParameter,
    MinTradingValueParameter,
    OffsetParameter,
    SortParameter,
    StocksParameter,
    VenueParameter,
    count_parameter,
    usual_count,
)
from adapters.mcp_server.schema import VolumeRankingOutput
from application.rank_by_trading_value import RankByTradingValue, RankingQuery
from domain.errors import VolumeRankingError
from domain.listing import NO_FLAGS, Flag, Kind, Market, Venue, Won
from domain.ranking import Measure
from domain.screening import Screen, Universe

Tool = Callable[..., Coroutine[Any, Any, CallToolResult]]

DESCRIPTION = """Rank Korean stocks by trading value (거래대금 순위): where the money is.

Use it for the most traded stocks of KOSPI, KOSDAQ or both, on KRX, NXT or the two
added (default), for where named stocks stand (stocks), or to page the whole market
(offset). Figures are cumulative since the open of the running session, else those of
the last one: meta.session, meta.is_final (확정/잠정) and meta.notes say which, and what
is missing. Money is in won, rates in percent, times +09:00. Not for growth against
past days, for investors, or for foreign stocks."""  # noqa: E501 - Hangul is wide


def volume_ranking_tool(rank: RankByTradingValue) -> Tool:
    """The tool's function over the use case; ``count`` ends at the use case's cap."""
    usual = usual_count(rank.highest_count)

    async def get_volume_ranking(  # noqa: PLR0913, PLR0917 - they are the schema
        market: MarketParameter = "ALL",
        venue: VenueParameter = "ALL",
        kinds: KindsParameter = ["STOCK"],  # noqa: B006 - copied by pydantic, never kept
        sort_by: SortParameter = "trading_value",
        count: int = usual,  # its bounds are put in below
        offset: OffsetParameter = 0,
        min_price: MinPriceParameter = 0,
        max_price: MaxPriceParameter = None,
        min_trading_value: MinTradingValueParameter = 0,
        exclude: ExcludeParameter = [],  # noqa: B006 - copied by pydantic, never kept
        stocks: StocksParameter = [],  # noqa: B006 - copied by pydantic, never kept
        include_details: DetailsParameter = True,
        response_format: FormatParameter = "detailed",
    ) -> Annotated[CallToolResult, VolumeRankingOutput]:
        try:
            query = RankingQuery(
                universe=Universe(
                    market=None if market == "ALL" else Market[market],
                    venue=Venue(venue),
                    kinds=frozenset(Kind[kind] for kind in kinds),
                ),
                screen=Screen(
                    min_price=Won(min_price) if min_price else None,
                    max_price=None if max_price is None else Won(max_price),
                    min_trading_value=Won(min_trading_value),
                    exclude=reduce(or_, (Flag[flag] for flag in exclude), NO_FLAGS),
                ),
                by=Measure(sort_by),
                count=count,
                offset=offset,
                stocks=tuple(stocks),
            )
            answer = await rank(query)
        except VolumeRankingError as error:
            return explained(error)
        shown = text.trading_value_ranking(
            query, answer, response_format=response_format
        )
        structured = present.trading_value_ranking(
            query,
            answer,
            include_details=include_details,
            response_format=response_format,
        )
        return CallToolResult(
            content=[TextContent(type="text", text=shown)],
            structured_content=structured,
        )

    get_volume_ranking.__doc__ = DESCRIPTION
    annotations = get_volume_ranking.__annotations__
    annotations["count"] = count_parameter(rank.highest_count)
    return get_volume_ranking
