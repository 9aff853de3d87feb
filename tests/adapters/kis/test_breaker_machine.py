"""Whatever happens in whatever order, the breaker keeps its law."""

import math
from collections import Counter

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)

from adapters.kis.breaker import Breaker, Ticket
from adapters.kis.circuit import State
from adapters.kis.errors import KisTransientError
from domain.errors import MarketDataUnavailableError

ENDPOINTS = ("quotes", "rank", "index")
DOWN = KisTransientError("HTTP 500")


class BreakerMachine(RuleBasedStateMachine):
    """What is true of the breaker, told apart from how it is written.

    Attributes:
        era: Rises with each change of the whole; tickets are of one.
        free_at: From when a probe may go, while it is not closed.
        probe: The one call under way, while it is not closed.
        told: After how many seconds the last one turned away was to ask again.
        failures: Failed calls since the last answer, by endpoint.
    """

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(monotonic=lambda: self.now)
        self.era = 0
        self.is_open = False
        self.rest = 5.0
        self.free_at = -math.inf
        self.probe: Ticket | None = None
        self.told: float | None = None
        self.era_of: dict[int, int] = {}
        self.failures: Counter[str] = Counter()

    @rule(target=tickets, endpoint=st.sampled_from(ENDPOINTS))
    def enter(self, endpoint: str) -> object:
        may = not self.is_open or (self.now >= self.free_at and self.probe is None)
        rests = endpoint in self.breaker.stats.resting
        try:
            ticket = self.breaker.enter(endpoint)
        except MarketDataUnavailableError as error:
            self.told = error.retry_after
            assert not may or rests
            return multiple()
        assert may
        self.era_of[id(ticket)] = self.era
        if self.is_open:
            self.probe = ticket
        return ticket

    @rule(ticket=consumes(tickets))
    def answered(self, ticket: Ticket) -> None:
        self.breaker.answered(ticket)
        if self.era_of[id(ticket)] != self.era:
            return
        self.failures.clear()
        if self.is_open:
            self.era += 1
            self.is_open, self.probe = False, None

    @rule(ticket=consumes(tickets))
    def failed(self, ticket: Ticket) -> None:
        self.breaker.failed(ticket, DOWN)
        if self.era_of[id(ticket)] != self.era:
            return
        if self.is_open:
            self._opens(min(60.0, 2 * self.rest))
            return
        self.failures[ticket.endpoint] += 1
        total = self.failures.total()
        if total >= 5 and total - max(self.failures.values()) >= 2:
            self._opens(5.0)

    @rule(ticket=consumes(tickets))
    def cancelled(self, ticket: Ticket) -> None:
        self.breaker.left(ticket)
        if ticket is self.probe:
            self.probe = None

    @rule(endpoint=st.sampled_from(ENDPOINTS), calls=st.sampled_from([2, 5]))
    def one_endpoint_fails(self, endpoint: str, calls: int) -> None:
        """Soon enough for an endpoint to rest while the whole is well."""
        for _ in range(calls):
            ticket = self.enter(endpoint)
            if isinstance(ticket, Ticket):
                self.failed(ticket)

    @rule(seconds=st.sampled_from([0.5, 4.5, 5.0, 20.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: self.is_open)
    @rule()
    def the_rest_ends(self) -> None:
        self.now = max(self.now, self.free_at)

    def _opens(self, rest: float) -> None:
        self.era += 1
        self.is_open, self.probe, self.rest = True, None, rest
        self.free_at = self.now + rest
        self.failures.clear()

    @invariant()
    def says_what_it_does(self) -> None:
        state = self.breaker.stats.state
        if not self.is_open:
            assert state is State.CLOSED
        else:
            rests = self.now < self.free_at
            assert state is (State.OPEN if rests else State.HALF_OPEN)

    @invariant()
    def nobody_is_sent_away_for_long(self) -> None:
        assert self.told is None or 1.0 <= self.told <= 60.0

    @invariant()
    def endpoints_rest_only_while_the_whole_is_well(self) -> None:
        assert not (self.is_open and self.breaker.stats.resting)


BreakerMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None
)
test_the_breaker_keeps_its_law = BreakerMachine.TestCase
