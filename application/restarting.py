"""Work that should never end: a crash is logged, and it begins anew after a while."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from application.ports.journal import Journal
from application.rests import Rests

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 60.0
"""Before it begins anew; twice as long after each crash in a row."""

GOOD_SECONDS = 300.0
"""Without a crash: the next one counts as the first."""

_WORK = "work"


class CrashJournal(Journal, Protocol):
    """A log that tells a crash from a failure."""

    def error(self, event: str, **facts: object) -> object:
        """Something broke that nobody foresaw."""
        ...


@dataclass(slots=True, kw_only=True)
class Restarting:
    """Begins its work again and again.

    Attributes:
        event: What a crash is called in the log.
        elapsed: Seconds that only run forward.
        sleep: Waits for so many of them.
        restarts: How often it began anew.
    """

    event: str
    journal: CrashJournal
    elapsed: Callable[[], float]
    sleep: Callable[[float], Awaitable[object]]
    restarts: int = 0
    _began: float | None = None
    _rests: Rests = field(
        default_factory=lambda: Rests(first=FIRST_SECONDS, longest=LONGEST_SECONDS)
    )

    @property
    def crashes(self) -> int:
        """How many in a row, without five good minutes between."""
        return 0 if self._is_good() else self._rests.failures(_WORK)

    async def run(
        self,
        work: Callable[[], Awaitable[None]],
        crashed: Callable[[Exception], Awaitable[None]],
    ) -> None:
        """Until it is cancelled.

        Args:
            work: Begun again whenever it breaks.
            crashed: Tidies up after a crash; must not raise.
        """
        while True:
            self._began = self.elapsed()
            try:
                await work()
            except Exception as error:
                seconds = self._failed(error)
                await crashed(error)
                await self.sleep(seconds)
                self.restarts += 1

    def _failed(self, error: Exception) -> float:
        if self._is_good():
            self._rests.succeeded(_WORK)
        self._began = None
        seconds = self._rests.failed(_WORK, self.elapsed())
        self.journal.error(
            self.event,
            kind=type(error).__name__,
            error=str(error),
            rests_for=seconds,
            exc_info=error,
        )
        return seconds

    def _is_good(self) -> bool:
        """Whether it works, and has for long."""
        return self._began is not None and self.elapsed() - self._began >= GOOD_SECONDS
