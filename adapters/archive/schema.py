"""The archive's tables; the same in SQLite and in PostgreSQL.

``pool`` is the kinds that were swept together, ``etf+etn``. ``axis`` is the digest of
the listings that columns run over: equal listings are kept once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from typing_extensions import override

from domain.session import KST

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at.astimezone(UTC) - _EPOCH) // _STEP


def from_micros(micros: int) -> datetime:
    """The instant, in Seoul."""
    return (_EPOCH + micros * _STEP).astimezone(KST)


class Instant(TypeDecorator[datetime]):
    """An aware instant as microseconds since 1970: exact, and sorted, everywhere."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_micros(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


ORDERED_CODE = String(7).with_variant(String(7, collation="C"), "postgresql")
"""A ticker that sorts by its letters' codes, whatever the server's language."""

tables = MetaData()

axes = Table(
    "axes",
    tables,
    Column("digest", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("tickers", LargeBinary, nullable=False),
    Column("facts", LargeBinary, nullable=False),
)

frames = Table(
    "frames",
    tables,
    Column("id", Integer, primary_key=True),
    Column("venue", String(3), nullable=False),
    Column("pool", String(32), nullable=False),
    Column("session", Date, nullable=False),
    # 0 for the session's final frame, else the microsecond of as_of.
    Column("instant", BigInteger, nullable=False),
    Column("as_of_from", Instant, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("origin", String(5), nullable=False),  # swept, or bars
    Column("official_kospi", BigInteger),
    Column("official_kosdaq", BigInteger),
    Column("dated", Date),
    Column("axis", ForeignKey("axes.digest"), nullable=False, index=True),
    UniqueConstraint("venue", "pool", "session", "instant"),
)

frame_columns = Table(
    "frame_columns",
    tables,
    Column("frame", ForeignKey("frames.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("dtype", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

profiles = Table(
    "profiles",
    tables,
    Column("session", Date, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

flows = Table(
    "flows",
    tables,
    Column("venue", String(3), primary_key=True),
    Column("session", Date, primary_key=True),
    Column("is_final", Boolean, primary_key=True),
    Column("as_of", Instant, nullable=False),
    Column("dated", Date),
    Column("axis", ForeignKey("axes.digest"), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
)

indices = Table(
    "indices",
    tables,
    Column("session", Date, primary_key=True),
    Column("code", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("change_rate", Double),
    Column("trading_value", BigInteger),
)

windows = Table(
    "windows",
    tables,
    Column("id", Integer, primary_key=True),
    Column("venue", String(3), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    UniqueConstraint("venue", "first", "last"),
)

staged_bars = Table(
    "staged_bars",
    tables,
    Column("window", ForeignKey("windows.id", ondelete="CASCADE"), primary_key=True),
    Column("ticker", ORDERED_CODE, primary_key=True),
    Column("listed_shares", BigInteger),
    Column("content", LargeBinary, nullable=False),
)
