"""What filling the past has brought, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from application.ports.archive import Window
from application.progress import Progress, Stage, Watcher
from domain.listing import Ticker, Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a run has put into the archive.

    Attributes:
        sessions: Published, by venue, ascending.
        stocks: How many stocks' bars were read, of any venue.
        failed: Whose bars could not be read, by venue; unknown in those sessions.
        coverage: KRX stocks' trading value ÷ the official totals, by session.
        calls: Calls for bars, repeats included.
    """

    sessions: Mapping[Venue, tuple[date, ...]] = field(default_factory=dict)
    stocks: int = 0
    failed: Mapping[Venue, tuple[Ticker, ...]] = field(default_factory=dict)
    coverage: Mapping[date, float] = field(default_factory=dict)
    calls: int = 0

    @property
    def lowest_coverage(self) -> tuple[date, float] | None:
        """The session with the least, and how much; None without any totals."""
        if not self.coverage:
            return None
        day = min(self.coverage, key=lambda day: (self.coverage[day], day))
        return day, self.coverage[day]

    @property
    def median_coverage(self) -> float | None:
        """Of the sessions with official totals; None without any."""
        return median(self.coverage.values()) if self.coverage else None


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run has done so far, and who is told.

    Attributes:
        total: Calls the run will make, repeats left out.
        done: Of windows that are over.
    """

    total: int
    watch: Watcher
    done: int = 0
    calls: int = 0
    stocks: set[Ticker] = field(default_factory=set)
    sessions: dict[Venue, set[date]] = field(default_factory=dict)
    failed: dict[Venue, set[Ticker]] = field(default_factory=dict)
    coverage: dict[date, float] = field(default_factory=dict)

    def tell(self, stage: Stage, window: Window, ahead: int = 0) -> None:
        """Says how far it is.

        Args:
            stage: What is being done.
            window: For which sessions.
            ahead: Calls of this window that are over.
        """
        self.watch(
            Progress(
                done=self.done + ahead,
                total=self.total,
                stage=stage,
                venue=window.venue,
                window=window,
            )
        )

    def filled(self) -> Filled:
        """The result."""
        return Filled(
            sessions={v: tuple(sorted(days)) for v, days in self.sessions.items()},
            stocks=len(self.stocks),
            failed={v: tuple(sorted(some)) for v, some in self.failed.items() if some},
            coverage=dict(sorted(self.coverage.items())),
            calls=self.calls,
        )
