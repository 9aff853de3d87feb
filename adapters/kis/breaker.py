"""Stops calling a broker that is down, and finds out by single calls when it is back.

Outside in: breaker → retry → limiter → one call. One breaker serves every client of one
broker: a circuit for the whole, and one for each endpoint that fails while others
answer. While the whole is not closed, the endpoints' circuits are forgotten.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from adapters.kis.circuit import Circuit, State
from adapters.kis.outage import BrokerTally, EndpointTally
from domain.errors import MarketDataUnavailableError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerStats:
    """What the breaker has seen since the start.

    Attributes:
        state: Of the whole broker.
        open_for: Seconds since it left the closed state; None while closed.
        tries_in: Seconds until the next probe may go; 0 when it may.
        resting: Endpoints that are not called, the broker being well.
        opened: How often the whole was opened, failed probes left out.
        retried: Tries beyond a call's first.
        given_up: Calls that no try could save.
        turned_away: Calls that were not made.
    """

    state: State
    open_for: float | None
    tries_in: float
    resting: tuple[str, ...]
    opened: int
    retried: int
    given_up: int
    turned_away: int


@dataclass(slots=True)
class Part:
    """One endpoint: its own circuit, and what that is judged by."""

    circuit: Circuit = field(default_factory=Circuit)
    tally: EndpointTally = field(default_factory=EndpointTally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Lets one call pass, with all its tries; its outcome is told with it."""

    endpoint: str
    turn: int
    part: Part
    part_turn: int


class Breaker:
    """Opens on an outage; belongs to one event loop.

    Args:
        monotonic: A clock that only runs forward, in seconds.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._whole = Circuit()
        self._tally = BrokerTally()
        self._parts: dict[str, Part] = {}
        self._opened = 0
        self._retried = 0
        self._given_up = 0
        self._turned_away = 0

    @property
    def stats(self) -> BreakerStats:
        """The state of this instant."""
        now, opened_at = self._now(), self._whole.opened_at
        is_open = opened_at is not None
        return BreakerStats(
            state=self._whole.state(now),
            open_for=None if opened_at is None else now - opened_at,
            tries_in=max(0.0, self._whole.retry_at - now) if is_open else 0.0,
            resting=tuple(
                name
                for name, part in sorted(self._parts.items())
                if part.circuit.opened_at is not None
            ),
            opened=self._opened,
            retried=self._retried,
            given_up=self._given_up,
            turned_away=self._turned_away,
        )

    def enter(self, endpoint: str) -> Ticket:
        """Before a call; whoever has a ticket tells how the call ends.

        Raises:
            MarketDataUnavailableError: At once: it is not to be made now.
        """
        now = self._now()
        turn = self._whole.enter(now)
        if turn is None:
            self._turned_away += 1
            raise self._resting(self._whole, "증권사 호출이")
        part = self._parts.setdefault(endpoint, Part())
        part_turn = part.circuit.enter(now)
        if part_turn is None:
            self._whole.leave(turn)
            self._turned_away += 1
            raise self._resting(part.circuit, f"증권사 조회({endpoint})가")
        return Ticket(endpoint=endpoint, turn=turn, part=part, part_turn=part_turn)

    def lets_retry(self, ticket: Ticket) -> bool:
        """Whether another try may follow a failed one; never while on probation."""
        circuits = (self._whole, ticket.part.circuit)
        return all(circuit.opened_at is None for circuit in circuits)

    def retry(self, ticket: Ticket) -> None:
        """Before a try beyond a call's first.

        Raises:
            MarketDataUnavailableError: Others have opened the breaker in between.
        """
        for circuit in (self._whole, ticket.part.circuit):
            if circuit.opened_at is not None:
                self._given_up += 1
                raise self._resting(circuit, "증권사 호출이")
        self._retried += 1

    def gave_up(self) -> None:
        """Counts a call that no try could save."""
        self._given_up += 1

    def answered(self, ticket: Ticket) -> None:
        """The broker is there; may be told as soon as it is known, and twice."""
        if not self._whole.has_a_say(ticket.turn):
            return
        self._tally.forget()
        if self._whole.opened_at is not None:
            self._whole.close()
            _log.info("kis.breaker_closed")
        circuit = ticket.part.circuit
        if not circuit.has_a_say(ticket.part_turn):
            return
        ticket.part.tally.answered(self._now())
        if circuit.opened_at is not None:
            circuit.close()
            _log.info("kis.breaker_closed", call=ticket.endpoint)

    def failed(self, ticket: Ticket, error: BaseException) -> None:
        """A call has failed for good, or a probe once."""
        if not self._whole.has_a_say(ticket.turn):
            return
        now = self._now()
        if self._whole.opened_at is not None:
            self._whole.open(now)
            _log.info("kis.breaker_probe_failed", rest=self._whole.retry_at - now)
        elif self._tally.failed(ticket.endpoint, error):
            self._open_whole(now, error)
        else:
            self._part_failed(ticket, now)

    def left(self, ticket: Ticket) -> None:
        """A call has ended without a word on the broker: cancelled, or not made."""
        self._whole.leave(ticket.turn)
        ticket.part.circuit.leave(ticket.part_turn)

    def _open_whole(self, now: float, error: BaseException) -> None:
        self._whole.open(now)
        self._opened += 1
        self._parts.clear()
        _log.warning("kis.breaker_opened", error=type(error).__name__)

    def _part_failed(self, ticket: Ticket, now: float) -> None:
        circuit, tally = ticket.part.circuit, ticket.part.tally
        if not circuit.has_a_say(ticket.part_turn):
            return
        if circuit.opened_at is not None:
            circuit.open(now)
            _log.info("kis.breaker_probe_failed", call=ticket.endpoint)
        elif tally.failed(now):
            circuit.open(now)
            ticket.part.tally = EndpointTally()
            _log.warning("kis.breaker_opened", call=ticket.endpoint)

    def _resting(self, circuit: Circuit, what: str) -> MarketDataUnavailableError:
        seconds = max(1.0, circuit.retry_at - self._now())
        return MarketDataUnavailableError(
            f"{what} 잇달아 실패해 잠시 쉬고 있습니다."
            f" {math.ceil(seconds)}초 뒤 다시 시도해 주세요.",
            retry_after=seconds,
        )
