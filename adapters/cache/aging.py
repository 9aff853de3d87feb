"""What a value's age allows."""

import enum
from datetime import datetime, timedelta
from typing import Any

from application.ports.cache import Held, Lifetime

SKEW = timedelta(seconds=1)
"""How far the clocks of replicas may differ."""


class Age(enum.IntEnum):
    """How old a value is for its lifetime, younger ones first."""

    FRESH = enum.auto()
    SERVABLE = enum.auto()
    KEPT = enum.auto()
    OVER = enum.auto()
    """Too old; or of an instant to come: a clock was set back, and it tells nothing."""


def age_of(held: Held[Any] | None, lifetime: Lifetime, now: datetime) -> Age:
    """Where the value stands; a stale one is never fresh, and none is over."""
    if held is None:
        return Age.OVER
    age = now - held.as_of
    if age < -SKEW:
        return Age.OVER
    if age < lifetime.fresh and not held.stale:
        return Age.FRESH
    if age < lifetime.servable:
        return Age.SERVABLE
    return Age.KEPT if age < lifetime.kept else Age.OVER
