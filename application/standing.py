"""What an answer stands on, in one word: while that is the same, so is the answer."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol

from application.market_view import MarketView
from application.recent import Recent, now
from domain.screening import Universe

MINUTE, QUIET = 60, 300
"""Seconds after which an answer is found anew, whatever else has changed unseen: while
a session runs, and once its figures are final."""


LOOKED = 0.2
"""Seconds of the loop's time for which a look is good: it is as dear as an answer."""


class Growing(Protocol):
    """Something answers rest on, that is filled behind them."""

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Tells whether an answer that was given still stands.

    Attributes:
        grows: By the name of a tool, what it rests on beside frames.
    """

    view: MarketView
    grows: Mapping[str, Sequence[Growing]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    _looks: "Recent[Hashable, tuple[float, str]]" = field(
        default_factory=lambda: Recent(1_000)
    )

    async def token(
        self, tool: str, universe: Universe, session: date | None
    ) -> str | None:
        """Frame, phase and versions; None where nothing stands and one has to wait.

        Raises:
            MarketDataError: It is before the open, and nothing was kept for it.
        """
        versions = ".".join(str(each.version) for each in self.grows.get(tool, ()))
        look = (universe, session)
        known = self._looks.get(look)
        if known is not None and now() - known[0] < LOOKED:
            return f"{known[1]}/{versions}"
        stands = await self._stands(universe, session)
        if stands is None:
            return None
        self._looks.keep(look, (now(), stands))
        return f"{stands}/{versions}"

    async def _stands(self, universe: Universe, session: date | None) -> str | None:
        """Frame, phase and minute; None where one has to wait."""
        current, timeliness = self.view.current, self.view.timeliness
        seconds = int(timeliness.clock.now().timestamp())
        due = timeliness.due_at(universe.venue).day
        if session is not None and session != due:
            return f"{session}/{due}/{seconds // QUIET}"
        if not await current.holds(universe):
            return None
        sighting = await current.seen(universe)
        frame = sighting.frame
        swept = f"{frame.as_of_from.timestamp()}-{frame.as_of.timestamp()}"
        phase = timeliness.phase(universe.venue).value
        doubt = f"{sighting.stale}{sighting.reason}"
        span = QUIET if frame.is_final and not sighting.stale else MINUTE
        return f"{frame.session}/{swept}/{phase}/{doubt}/{seconds // span}"
