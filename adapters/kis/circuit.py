"""Closed, open, half-open: the law of one circuit; no I/O, no opinion on failures."""

import enum

REST = 5.0
"""Seconds between an opening and the first probe."""

REST_AT_MOST = 60.0
"""Each probe that fails doubles the rest, up to this."""


class State(enum.StrEnum):
    """Whether calls pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Circuit:
    """Lets calls pass, or none, or one; times are of one monotonic clock, in seconds.

    Whoever enters is given a turn, and tells the outcome with it. The turn rises with
    each change, so that calls which began before the last one have no say any more.

    Attributes:
        opened_at: When it left the closed state; None while it is closed.
        retry_at: When the next probe may go, or might have gone.
    """

    def __init__(self) -> None:
        self.opened_at: float | None = None
        self.retry_at = float("-inf")
        self._rest = REST
        self._turn = 0
        self._probe_is_out = False

    def state(self, now: float) -> State:
        """Open becomes half-open by the passing of time alone."""
        if self.opened_at is None:
            return State.CLOSED
        return State.OPEN if now < self.retry_at else State.HALF_OPEN

    def enter(self, now: float) -> int | None:
        """A turn for a call that may go; None: it may not."""
        if self.opened_at is None:
            return self._turn
        if now < self.retry_at or self._probe_is_out:
            return None
        self._probe_is_out = True
        return self._turn

    def has_a_say(self, turn: int) -> bool:
        """Whether nothing has changed since this turn was given."""
        return turn == self._turn

    def leave(self, turn: int) -> None:
        """A call that ended without a verdict; a probe's place is free again."""
        if self.has_a_say(turn):
            self._probe_is_out = False

    def open(self, now: float) -> None:
        """Opens; again, and for twice as long, where it was not closed."""
        if self.opened_at is None:
            self.opened_at, self._rest = now, REST
        else:
            self._rest = min(2 * self._rest, REST_AT_MOST)
        self.retry_at = now + self._rest
        self._change()

    def close(self) -> None:
        """All pass again."""
        self.opened_at = None
        self._change()

    def _change(self) -> None:
        self._turn += 1
        self._probe_is_out = False
