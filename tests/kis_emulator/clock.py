"""The emulator's own clock: set to an instant, standing or running."""

import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")

DEFAULT_AT = datetime(2026, 11, 20, 10, 30, tzinfo=KST)
"""A plain Friday session, half past ten."""


def in_kst(at: datetime) -> datetime:
    """The instant in Korean time; a naive one is taken as Korean."""
    return at.replace(tzinfo=KST) if at.tzinfo is None else at.astimezone(KST)


class EmulatorClock:
    """Tells the emulator's time, whatever the machine's is; safe across threads.

    It stands still unless ``speed`` (emulated seconds a real one) is above zero.
    """

    def __init__(self, at: datetime = DEFAULT_AT, *, speed: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._at = in_kst(at)
        self._since = time.monotonic()
        self._speed = speed

    def now(self) -> datetime:
        """The emulated instant, Korean time."""
        with self._lock:
            return self._read()

    def set(self, at: datetime) -> None:
        """Jumps to an instant; running or standing as before."""
        with self._lock:
            self._at, self._since = in_kst(at), time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Jumps ahead (or back)."""
        with self._lock:
            self._at, self._since = self._read() + by, time.monotonic()

    def run(self, *, speed: float = 1.0) -> None:
        """Runs from here on."""
        with self._lock:
            self._at, self._since = self._read(), time.monotonic()
            self._speed = speed

    def freeze(self) -> None:
        """Stands still from here on."""
        self.run(speed=0.0)

    def _read(self) -> datetime:
        ran = (time.monotonic() - self._since) * self._speed
        return self._at + timedelta(seconds=ran)
