"""Use cases that answer what they are told."""

from dataclasses import dataclass, field
from typing import Any

from tests.adapters.mcp_server.answers import (
    caps,
    growth,
    investors,
    sectors,
    unusual,
)

GROWTH = "get_volume_change_ranking"
INVESTORS = "get_investor_ranking"
SECTORS = "get_sector_volume_ranking"
CAPS = "get_market_cap_ranking"
UNUSUAL = "get_unusual_volume"


@dataclass
class Told:
    """A use case: its answer, or what it raises; and the queries that came."""

    answer: Any
    highest_count: int = 100
    asked: list[Any] = field(default_factory=list)

    async def __call__(self, query: Any) -> Any:
        self.asked.append(query)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def told(**others: Any) -> dict[str, Told]:
    """The use cases by their place in `UseCases`; each with its usual answer."""
    usual: dict[str, Any] = {
        "rank_by_growth": growth(),
        "rank_by_investor": investors(),
        "rank_sectors": sectors(),
        "rank_by_market_cap": caps(),
        "find_unusual_volume": unusual(),
    }
    return {name: Told(answer) for name, answer in {**usual, **others}.items()}
