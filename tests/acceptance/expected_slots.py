"""What the broker's time slots must say, from the emulator's truth, in plain Python."""

from datetime import datetime

from tests.acceptance.expected import percent, signed_percent
from tests.acceptance.expected_flows import MARKETS, MILLION, Row
from tests.kis_emulator.figures import Quote, Truth
from tests.kis_emulator.flows import millions
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.slots import estimates_of

SIDES = (
    *("buy_amount", "sell_amount", "buy_volume", "sell_volume"),
    *("average_buy_price", "average_sell_price"),
)
"""What no slot has."""

LEADERS = 30
"""Rows of a list of estimates."""


def slot_leaders(  # noqa: PLR0913 - as many as the question has
    truth: Truth,
    at: datetime,
    *,
    investor_type: str,
    side: str,
    market: str,
    venue: str,
) -> list[Row]:
    """The broker's thirty a market by its newest estimates, funds left out after."""
    entered = estimates_of(truth, at)
    assert entered is not None
    net = entered.foreign if investor_type == "FOREIGN" else entered.institution
    figures = truth.snapshot("J", at)
    nxt = truth.snapshot("NX", at) if venue == "ALL" else None
    turn = 1 if side == "top" else -1
    rows: list[Row] = []
    for one in MARKETS if market == "ALL" else (market,):
        leading = [
            (item, int(net[entered.row_of[item.code]]), figures.quote(item.code))
            for item in truth.listings()
            if item.market == one and item.kind != "OUT"
        ]
        told = [
            (turn * shares * quote.price, item, shares, quote)
            for item, shares, quote in leading
            if quote is not None and turn * shares > 0
        ]
        told.sort(key=lambda row: -row[0])
        rows += [
            _leader(item, shares, quote, nxt.quote(item.code) if nxt else None)
            for _, item, shares, quote in told[:LEADERS]
            if item.kind == "STOCK"
        ]
    rows.sort(key=lambda row: (-turn * row["net_amount"], row["stock_code"]))
    return [{"rank": place, **row} for place, row in enumerate(rows, 1)]


def _leader(item: Listed, shares: int, quote: Quote, nxt: Quote | None) -> Row:
    net = millions(shares * quote.price) * MILLION
    return {
        "stock_code": item.code,
        "stock_name": item.name,
        "market_type": item.market,
        **dict.fromkeys(SIDES),
        "net_amount": net,
        "net_volume": shares,
        "impact_ratio": percent(abs(net), quote.trading_value),
        "trading_value": quote.trading_value + (nxt.trading_value if nxt else 0),
        "current_price": quote.price,
        "change_rate": signed_percent(quote.change, quote.base),
    }
