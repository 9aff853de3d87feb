"""The tables of windows that are being filled, and of the bars staged for them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import sqlalchemy as sql
import structlog
from sqlalchemy import Connection

from adapters.archive.packing import DAMAGE, pack_columns, unpack_columns
from adapters.archive.schema import staged_bars, windows
from application.ports.archive import Window
from domain.bars import MARKED_COLUMNS, StockBars
from domain.errors import MarketDataUnavailableError, VolumeRankingError
from domain.listing import Shares, Ticker, Venue

_DAYS = "sessions"
_COLUMNS = MARKED_COLUMNS

_log = structlog.get_logger(__name__)


class FillingRows:
    """Windows and staged bars within one transaction.

    Args:
        connection: With the writer's lock where something is to be kept.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def windows(self) -> tuple[Window, ...]:
        """Newest first."""
        wanted = sql.select(windows).order_by(
            windows.c.last.desc(), windows.c.first.desc(), windows.c.venue
        )
        return tuple(
            Window(venue=Venue(row.venue), first=row.first, last=row.last)
            for row in self._connection.execute(wanted)
        )

    def begin(self, window: Window) -> int:
        """The number of the window, which is there from now on."""
        number = self._number(window)
        if number is not None:
            return number
        new = sql.insert(windows).values(
            venue=window.venue.value, first=window.first, last=window.last
        )
        return int(self._connection.execute(new.returning(windows.c.id)).scalar_one())

    def end(self, window: Window) -> None:
        """Lets the window go; its bars go with it."""
        self._connection.execute(sql.delete(windows).where(*_same(window)))

    def staged(self, window: Window) -> frozenset[Ticker]:
        """Whose bars are in."""
        wanted = sql.select(staged_bars.c.ticker).where(
            staged_bars.c.window == self._number(window)
        )
        rows = self._connection.execute(wanted).scalars()
        return frozenset(Ticker(ticker) for ticker in rows)

    def stage(self, window: Window, packed: Sequence[dict[str, object]]) -> None:
        """Puts bars in, each in place of an earlier one of its stock."""
        number = self._number(window)
        if not packed or number is None:
            return
        tickers = [row["ticker"] for row in packed]
        old = staged_bars.c.ticker.in_(tickers) & (staged_bars.c.window == number)
        self._connection.execute(sql.delete(staged_bars).where(old))
        rows = [{"window": number, **row} for row in packed]
        self._connection.execute(sql.insert(staged_bars), rows)

    def after(
        self, window: Window, ticker: str, count: int
    ) -> list[StockBars | Ticker]:
        """The next stocks' bars by ticker; of one that cannot be read its ticker."""
        wanted = (
            sql.select(staged_bars)
            .where(staged_bars.c.window == self._number(window))
            .where(staged_bars.c.ticker > ticker)
            .order_by(staged_bars.c.ticker)
            .limit(count)
        )
        found: list[StockBars | Ticker] = []
        for _, code, shares, content in self._connection.execute(wanted):
            try:
                found.append(_unpacked(window, code, shares, content))
            except (*DAMAGE, VolumeRankingError):
                found.append(Ticker(code))
        return found

    def refetch(self, window: Window, tickers: Sequence[Ticker]) -> None:
        """Lets stocks' bars go, so that they are asked for again."""
        same = staged_bars.c.window == self._number(window)
        old = sql.delete(staged_bars).where(same, staged_bars.c.ticker.in_(tickers))
        self._connection.execute(old)
        _log.warning("archive.bars_unreadable", tickers=list(tickers))

    def _number(self, window: Window) -> int | None:
        wanted = sql.select(windows.c.id).where(*_same(window))
        return self._connection.execute(wanted).scalar()


def unreadable(tickers: Sequence[Ticker]) -> MarketDataUnavailableError:
    """Bars that were staged and cannot be read; they have been let go."""
    return MarketDataUnavailableError(
        f"보관소에 쌓아 둔 {tickers[0]} 등 {len(tickers)}종목의 일봉이 손상되어"
        " 지웠습니다."
        " 과거 채우기(backfill)를 다시 실행하면 그 종목만 다시 받습니다.",
        retry_after=1,
    )


def pack_bars(bars: StockBars) -> dict[str, object]:
    """A stock's bars as they are kept."""
    days = np.array([day.toordinal() for day in bars.sessions], dtype=np.int64)
    columns = {name: getattr(bars, name) for name in _COLUMNS}
    return {
        "ticker": str(bars.ticker),
        "listed_shares": bars.listed_shares,
        "content": pack_columns({_DAYS: days, **columns}),
    }


def _unpacked(
    window: Window, ticker: str, shares: int | None, content: bytes
) -> StockBars:
    columns = unpack_columns(content)
    days = columns.pop(_DAYS).tolist()
    return StockBars(
        ticker=Ticker(ticker),
        venue=window.venue,
        sessions=tuple(date.fromordinal(day) for day in days),
        listed_shares=None if shares is None else Shares(shares),
        **columns,
    )


def _same(window: Window) -> tuple["sql.ColumnElement[bool]", ...]:
    return (
        windows.c.venue == window.venue.value,
        windows.c.first == window.first,
        windows.c.last == window.last,
    )
