"""Tries at a source that may fail: what failed rests, and why is remembered."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from application.ports.journal import Journal
from application.rests import Rests
from domain.errors import MarketDataError, MarketDataRefusedError

FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 5.0, 60.0
"""Twice as long after each failure in a row; a refusal rests the longest at once."""


@dataclass(slots=True, kw_only=True)
class Attempts:
    """Each by its name, for the log.

    Attributes:
        event: What a failure is called in the log.
        elapsed: Seconds that only run forward.
    """

    event: str
    journal: Journal
    elapsed: Callable[[], float]
    _errors: dict[str, str] = field(default_factory=dict)
    _rests: Rests = field(
        default_factory=lambda: Rests(
            first=FIRST_REST_SECONDS, longest=LONGEST_REST_SECONDS
        )
    )

    async def succeeds(self, name: str, work: Awaitable[object]) -> bool:
        """Whether the source gave what was asked for; if not, the name rests."""
        try:
            await work
        except MarketDataError as error:
            refused = isinstance(error, MarketDataRefusedError)
            seconds = self._rests.failed(name, self.elapsed(), for_long=refused)
            self._errors[name] = str(error)
            self.journal.warning(
                self.event,
                what=name,
                kind=type(error).__name__,
                error=str(error),
                rests_for=seconds,
            )
            return False
        self._rests.succeeded(name)
        self._errors.pop(name, None)
        return True

    def pause(self, name: str, seconds: float) -> None:
        """Leaves it alone for so long, though nothing failed."""
        self._rests.pause(name, self.elapsed(), seconds)

    def left(self, name: str) -> float:
        """Seconds until it may be tried; 0 when it may be now."""
        return self._rests.left(name, self.elapsed())

    def error(self, names: Iterable[str]) -> str | None:
        """Why the first of them that fails does; None when none does."""
        return next((self._errors[x] for x in names if x in self._errors), None)
