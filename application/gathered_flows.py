"""Flows as they come, stock by stock, gathered into columns by session."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from domain.investors import FLOW_COLUMNS, Investor, InvestorFlows, StockFlows
from domain.listing import Listings, Venue

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Known = dict[Investor, "NDArray[np.bool_]"]


@dataclass(slots=True, kw_only=True)
class GatheredFlows:
    """What has been read and is not kept yet; a session takes room once it has rows.

    Attributes:
        listings: The columns' axis.
        settled: What the archive holds for good, by session.
    """

    listings: Listings
    venue: Venue
    settled: dict[date, _Known] = field(default_factory=dict)
    _columns: "dict[date, dict[Investor, dict[str, NDArray[np.int64]]]]" = field(
        default_factory=dict
    )
    _known: dict[date, _Known] = field(default_factory=dict)

    def has(self, day: date, investor: Investor, ticker: str) -> bool:
        """Whether the archive holds the stock's flow for good."""
        known = self.settled.get(day, {}).get(investor)
        return known is not None and bool(known[self.listings.row_of[ticker]])

    def settle(self, flows: InvestorFlows) -> None:
        """Remembers what the archive holds of a session."""
        rows = np.array(
            [flows.listings.row_of.get(x.ticker, -1) for x in self.listings], dtype=int
        )
        there = rows >= 0
        held = self.settled.setdefault(flows.session, self._nobody())
        for investor, known in flows.known.items():
            held[investor][there] |= known[rows[there]]

    def add(self, found: StockFlows) -> None:
        """Takes in what the archive does not hold for good."""
        row = self.listings.row_of.get(found.ticker)
        if row is None:
            return
        for investor, flow in found.flows.items():
            if self.has(found.session, investor, found.ticker):
                continue
            columns = self._columns.setdefault(found.session, {})
            if investor not in columns:
                columns[investor] = self._nothing()
            for name in FLOW_COLUMNS:
                columns[investor][name][row] = getattr(flow, name)
            known = self._known.setdefault(found.session, self._nobody())
            known[investor][row] = True

    def take(
        self, last: date, *, as_of: datetime, is_final: bool
    ) -> list[InvestorFlows]:
        """What is to be kept now, oldest session first; the table is empty after.

        Args:
            last: The session that is harvested, given last; all before it are final.
            as_of: When the last of it was read.
            is_final: Whether the harvested session's flows still change.
        """
        none = self._nothing()
        found = [
            InvestorFlows(
                listings=self.listings,
                venue=self.venue,
                session=day,
                columns={x: self._columns[day].get(x, none) for x in known},
                known=known,
                as_of=as_of,
                is_final=is_final or day < last,
            )
            for day, known in sorted(self._known.items())
        ]
        for flows in found:
            if flows.is_final:
                self.settle(flows)
        self._columns, self._known = {}, {}
        return found

    def _nothing(self) -> "dict[str, NDArray[np.int64]]":
        return {x: np.zeros(len(self.listings), dtype=np.int64) for x in FLOW_COLUMNS}

    def _nobody(self) -> _Known:
        return {x: np.zeros(len(self.listings), dtype=bool) for x in Investor}
