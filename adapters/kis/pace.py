"""When the next call may go: spacing, window, and what refusals do to both; no I/O."""

from collections import deque

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


class Pace:
    """The law of the limiter; all times are of one monotonic clock, in seconds.

    Attributes:
        configured: Calls a second without refusals.
        rate: Calls a second at present.
    """

    def __init__(self, rate: float) -> None:
        if rate <= 0:
            raise ValueError(f"rate {rate}: must be above 0")
        self.configured = rate
        self.rate = rate
        self._next = float("-inf")
        self._paused_until = float("-inf")
        self._stopped_until = float("-inf")
        self._stepped = float("-inf")
        self._step_after = STEP_AFTER
        self._lowerings = 0
        self._grants: deque[float] = deque(maxlen=max(1, int(rate)))
        self._refusals: deque[float] = deque(maxlen=max(1, int(rate)) + REPEATED)

    def free_at(self, now: float) -> float:
        """The earliest instant of the next grant; ``now`` or before if it may go."""
        self._recover(now)
        held = max(self._next, self._paused_until, self._stopped_until)
        slots = max(1, int(self.rate))
        if len(self._grants) >= slots:
            window = WINDOW * max(1.0, slots / self.rate)
            held = max(held, self._grants[-slots] + window)
        return held

    def grant(self, now: float) -> None:
        """Notes a grant. One that came late may be made up for by half a gap."""
        gap = 1 / self.rate
        self._next = max(self._next + gap, now + gap / 2)
        self._grants.append(now)

    def refuse(self, now: float) -> None:
        """Notes a refusal; during a stop it is of a call already under way."""
        if now < self._stopped_until:
            return
        self._refusals.append(now)
        recent = sum(now - at <= REPEAT_WITHIN for at in self._refusals)
        if recent < max(REPEATED, REPEATED_SHARE * REPEAT_WITHIN * self.rate):
            self._paused_until = now + 2 * recent / self.rate
            return
        self._refusals.clear()
        self._stopped_until = self._stepped = now + STOP
        self.rate = max(self.configured * FLOOR, self.rate * LOWER)
        self._step_after = min(STEP_AFTER * 1.5**self._lowerings, STEP_AFTER_AT_MOST)
        self._lowerings += 1

    def _recover(self, now: float) -> None:
        while self.rate < self.configured and now - self._stepped >= self._step_after:
            self._stepped += self._step_after
            self.rate = min(self.configured, self.rate + self.configured * STEP)
        if self.rate == self.configured:
            self._lowerings = 0
