"""Reasons that the day gives: corporate actions, listings, resumptions, expiry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.causes import Cause, Evidence, Reason
from domain.listing import Market
from domain.marks import Mark

NEW_FOR = 5
"""Sessions of a listing's first week: the price is still being found."""

TRADED_BEFORE = 15
"""Of the 20 sessions before a halt that a stock must have traded on: one that seldom
trades at all does not resume."""

BEFORE_HALT = 20

LARGEST = {Market.KOSPI: 200, Market.KOSDAQ: 150}
"""By capitalisation: how many stocks the indices have that options are written on."""

_ACTIONS = {
    Mark.EX_RIGHTS: "권리락",
    Mark.PAR_CHANGE: "액면변경",
    Mark.SPIN_OFF: "회사분할",
    Mark.REDUCTION: "자본감소",
    Mark.EX_DISTRIBUTION: "분배락",
    Mark.REVALUED: "기준가 재평가",
}
_THURSDAY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What a session is to a stock.

    Attributes:
        at: When the figures were taken; what the day gives has no other time.
        marks: Of the session's morning.
        listed_sessions: How many sessions it has been listed, today included; None:
            more than `NEW_FOR`, or not known.
        idle_sessions: Sessions in a row before this one on which a stock that
            otherwise trades did not; None where they are not known.
        is_expiry: Index futures and options expire today.
        size_rank: By capitalisation within its market, from 1; None: not known.
    """

    at: datetime
    market: Market
    marks: Mark
    listed_sessions: int | None = None
    idle_sessions: int | None = None
    is_expiry: bool = False
    size_rank: int | None = None


def reasons_of_the_day(dates: Dates) -> list[Reason]:
    """All that hold; every rule says its own threshold."""
    rules = (_corporate_action, _new_listing, _resumption, _expiry)
    return [found for rule in rules if (found := rule(dates)) is not None]


def expires_on(day: date, is_session: Callable[[date], bool]) -> bool:
    """Whether index futures and options expire: the second Thursday, or before it.

    Where that Thursday is no session, on the last session before it.

    Args:
        day: A session.
        is_session: Which days trade.
    """
    first = day.replace(day=1)
    thursday = first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 7)
    while not is_session(thursday):
        thursday -= timedelta(days=1)
    return day == thursday


def _corporate_action(dates: Dates) -> Reason | None:
    """Marked by the exchange on this very session: .8. Dividends alone are none."""
    names = [name for mark, name in _ACTIONS.items() if mark in dates.marks]
    if not names:
        return None
    text = f"오늘 {', '.join(names)}"
    return _reason(Cause.CORPORATE_ACTION, 0.8, dates, "KRX 종목정보", text)


def _new_listing(dates: Dates) -> Reason | None:
    """The first session .95, the rest of the first `NEW_FOR` .7."""
    count = dates.listed_sessions
    if count is None or not 1 <= count <= NEW_FOR:
        return None
    sure = 0.95 if count == 1 else 0.7
    text = "상장 첫날" if count == 1 else f"상장 {count}거래일째"
    return _reason(Cause.NEW_LISTING, sure, dates, "KRX 종목정보", text)


def _resumption(dates: Dates) -> Reason | None:
    """After one session without a trade .6 (it may be chance), after more .9."""
    idle = dates.idle_sessions
    if not idle:
        return None
    text = f"{idle}거래일 동안 거래가 없다가 오늘 재개"
    sure = 0.6 if idle == 1 else 0.9
    return _reason(Cause.TRADING_RESUMPTION, sure, dates, "지난 시세", text)


def _expiry(dates: Dates) -> Reason | None:
    """Of the `LARGEST` alone, whose shares the expiring contracts are settled by: .35.

    The day is sure; that it moved this stock is not.
    """
    rank = dates.size_rank
    if not dates.is_expiry or rank is None or rank > LARGEST[dates.market]:
        return None
    text = f"지수 선물·옵션 만기일, {dates.market.name} 시가총액 {rank}위"
    return _reason(Cause.INDEX_EXPIRY, 0.35, dates, "거래일정", text)


def _reason(cause: Cause, sure: float, dates: Dates, source: str, text: str) -> Reason:
    seen = Evidence(at=dates.at, source=source, text=text)
    return Reason(cause=cause, confidence=sure, evidence=(seen,))
