"""How the ranking by investor is asked, and what holds of all its rows."""

from datetime import date
from itertools import product
from typing import Any

from tests.acceptance.expected_flows import Row
from tests.acceptance.served import Answer, Served

TOOL = "get_investor_ranking"
INVESTORS = ("FOREIGN", "INSTITUTION", "INDIVIDUAL", "PROGRAM")
OWNERS = INVESTORS[:3]
TRADES = ("NET", "BUY", "SELL")
MARKETS = ("ALL", "KOSPI", "KOSDAQ")
VENUES = ("ALL", "KRX", "NXT")
UNIVERSES = list(product(MARKETS, VENUES))
QUESTIONS = list(product(INVESTORS, TRADES))
SIDES = ("top", "bottom")


def ask(product_served: Served, **question: Any) -> Answer:
    """Asks for a hundred rows."""
    answer = product_served.call(TOOL, count=100, **question)
    assert not answer.is_error, answer.text
    return answer


def read_whole(product_served: Served, **question: Any) -> tuple[Answer, list[Row]]:
    """The first answer, and the rows of every page."""
    pages = [ask(product_served, **question)]
    while (offset := pages[-1]["next_offset"]) is not None:
        pages.append(ask(product_served, offset=offset, **question))
    rows = [row for page in pages for row in page["ranking"]]
    assert {page["total"] for page in pages} == {len(rows)}
    return pages[0], rows


def adds_up(rows: list[Row]) -> bool:
    """Whether bought less sold is the net, in won and in shares."""
    return all(
        row[f"buy_{unit}"] - row[f"sell_{unit}"] == row[f"net_{unit}"]
        for row in rows
        for unit in ("amount", "volume")
    )


def of_session(summary: Row, day: date) -> Row:
    """A whole session's own totals, labelled."""
    return {**summary, "totals_session": day.isoformat(), "totals_are_live": False}
