"""The breaker's law: what opens it, for whom, and how it closes."""

from collections.abc import Iterable

import pytest

from adapters.kis.breaker import Breaker, Ticket
from adapters.kis.circuit import State
from adapters.kis.errors import (
    KisOverLimitError,
    KisParameterError,
    KisTokenRejectedError,
    KisTransientError,
    KisUnreachableError,
)
from adapters.kis.outage import Verdict, verdict_of
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError

DOWN = KisTransientError("HTTP 500", code="EGW00001")
HUNG = KisUnreachableError("no answer")
CUT_OFF = KisUnreachableError("no connection", was_sent=False)
ENDPOINTS = ("quotes", "rank", "index")


class Guarded:
    """A breaker on a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.breaker = Breaker(monotonic=lambda: self.now)

    def state(self) -> State:
        return self.breaker.stats.state

    def resting(self) -> tuple[str, ...]:
        return self.breaker.stats.resting

    def fail(self, *endpoints: str, error: Exception = DOWN) -> None:
        for endpoint in endpoints:
            self.breaker.failed(self.breaker.enter(endpoint), error)

    def answer(self, *endpoints: str) -> None:
        for endpoint in endpoints:
            self.breaker.answered(self.breaker.enter(endpoint))

    def passing(self, endpoints: Iterable[str]) -> list[Ticket]:
        """Those that are let through, nobody having ended."""
        tickets = []
        for endpoint in endpoints:
            try:
                tickets.append(self.breaker.enter(endpoint))
            except MarketDataUnavailableError:
                continue
        return tickets


@pytest.fixture
def guarded() -> Guarded:
    return Guarded()


@pytest.fixture
def opened(guarded: Guarded) -> Guarded:
    guarded.fail("quotes", "quotes", "quotes", "rank", "rank")
    assert guarded.state() is State.OPEN
    return guarded


def test_five_failures_in_a_row_of_several_endpoints_open_it(guarded: Guarded) -> None:
    guarded.fail("quotes", "rank", "index", "quotes")
    assert guarded.state() is State.CLOSED
    guarded.fail("rank")
    assert guarded.state() is State.OPEN


def test_an_answer_of_any_endpoint_begins_the_count_anew(guarded: Guarded) -> None:
    guarded.fail("quotes", "rank", "quotes", "rank")
    guarded.answer("index")
    guarded.fail("quotes", "rank", "quotes", "rank")
    assert guarded.state() is State.CLOSED
    assert guarded.resting() == ()


def test_an_open_breaker_says_when_to_ask_again(opened: Guarded) -> None:
    opened.now += 1.5
    with pytest.raises(MarketDataUnavailableError, match="4초 뒤") as caught:
        opened.breaker.enter("index")
    assert caught.value.retry_after == 3.5  # of five
    assert not isinstance(caught.value, KisTransientError)  # which would be retried
    assert opened.breaker.stats.turned_away == 1


def test_without_a_connection_the_endpoint_does_not_matter(guarded: Guarded) -> None:
    guarded.fail(*["quotes"] * 4, error=CUT_OFF)
    assert guarded.state() is State.CLOSED
    guarded.fail("quotes", error=CUT_OFF)
    assert guarded.state() is State.OPEN


def test_an_endpoint_that_fails_alone_rests_alone(guarded: Guarded) -> None:
    guarded.fail(*["quotes"] * 5, error=HUNG)
    assert (guarded.state(), guarded.resting()) == (State.CLOSED, ("quotes",))
    assert guarded.passing(["quotes"]) == []
    guarded.answer("rank", "index")
    with pytest.raises(MarketDataUnavailableError, match=r"quotes.*5초 뒤"):
        guarded.breaker.enter("quotes")


def test_one_failure_elsewhere_is_no_outage_two_are(guarded: Guarded) -> None:
    guarded.fail(*["quotes"] * 5)
    guarded.fail("rank")
    assert guarded.state() is State.CLOSED
    guarded.fail("index")
    assert guarded.state() is State.OPEN


def test_an_endpoint_that_rested_may_be_the_probe_of_the_whole(
    guarded: Guarded,
) -> None:
    guarded.fail(*["quotes"] * 5)
    guarded.fail("rank", "index")
    assert (guarded.state(), guarded.resting()) == (State.OPEN, ())
    guarded.now += 5.0
    guarded.answer("quotes")
    assert guarded.state() is State.CLOSED


def test_a_resting_endpoint_comes_back_by_one_call(guarded: Guarded) -> None:
    guarded.fail(*["quotes"] * 5)
    guarded.now += 5.0
    (probe,) = guarded.passing(["quotes"] * 3)
    assert len(guarded.passing(["rank"] * 3)) == 3
    guarded.breaker.answered(probe)
    assert guarded.resting() == ()
    assert len(guarded.passing(["quotes"] * 3)) == 3


def test_an_endpoint_that_fails_half_the_time_rests(guarded: Guarded) -> None:
    for _ in range(9):
        guarded.fail("quotes")
        guarded.answer("quotes")
    guarded.fail("quotes")
    assert guarded.resting() == ()  # 10 of 19
    guarded.answer("quotes")
    guarded.fail("quotes")  # 11 of 21
    assert guarded.resting() == ("quotes",)


def test_failures_of_long_ago_do_not_add_up(guarded: Guarded) -> None:
    for _ in range(30):
        guarded.fail("quotes")
        guarded.answer("quotes")
        guarded.now += 4.0  # sixteen calls in thirty seconds
    assert guarded.resting() == ()


def test_a_call_in_fifty_that_fails_for_good_opens_nothing(guarded: Guarded) -> None:
    for number in range(2_000):
        if number % 50 == 0:
            guarded.fail("quotes")
        else:
            guarded.answer(ENDPOINTS[number % 3])
        guarded.now += 1 / 15
    assert (guarded.state(), guarded.resting()) == (State.CLOSED, ())


def test_after_the_rest_exactly_one_call_goes(opened: Guarded) -> None:
    opened.now += 4.999
    assert opened.passing(ENDPOINTS) == []
    opened.now += 0.001
    assert opened.state() is State.HALF_OPEN
    assert len(opened.passing(ENDPOINTS * 10)) == 1


def test_an_answered_probe_closes_it_for_all(opened: Guarded) -> None:
    opened.now += 5.0
    opened.answer("index")
    assert (opened.state(), opened.breaker.stats.open_for) == (State.CLOSED, None)
    assert len(opened.passing(ENDPOINTS * 10)) == 30


def test_each_failed_probe_doubles_the_rest_up_to_a_minute(opened: Guarded) -> None:
    rests = [opened.breaker.stats.tries_in]
    for _ in range(5):
        opened.now += rests[-1]
        opened.fail("quotes")
        rests.append(opened.breaker.stats.tries_in)
    assert rests == pytest.approx([5, 10, 20, 40, 60, 60])
    assert opened.breaker.stats.open_for == pytest.approx(135)  # the sum but the last


def test_the_next_outage_begins_with_the_short_rest(opened: Guarded) -> None:
    opened.now += 5.0
    opened.fail("quotes")
    opened.now += 10.0
    opened.answer("quotes")
    opened.fail("quotes", "rank", "quotes", "rank", "quotes")
    assert opened.breaker.stats.tries_in == 5.0
    assert opened.breaker.stats.opened == 2


def test_a_probe_that_is_cancelled_frees_its_place(opened: Guarded) -> None:
    opened.now += 5.0
    (probe,) = opened.passing(ENDPOINTS)
    opened.breaker.left(probe)
    assert opened.state() is State.HALF_OPEN
    assert len(opened.passing(ENDPOINTS)) == 1


def test_calls_of_before_the_opening_have_no_say(guarded: Guarded) -> None:
    late = guarded.passing(ENDPOINTS)
    guarded.fail("quotes", "rank", "quotes", "rank", "quotes")
    guarded.breaker.failed(late[0], DOWN)
    assert guarded.breaker.stats.tries_in == 5.0
    guarded.now += 5.0
    (probe,) = guarded.passing(ENDPOINTS)
    guarded.breaker.left(late[1])
    assert guarded.passing(ENDPOINTS) == []  # the probe is still out
    guarded.breaker.answered(late[2])
    assert guarded.state() is State.HALF_OPEN
    guarded.breaker.answered(probe)
    assert guarded.state() is State.CLOSED


def test_an_answer_may_be_told_twice(opened: Guarded) -> None:
    opened.now += 5.0
    (probe,) = opened.passing(["quotes"])
    opened.breaker.answered(probe)
    opened.breaker.answered(probe)
    assert opened.state() is State.CLOSED


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (DOWN, Verdict.FAILED),
        (HUNG, Verdict.FAILED),
        (KisTransientError("HTML"), Verdict.FAILED),
        (KisTransientError("busy", code="OPSQ0008"), Verdict.FAILED),
        (KisOverLimitError("slower", code="EGW00201"), Verdict.ANSWERED),
        (KisTransientError("ledger", code="EGW00215"), Verdict.ANSWERED),
        (KisTransientError("no such thing", code="KIER2620"), Verdict.ANSWERED),
        (KisTokenRejectedError("again"), Verdict.ANSWERED),
        (MarketDataRefusedError("key", code="EGW00103"), Verdict.ANSWERED),
        (KisParameterError("ours", field="FID_X"), Verdict.ANSWERED),
        (MarketDataUnavailableError("no token yet"), Verdict.UNKNOWN),
        (TimeoutError(), Verdict.UNKNOWN),
    ],
    ids=lambda value: value.name if isinstance(value, Verdict) else repr(value),
)
def test_an_error_speaks_of_the_broker_or_of_the_question(
    error: Exception, verdict: Verdict
) -> None:
    assert verdict_of(error) is verdict
