"""How far long work has come, for those who watch it."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from application.ports.archive import Window
from domain.listing import Venue


class Stage(enum.Enum):
    """What is being done."""

    READING = "reading"
    PUBLISHING = "publishing"
    FLOWS = "flows"
    PROGRAMS = "programs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One step of it.

    Attributes:
        done: Calls that are over, of this run.
        total: Calls that this run will make, without repeats.
        venue: KRX or NXT.
        window: The stretch of sessions, where one is filled.
    """

    done: int
    total: int
    stage: Stage
    venue: Venue
    window: Window | None = None


Watcher = Callable[[Progress], None]
"""Told of each step; it must not wait."""


def unwatched(step: Progress) -> None:
    """A watcher that does not look."""
