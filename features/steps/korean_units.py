"""Money as it is spoken: ``1조 200억``, ``5만원``."""

import re

_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
_PART = re.compile(r"([\d,]+)\s*(조|억|만|)")


def won(text: str) -> int:
    """The sum in won.

    Raises:
        ValueError: There is no number in it.
    """
    parts = _PART.findall(text.removesuffix("원"))
    if not parts:
        raise ValueError(f"돈으로 읽을 수 없습니다: {text!r}")
    return sum(int(digits.replace(",", "")) * _UNITS[unit] for digits, unit in parts)
