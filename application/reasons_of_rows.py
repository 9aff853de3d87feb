"""Reasons beside a judgement's rows: looked for once, for those that are wanted."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.gather_evidence import GatherEvidence
from domain.causes import UNKNOWN, Cause, Reason, wants
from domain.frame import MarketFrame
from domain.listing import Market
from domain.unusual_volume import Judgement

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKED_AT = 40
"""The most unusual rows, where only those with certain reasons are wanted."""

LONGEST = timedelta(seconds=3)
"""Evidence is waited for no longer: what comes later is there for the next question."""


class Reasons:
    """What was found of the rows of one frame.

    Args:
        gather: Looks for evidence; None: nobody does, and all is unknown.
        frame: Whose rows.
        found: The verdicts on them.
    """

    def __init__(
        self, gather: GatherEvidence | None, frame: MarketFrame, found: Judgement
    ) -> None:
        self._gather = gather
        self._frame = frame
        self._found = found
        self._reasons: dict[int, tuple[Reason, ...]] = {}
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of them."""
        return tuple(self._notes)

    def of(self, row: int) -> tuple[Reason, ...]:
        """A row's; unknown where it was not looked at."""
        return self._reasons.get(row, (UNKNOWN,))

    async def look(self, rows: Sequence[int], patience: timedelta) -> None:
        """Looks at rows that were not looked at yet."""
        new = [row for row in rows if row not in self._reasons]
        if self._gather is None or not new:
            return
        gathered = await self._gather(
            self._frame,
            new,
            min(patience, LONGEST),
            market_factors=_factors(self._frame, self._found),
        )
        self._reasons |= gathered.reasons
        self._notes |= dict.fromkeys(gathered.notes)

    async def only(
        self,
        ordered: "NDArray[np.int64]",
        causes: frozenset[Cause],
        patience: timedelta,
    ) -> "NDArray[np.int64]":
        """Those rows, of the first, that have one of the causes."""
        first = [int(row) for row in ordered[:LOOKED_AT]]
        await self.look(first, patience)
        if len(ordered) > LOOKED_AT:
            told = f"사유는 점수가 높은 {LOOKED_AT}종목에서만 찾아 골랐습니다."
            self._notes[told] = None
        kept = [row for row in first if wants(self.of(row), causes)]
        return np.array(kept, dtype=np.int64)


def _factors(frame: MarketFrame, found: Judgement) -> dict[Market, float]:
    """Each market's median of times expected."""
    factors = {}
    for market in Market:
        times = found.times_expected[found.judged & (frame.market == int(market))]
        times = times[~np.isnan(times)]
        if times.size:
            factors[market] = float(np.median(times))
    return factors
