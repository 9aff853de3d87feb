"""What was told, as a client reads it."""

import orjson

from adapters.mcp_server.numbers import percent, two_decimals
from domain.alerting import AlertBook, Alerted
from domain.session import KST

NOTHING = (
    "아직 알림이 없습니다. 장중에 시세를 지켜보는 서버(serve --http)가 새 시세마다 "
    "살펴보고 여기에 더합니다."
)


def alert_state(book: AlertBook) -> str:
    """JSON; without alerts it says so."""
    stocks = [_row(each) for each in book.newest_first]
    return orjson.dumps(
        {
            "session": book.session,
            "as_of": book.as_of and book.as_of.astimezone(KST),
            "source": book.source and book.source.name,
            "simulated": bool(book.source and book.source.simulated),
            "count": len(stocks),
            "stocks": stocks,
            "notes": [] if stocks else [NOTHING],
        }
    ).decode()


def _row(stock: Alerted) -> dict[str, object]:
    return {
        "stock_code": str(stock.ticker),
        "stock_name": stock.name,
        "market_type": stock.market.name,
        "level": stock.level.value,
        "level_before": stock.before and stock.before.value,
        "alerted_at": stock.at.astimezone(KST),
        "trading_value": int(stock.trading_value),
        "times_expected": two_decimals(stock.times_expected),
        "price_change_rate": percent(stock.change_rate),
        "reasons": list(stock.reasons),
    }
