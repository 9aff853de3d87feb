"""Where alerts go, and where it is kept what was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.alerting import AlertBook, Alerted, told_of
from domain.errors import VolumeRankingError
from domain.provenance import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The news of one scan.

    Attributes:
        as_of: End of the sweep.
        is_final: No trade of the session is still to come (확정, else 잠정).
        source: Of the figures; what is simulated is labelled so wherever it is told.
        stocks: All that are new, the most unusual first.
    """

    session: date
    as_of: datetime
    is_final: bool
    source: Source
    stocks: tuple[Alerted, ...]

    @property
    def shown(self) -> Sequence[Alerted]:
        """Those that a message names."""
        return told_of(self.stocks)[0]

    @property
    def more(self) -> int:
        """How many new ones it does not name: above none it is a digest."""
        return told_of(self.stocks)[1]


class NotSentError(VolumeRankingError):
    """A channel did not take an alert; one Korean sentence without any secret.

    Attributes:
        is_final: Trying again is of no use.
        retry_after: Seconds to wait at least; None where the other side named none.
    """

    def __init__(
        self,
        message: str,
        *,
        is_final: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.retry_after = retry_after


class Channel(Protocol):
    """One way to tell people."""

    @property
    def name(self) -> str:
        """What logs and the health check call it."""
        ...

    async def send(self, alert: Alert) -> None:
        """Returns once the other side has taken it.

        Raises:
            NotSentError: It did not; whoever asked may try again.
        """
        ...


class KeptAlerts(Protocol):
    """The book, for whoever comes next: a restart, or another process.

    A store that fails costs no alert: what this process kept last is loaded again.
    """

    async def load(self) -> AlertBook:
        """What was kept last, by any process; an empty book where there is none."""
        ...

    async def keep(self, book: AlertBook) -> None:
        """Replaces it."""
        ...
