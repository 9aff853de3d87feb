"""Kept flows that were read a moment ago: a question does not unpack them anew."""

from collections.abc import Callable, Coroutine, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from typing_extensions import override

from application.ports.archive import KeptFlows
from application.ports.past_data import IndexQuote
from application.recent import Recent, now
from domain.investors import InvestorFlows
from domain.listing import Venue

T = TypeVar("T")

REUSED_FOR = 60.0
"""Seconds of the loop's time: a harvest may still bring more."""


@dataclass(slots=True, kw_only=True)
class RecentFlows(KeptFlows):
    """An archive's flows and indices, each read once a minute."""

    kept: KeptFlows
    _read: "Recent[Hashable, tuple[float, Any]]" = field(
        default_factory=lambda: Recent(32)
    )

    @override
    async def keep_flows(self, flows: InvestorFlows) -> None:
        await self.kept.keep_flows(flows)

    @override
    async def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        return await self._once(
            ("flows", venue, session), lambda: self.kept.flows(venue, session)
        )

    @override
    async def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        return await self._once(
            ("sessions", venue), lambda: self.kept.flow_sessions(venue)
        )

    @override
    async def keep_indices(self, session: date, indices: Iterable[IndexQuote]) -> None:
        await self.kept.keep_indices(session, indices)

    @override
    async def indices(self, session: date) -> Mapping[str, IndexQuote]:
        return await self._once(
            ("indices", session), lambda: self.kept.indices(session)
        )

    async def _once(
        self, key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        known = self._read.get(key)
        if known is None or now() - known[0] >= REUSED_FOR:
            known = self._read.keep(key, (now(), await read()))
        found: T = known[1]
        return found
