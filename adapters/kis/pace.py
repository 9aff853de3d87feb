"""When the next call may go: spacing, window, and what refusals do to both; no I/O."""

from dataclasses import dataclass, field

WINDOW = 1.05
"""Seconds that hold at most ``rate`` grants: a second, and the network's jitter."""

REPEAT_WITHIN = 2.0
REPEATED = 3
REPEATED_SHARE = 0.12
"""Refusals in ``REPEAT_WITHIN`` seconds that are no accident: three, and this share.

The gateway refuses at random below the limit: at 1 % of 15 a second, two in two seconds
are common and three come once in fifty sweeps. Beyond the limit four come at once.
"""

STOP = 1.0
LOWER = 0.8
FLOOR = 0.2
STEP = 0.1
STEP_AFTER = 5.0
"""Seconds before each step back up, of ``STEP`` of the configured rate."""

STEP_AFTER_AT_MOST = 60.0
"""Each further lowering makes the steps rarer by half, up to this."""


LONG_AGO = -1e9


@dataclass(slots=True, kw_only=True)
class PaceState:
    """What a pace remembers; all times are of one clock, in seconds.

    Attributes:
        share: The rate at present, of the configured one.
        next: Before this no grant, for the spacing.
        paused_until: The same after a refusal.
        stopped_until: The same after refusals that repeated.
        stepped: The last lowering's end, or the last step back up.
        step_after: Seconds from there to the next step.
        lowerings: Since the rate was last whole.
        grants: Instants of the last grants, oldest first.
        refusals: Instants of the last refusals, oldest first.
    """

    share: float = 1.0
    next: float = LONG_AGO
    paused_until: float = LONG_AGO
    stopped_until: float = LONG_AGO
    stepped: float = LONG_AGO
    step_after: float = STEP_AFTER
    lowerings: int = 0
    grants: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)


class Pace:
    """The law of the limiter, over a state that may be kept and shared.

    Processes of different rates may share one state: each goes by its own.

    Args:
        rate: Calls a second without refusals.
        state: Where others left off; a fresh one by default.
    """

    def __init__(self, rate: float, state: PaceState | None = None) -> None:
        if rate <= 0:
            raise ValueError(f"rate {rate}: must be above 0")
        self.configured = rate
        self.state = state or PaceState()

    @property
    def rate(self) -> float:
        """Calls a second at present."""
        return self.configured * self.state.share

    def free_at(self, now: float) -> float:
        """The earliest instant of the next grant; ``now`` or before if it may go."""
        self._recover(now)
        state, rate = self.state, self.rate
        held = max(state.next, state.paused_until, state.stopped_until)
        slots = max(1, int(rate))
        if len(state.grants) >= slots:
            window = WINDOW * max(1.0, slots / rate)
            held = max(held, state.grants[-slots] + window)
        return held

    def grant(self, now: float) -> None:
        """Notes a grant. One that came late may be made up for by half a gap."""
        gap = 1 / self.rate
        self.state.next = max(self.state.next + gap, now + gap / 2)
        _keep(self.state.grants, now, max(1, int(self.configured)))

    def refuse(self, now: float) -> None:
        """Notes a refusal; during a stop it is of a call already under way."""
        state, rate = self.state, self.rate
        if now < state.stopped_until:
            return
        _keep(state.refusals, now, max(1, int(self.configured)) + REPEATED)
        recent = sum(now - at <= REPEAT_WITHIN for at in state.refusals)
        if recent < max(REPEATED, REPEATED_SHARE * REPEAT_WITHIN * rate):
            state.paused_until = now + 2 * recent / rate
            return
        state.refusals.clear()
        state.stopped_until = state.stepped = now + STOP
        state.share = max(FLOOR, state.share * LOWER)
        state.step_after = min(STEP_AFTER * 1.5**state.lowerings, STEP_AFTER_AT_MOST)
        state.lowerings += 1

    def assume_spent(self, now: float, *, spread: bool) -> None:
        """Takes the window for full, where what was granted is not known.

        Args:
            now: The instant until which it is not known.
            spread: Whether those grants were spaced; else all were of this instant.
        """
        slots = max(1, int(self.configured))
        gap = 1 / self.configured if spread else 0.0
        self.state.grants = [now - gap * back for back in reversed(range(slots))]
        self.state.next = now + 1 / self.rate

    def _recover(self, now: float) -> None:
        state = self.state
        while state.share < 1.0 and now - state.stepped >= state.step_after:
            state.stepped += state.step_after
            state.share = min(1.0, state.share + STEP)
        if state.share == 1.0:
            state.lowerings = 0


def _keep(times: list[float], now: float, most: int) -> None:
    """Adds an instant; forgets the oldest beyond as many as are kept already."""
    most = max(most, len(times))
    times.append(now)
    del times[:-most]
