"""Numbers at the edge: percent with two decimals, and won as Koreans say it."""

import math
from decimal import ROUND_HALF_UP, Decimal

EOK = 100_000_000
JO = 10_000 * EOK


def percent(fraction: float | None, decimals: int = 2) -> float | None:
    """A fraction in percent, two decimals, half up (away from zero); NaN is None."""
    if fraction is None or not math.isfinite(fraction):
        return None
    return _half_up(Decimal(repr(float(fraction))) * 100, decimals)


def two_decimals(number: float | None) -> float | None:
    """A number rounded half up to two decimals; None where it is none."""
    if number is None or not math.isfinite(number):
        return None
    return _half_up(Decimal(repr(float(number))), 2)


def average_price(amount: int, volume: int) -> float | None:
    """Won a share, two decimals, half up; None without a share."""
    return _half_up(Decimal(amount) / Decimal(volume), 2) if volume else None


def whole_number(number: float) -> int | None:
    """Rounded half up; None where it is none."""
    if not math.isfinite(number):
        return None
    return int(Decimal(repr(float(number))).quantize(Decimal(1), ROUND_HALF_UP))


def spoken_won(won: int) -> str:
    """Won in 조 and 억, of smaller sums in 만, rounded half up: ``1조 2,217억``.

    Of a negative sum the size is rounded: ``-1,234억``.
    """
    if won < 0:
        return f"-{spoken_won(-won)}"
    eok = _rounded(won, EOK)
    if eok >= 10_000:
        jo, rest = divmod(eok, 10_000)
        return f"{jo:,}조 {rest:,}억" if rest else f"{jo:,}조"
    if eok >= 10:
        return f"{eok:,}억"
    man = _rounded(won, 10_000)
    if man >= 10_000:
        eok, rest = divmod(man, 10_000)
        return f"{eok:,}억 {rest:,}만" if rest else f"{eok:,}억"
    return f"{man:,}만" if man >= 10 else f"{won:,}원"


def _half_up(exact: Decimal, decimals: int) -> float:
    """Rounded; a minus before nothing but zeros is dropped."""
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) + 0.0


def _rounded(won: int, unit: int) -> int:
    return (won + unit // 2) // unit
