"""What a session did to a stock's shares or its price, as the exchange marks it."""

import enum


class Mark(enum.IntFlag):
    """Marks (락·변경 표시) of one stock on one session; several may stand together."""

    EX_RIGHTS = enum.auto()
    """권리락: new shares, paid or free, no longer come with it."""
    EX_DIVIDEND = enum.auto()
    """배당락, 중간·분기배당락."""
    EX_DISTRIBUTION = enum.auto()
    """분배락, of a fund."""
    PAR_CHANGE = enum.auto()
    """액면분할, 액면병합."""
    SPIN_OFF = enum.auto()
    """회사분할, 분할합병."""
    REDUCTION = enum.auto()
    """자본감소."""
    LONG_HALT = enum.auto()
    """장기간 정지 뒤의 재평가."""
    REVALUED = enum.auto()
    """재평가 for another reason."""
    REBASED = enum.auto()
    """The base price (기준가) is not the previous close."""
    UNTRADED = enum.auto()
    """Listed, and nothing traded that session."""


NO_MARKS = Mark(0)
