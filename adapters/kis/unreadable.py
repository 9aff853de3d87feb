"""The error of an answer that, as a whole, is not what was recorded."""

from adapters.kis.payloads.rows import RejectedRow
from domain.errors import MarketDataMalformedError


def unreadable(field: str, value: object) -> MarketDataMalformedError:
    """Names the field and what stood there."""
    return MarketDataMalformedError(
        f"증권사 응답의 {field} 값 {str(value)[:80]!r}을(를) 읽을 수 없습니다."
        " 잠시 뒤 다시 시도해 주세요.",
        field=field,
        value=value,
    )


def unreadable_row(row: RejectedRow) -> MarketDataMalformedError:
    """The same, of a row that was rejected."""
    return unreadable(row.field, row.value)
