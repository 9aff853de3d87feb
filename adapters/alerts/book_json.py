"""The book of alerts as JSON."""

from datetime import date

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.alerting import AlertBook, Alerted
from domain.errors import VolumeRankingError
from domain.listing import Market, Ticker, Won
from domain.provenance import Source
from domain.unusual_volume import Level

DAMAGE = (ValueError, KeyError, VolumeRankingError)  # pydantic's is a ValueError


class _Stock(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    name: str
    market: str
    level: Level
    before: Level | None
    at: AwareDatetime
    trading_value: int
    times_expected: float
    change_rate: float | None
    reasons: tuple[str, ...] = ()


class _Book(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    session: date | None
    as_of: AwareDatetime | None
    source: str | None
    simulated: bool = False
    stocks: tuple[_Stock, ...] = ()


def book_bytes(book: AlertBook) -> bytes:
    """The book as it is kept."""
    return orjson.dumps(
        {
            "session": book.session,
            "as_of": book.as_of,
            "source": book.source and book.source.name,
            "simulated": bool(book.source and book.source.simulated),
            "stocks": [_row(each) for each in book.newest_first],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def book_from(raw: bytes) -> AlertBook:
    """The book again.

    Raises:
        ValueError, KeyError, VolumeRankingError: It is none (`DAMAGE`).
    """
    kept = _Book.model_validate_json(raw)
    source = Source(name=kept.source, simulated=kept.simulated) if kept.source else None
    stocks = (_alerted(row) for row in kept.stocks)
    return AlertBook(
        session=kept.session,
        as_of=kept.as_of,
        source=source,
        alerted={each.ticker: each for each in stocks},
    )


def _row(stock: Alerted) -> dict[str, object]:
    return {
        "code": str(stock.ticker),
        "name": stock.name,
        "market": stock.market.name,
        "level": stock.level.value,
        "before": stock.before and stock.before.value,
        "at": stock.at,
        "trading_value": int(stock.trading_value),
        "times_expected": stock.times_expected,
        "change_rate": stock.change_rate,
        "reasons": list(stock.reasons),
    }


def _alerted(row: _Stock) -> Alerted:
    return Alerted(
        ticker=Ticker(row.code),
        name=row.name,
        market=Market[row.market],
        level=row.level,
        before=row.before,
        at=row.at,
        trading_value=Won(row.trading_value),
        times_expected=row.times_expected,
        change_rate=row.change_rate,
        reasons=row.reasons,
    )
