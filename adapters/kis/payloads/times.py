"""A time of day written ``HHMMSS``."""

from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator


def _time_of_day(value: Any) -> time:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError("not a time as HHMMSS")
    return time(int(text[:2]), int(text[2:4]), int(text[4:]))


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
"""Korean time, without a date."""
