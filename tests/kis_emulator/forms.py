"""How the broker writes numbers: strings, no separators, two decimals, own minus."""

from tests.kis_emulator.figures import Quote


def ratio(part: int, whole: int, *, most: float | None = None) -> str:
    """Part of whole in percent, half up on the magnitude; 0.00 over nothing."""
    if whole == 0:
        return "0.00"
    hundredths = (abs(part) * 20_000 + abs(whole)) // (2 * abs(whole))
    if most is not None:
        hundredths = min(hundredths, round(most * 100))
    minus = "-" if (part < 0) != (whole < 0) and hundredths and part else ""
    return f"{minus}{hundredths // 100}.{hundredths % 100:02d}"


def hundredths(value: int) -> str:
    """An integer count of hundredths as a decimal, as index levels are."""
    minus = "-" if value < 0 else ""
    return f"{minus}{abs(value) // 100}.{abs(value) % 100:02d}"


def sign_of(change: int) -> str:
    """전일대비부호 without limits: 2 up, 3 level, 5 down."""
    if change == 0:
        return "3"
    return "2" if change > 0 else "5"


def sign(quote: Quote) -> str:
    """전일대비부호: also 1 at the upper and 4 at the lower limit."""
    if quote.volume and quote.price == quote.upper:
        return "1"
    if quote.volume and quote.price == quote.lower:
        return "4"
    return sign_of(quote.change)
