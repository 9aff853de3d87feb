"""The whole ranking by trading value with its details, read and expected."""

from datetime import date, datetime
from typing import Any

from tests.acceptance.expected import MARKETS, Expected
from tests.acceptance.expected_details import Row
from tests.acceptance.served import Answer, Served
from tests.kis_emulator.market import SimulatedMarket

MOVEMENT = ("previous_rank", "rank_change")
DETAILS = ("market_cap", "foreign_ratio", "per", "turnover_rate")


def pages(product_served: Served, **question: Any) -> list[Answer]:
    """Every page of the whole market, all of one frame."""
    for _ in range(5):
        found = [page_of(product_served, **question)]
        while (offset := found[-1]["next_offset"]) is not None:
            found.append(page_of(product_served, offset=offset, **question))
        if len({page["timestamp"] for page in found}) == 1:
            break  # else another sweep came between
    return found


def page_of(product_served: Served, **question: Any) -> Answer:
    """One page, once it rests on the whole market."""
    return product_served.whole(count=100, include_details=True, **question)


def rows_of(found: list[Answer]) -> list[Row]:
    return [row for page in found for row in page["ranking"]]


def without(rows: list[Row], *names: str) -> list[Row]:
    """The rows, of which some columns are proven elsewhere."""
    return [{**row, **dict.fromkeys(names)} for row in rows]


def expected_on(market: SimulatedMarket, at: datetime, *, known_on: date) -> Expected:
    """Of a day's listings, as far as they were known on another."""
    expected = Expected(market, at)
    expected.listed = [
        item
        for item in market.listings_on(known_on)
        if item.market in MARKETS and market.listing_on(item.code, at.date())
    ]
    return expected
