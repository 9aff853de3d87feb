"""How the watcher is, as the health check sees it."""

import enum
from dataclasses import dataclass
from datetime import datetime


class Mood(enum.Enum):
    """What the watcher does just now."""

    OFF = "off"
    """Nobody has started it: this process sweeps only while it is asked."""
    IDLE = "idle"
    """No venue's session runs."""
    ELSEWHERE = "elsewhere"
    """Another process watches."""
    WATCHING = "watching"
    RESTING = "resting"
    """The source fails; it tries again soon."""
    CRASHED = "crashed"
    """It failed in a way nobody foresaw, and is about to begin anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatcherState:
    """A moment of the watcher.

    Attributes:
        since: When the mood began; None before the watcher did.
        watched_from: Since when it has had a running session in its care without a
            break; None while it has none.
        last_frame: When the newest stock frame it knows of a running venue ended.
        restarts: How often it began anew, since the process started.
        crashes: How often in a row, without five good minutes between.
        error: What went wrong last, while resting or crashed; one Korean sentence, or
            the name of an unforeseen error.
    """

    mood: Mood
    since: datetime | None = None
    watched_from: datetime | None = None
    last_frame: datetime | None = None
    restarts: int = 0
    crashes: int = 0
    error: str = ""
