"""Numbers at the edge: percent with two decimals, and won as Koreans say it."""

from decimal import ROUND_HALF_UP, Decimal

EOK = 100_000_000
JO = 10_000 * EOK


def percent(fraction: float | None, decimals: int = 2) -> float | None:
    """A fraction in percent, two decimals, half up (away from zero)."""
    if fraction is None:
        return None
    return _half_up(Decimal(repr(float(fraction))) * 100, decimals)


def two_decimals(number: float | None) -> float | None:
    """A number rounded half up to two decimals."""
    if number is None:
        return None
    return _half_up(Decimal(repr(float(number))), 2)


def spoken_won(won: int) -> str:
    """Won in 조 and 억, of smaller sums in 만, rounded half up: ``1조 2,217억``."""
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
