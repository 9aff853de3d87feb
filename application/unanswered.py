"""What a question is told while there is no frame to answer it from."""

import asyncio
from datetime import datetime, timedelta
from typing import TypeVar

from domain.errors import MarketDataError, MarketDataUnavailableError

T = TypeVar("T")


async def in_time(flight: "asyncio.Task[T]", patience: timedelta) -> T:
    """The flight's outcome; whoever leaves does not end it.

    Raises:
        MarketDataUnavailableError: It did not come within the caller's patience.
    """
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await asyncio.shield(flight)
    except TimeoutError as late:
        raise gathering() from late


def gathering() -> MarketDataUnavailableError:
    """The market is being swept."""
    return MarketDataUnavailableError(
        "전 종목 시세를 모으는 중입니다(보통 10초, 호출 한도가 낮으면 더 걸립니다). "
        "잠시 후 다시 물어 주세요.",
        retry_after=10,
    )


def not_open(opening: datetime, now: datetime) -> MarketDataUnavailableError:
    """The day's session is to come, and nothing of the last one is kept."""
    return MarketDataUnavailableError(
        f"오늘 장은 {opening:%H:%M}에 열리고, 보관된 지난 거래일 확정 시세가 "
        f"없습니다. {opening:%H:%M} 이후에 다시 물어 주세요.",
        retry_after=(opening - now).total_seconds(),
    )


def again(failure: MarketDataError) -> MarketDataError:
    """A remembered failure to raise, without the places it was raised at before."""
    return failure.with_traceback(None)
