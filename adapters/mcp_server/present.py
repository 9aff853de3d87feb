"""From domain results to the structured answers of the schemas."""

from datetime import datetime
from typing import Any

from adapters.mcp_server.numbers import percent, two_decimals
from application.check_health import Health
from application.rank_by_trading_value import RankingQuery, TradingValueRanking
from application.totals import Totals
from domain.listing import Flag, Kind, Market
from domain.provenance import AsOf, Coverage
from domain.ranking import RankedQuote
from domain.session import KST

Structured = dict[str, Any]

DETAILS = (
    "previous_rank",
    "rank_change",
    "market_cap",
    "foreign_ratio",
    "per",
    "turnover_rate",
)
"""Columns that need yesterday or a profile; null until those are kept."""


def instant(at: datetime) -> str:
    """ISO 8601 with +09:00, to the millisecond."""
    return at.astimezone(KST).isoformat(timespec="milliseconds")


def market_name(market: Market | None) -> str:
    """How a market is asked for."""
    return "ALL" if market is None else market.name


def trading_value_ranking(
    query: RankingQuery,
    answer: TradingValueRanking,
    *,
    include_details: bool,
    response_format: str,
) -> Structured:
    """The answer of get_volume_ranking."""
    screen = query.screen
    return {
        "timestamp": instant(answer.as_of.as_of),
        "market": market_name(query.universe.market),
        "venue": query.universe.venue.value,
        "kinds": [kind.name for kind in Kind if kind in query.universe.kinds],
        "sort_by": query.by.value,
        "count": query.count,
        "offset": query.offset,
        "min_price": screen.min_price or 0,
        "max_price": screen.max_price,
        "min_trading_value": screen.min_trading_value,
        "exclude": [flag.name for flag in Flag if flag in screen.exclude],
        "stocks": list(query.stocks),
        "include_details": include_details,
        "response_format": response_format,
        "ranking": [_row(row) for row in answer.rows],
        "total": answer.total,
        "next_offset": answer.next_offset,
        "summary": _totals(answer.totals),
        "meta": meta(answer.as_of),
    }


def _row(row: RankedQuote) -> Structured:
    quote = row.quote
    return {
        "rank": row.rank,
        "stock_code": str(quote.listing.ticker),
        "stock_name": quote.listing.name,
        "market_type": quote.listing.market.name,
        "current_price": quote.price,
        "change": quote.change,
        "change_rate": percent(quote.change_rate),
        "volume": quote.volume,
        "trading_value": quote.trading_value,
        "krx_trading_value": quote.krx_trading_value,
        "nxt_trading_value": quote.nxt_trading_value,
        "nxt_share": percent(quote.nxt_share),
        **dict.fromkeys(DETAILS),
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


def meta(as_of: AsOf) -> Structured:
    """What every answer says of itself."""
    return {
        "as_of": instant(as_of.as_of),
        "as_of_from": instant(as_of.as_of_from),
        "session": as_of.session.isoformat(),
        "phase": as_of.phase.value,
        "is_final": as_of.is_final,
        "source": as_of.source.name,
        "simulated": as_of.source.simulated,
        "venue": as_of.venue.value,
        "stale": as_of.stale,
        "age_seconds": round(as_of.age_seconds, 3),
        "coverage": _coverage(as_of.coverage) if as_of.coverage else None,
        "notes": list(as_of.notes),
    }


def _coverage(coverage: Coverage) -> Structured:
    return {
        "basis": coverage.basis.value,
        "listed": coverage.listed,
        "quoted": coverage.quoted,
        "missing": [str(code) for code in coverage.missing],
        "trading_value_share": percent(coverage.trading_value_share),
    }


def health(found: Health) -> Structured:
    """The answer of health_check."""
    return {
        "timestamp": instant(found.as_of.as_of),
        "status": found.state.value,
        "version": found.version,
        "environment": found.environment,
        "uptime_seconds": round(found.uptime.total_seconds(), 3),
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "since": instant(check.since) if check.since else None,
                "detail": check.detail,
            }
            for check in found.checks
        ],
        "settings": dict(found.settings),
        "meta": meta(found.as_of),
    }
