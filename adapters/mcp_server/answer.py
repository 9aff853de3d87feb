"""What every structured answer says of the question and of itself."""

from datetime import datetime
from typing import Any

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.numbers import percent
from domain.frame import Quote
from domain.listing import Flag, Kind
from domain.provenance import AsOf, Coverage
from domain.session import KST

Structured = dict[str, Any]


def instant(at: datetime) -> str:
    """ISO 8601 with +09:00, to the millisecond."""
    return at.astimezone(KST).isoformat(timespec="milliseconds")


def answer_of(
    asked: Arguments,
    as_of: AsOf,
    *,
    total: int | None,
    next_offset: int | None,
    **parts: Any,
) -> Structured:
    """The answer to a question: as it was asked, then its parts and what it rests on.

    Args:
        asked: Every criterion, defaults included; lists in the schema's order.
        as_of: What the answer rests on.
        total: Rows that qualify.
        next_offset: Where the next page begins.
        parts: Rows, summary, and criteria as they were applied.
    """
    return {
        "timestamp": instant(as_of.as_of),
        **asked.model_dump(mode="json"),
        "kinds": [kind.name for kind in Kind if kind.name in asked.kinds],
        "exclude": [flag.name for flag in Flag if flag.name in asked.exclude],
        **parts,
        "total": total,
        "next_offset": next_offset,
        "meta": meta(as_of),
    }


def stock(rank: int, quote: Quote) -> Structured:
    """Which stock a row is of, and its rank."""
    listing = quote.listing
    return {
        "rank": rank,
        "stock_code": str(listing.ticker),
        "stock_name": listing.name,
        "market_type": listing.market.name,
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
