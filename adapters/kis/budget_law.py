"""One budget for many processes: a pace, and a line before it; no I/O.

``budget_law.lua`` says the same for Redis; a test compares the two call by call.
"""

from dataclasses import dataclass, field

from adapters.kis.line import Line
from adapters.kis.pace import LONG_AGO, Pace, PaceState

GRACE = 1 / 8
"""Of a gap: how long a free slot is left to each process that is ahead.

Half a gap is made up for by the pace, so as many as ``GRACED`` may be late, or gone,
and cost nothing.
"""

GRACED = 4
BACKWARDS = 1.0
"""Seconds that a clock may go back and be waited for."""


@dataclass(slots=True, kw_only=True)
class LawState:
    """What the processes share.

    Attributes:
        at: The last instant at which anything was asked.
        pace: When the next call may go.
        line: Whose turn it is.
    """

    at: float = LONG_AGO
    pace: PaceState = field(default_factory=PaceState)
    line: Line = field(default_factory=Line)


class BudgetLaw:
    """Grants one process at a time; all times are of one clock that all share.

    Args:
        rate: Calls a second without refusals, as this process is configured.
        state: What is shared; changed in place.
    """

    def __init__(self, rate: float, state: LawState) -> None:
        self.state = state
        self._pace = Pace(rate, state.pace)

    def take(self, name: str, priority: int, now: float) -> float:
        """0 when ``name`` may call at once; else the seconds after which to ask again.

        Whoever is ahead has a moment at a free slot, then it is anyone's: a process
        that ended or is busy holds nobody up.
        """
        asked, now = now, self._forward(now)
        free = self._pace.free_at(now)
        ahead = self.state.line.join(name, priority, now)
        turn = free + min(ahead, GRACED) * GRACE / self._pace.rate
        if turn <= now:
            self._pace.grant(now)
            self.state.line.leave(name)
            return 0.0
        self.state.line.expect(name, turn)
        return turn - asked

    def refuse(self, times: int, now: float) -> None:
        """Notes refusals, which slow everyone; none brings the rate up to date."""
        now = self._forward(now)
        for _ in range(times):
            self._pace.refuse(now)
        self._pace.free_at(now)

    def _forward(self, now: float) -> float:
        """An instant not before the last one; another clock's past is not trusted."""
        if now < self.state.at - BACKWARDS:
            self.state.pace = self._pace.state = PaceState()
            self.state.line = Line()
            self._pace.assume_spent(now, spread=False)
            self.state.at = now
        self.state.at = max(self.state.at, now)
        return self.state.at
