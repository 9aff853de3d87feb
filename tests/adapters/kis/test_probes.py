"""What the health check says of the broker, its token and its budget."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.kis.breaker import Breaker
from adapters.kis.errors import KisTransientError
from adapters.kis.probes import BreakerProbe, BrokerProbe, BudgetProbe, TokenProbe
from adapters.kis.throttle import Limiter
from adapters.kis.token import TokenStore
from adapters.kis.watching import Watched
from application.ports.health import Check, State
from domain.errors import MarketDataRefusedError
from tests.adapters.kis.fakes import CREDENTIALS, FakeIssuer, ScriptedTransport, good
from tests.builders import at
from tests.fakes import FakeClock


def watched(**state: object) -> Watched:
    remembered = Watched(ScriptedTransport([good()]), FakeClock())
    for name, value in state.items():
        setattr(remembered, name, value)
    return remembered


async def broker(**state: object) -> Check:
    """The probe's word at 10:30."""
    return await BrokerProbe(watched(**state), FakeClock())()


async def test_a_broker_not_yet_called_is_well() -> None:
    assert await broker() == Check(
        name="broker", state=State.HEALTHY, detail="아직 증권사를 부르지 않았습니다."
    )


async def test_a_broker_that_answers_is_well() -> None:
    found = await broker(answered_at=at("10:29:58"), calls=1234)
    assert (found.state, found.since) == (State.HEALTHY, at("10:29:58"))
    assert found.detail == "마지막 응답 10:29:58, 호출 1,234번"


@pytest.mark.parametrize(
    ("since", "state"),
    [
        ("10:29:30", State.DEGRADED),
        ("10:29", State.DEGRADED),
        ("10:28", State.UNHEALTHY),
    ],
)
async def test_failures_that_go_on_are_no_passing_trouble(
    since: str, state: State
) -> None:
    found = await broker(
        answered_at=at("10:20"), failing_since=at(since), last_failure="HTTP 500"
    )
    assert (found.state, found.since) == (state, at(since))
    assert found.detail == "증권사 호출이 실패하고 있습니다: HTTP 500"


class Guarded:
    """A breaker and its probe, at 10:30; its clock is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.breaker = Breaker(monotonic=lambda: self.now)

    def fail(self, *endpoints: str) -> None:
        for endpoint in endpoints:
            ticket = self.breaker.enter(endpoint)
            self.breaker.failed(ticket, KisTransientError("HTTP 500"))

    async def check(self) -> Check:
        return await BreakerProbe(self.breaker, FakeClock())()


async def test_a_closed_breaker_is_well() -> None:
    assert await Guarded().check() == Check(
        name="breaker",
        state=State.HEALTHY,
        detail="호출을 막지 않습니다. 시작 뒤 0번 막았습니다.",
    )


async def test_an_open_breaker_is_unhealthy_and_says_when_it_tries_again() -> None:
    guarded = Guarded()
    guarded.fail("a", "b", "a", "b", "a")
    guarded.now += 2.0
    found = await guarded.check()
    assert (found.state, found.since) == (State.UNHEALTHY, at("10:29:58"))
    assert "10:30:03부터 한 번씩 다시 시도합니다." in found.detail


async def test_a_half_open_breaker_is_degraded_since_the_outage_began() -> None:
    guarded = Guarded()
    guarded.fail("a", "b", "a", "b", "a")
    guarded.now += 5.0
    guarded.fail("a")
    guarded.now += 10.0
    found = await guarded.check()
    assert (found.state, found.since) == (State.DEGRADED, at("10:29:45"))
    assert "호출 한 번으로" in found.detail


async def test_an_endpoint_that_rests_is_named() -> None:
    guarded = Guarded()
    guarded.fail(*["volume-rank"] * 5)
    found = await guarded.check()
    assert found.state is State.DEGRADED
    assert "volume-rank" in found.detail


async def test_a_breaker_that_closed_again_is_well_and_remembers() -> None:
    guarded = Guarded()
    guarded.fail("a", "b", "a", "b", "a")
    guarded.now += 5.0
    guarded.breaker.answered(guarded.breaker.enter("a"))
    found = await guarded.check()
    assert (found.state, found.since) == (State.HEALTHY, None)
    assert found.detail.endswith("1번 막았습니다.")


@pytest.mark.parametrize("failing_since", [None, at("10:29:30")])
async def test_the_broker_says_how_often_it_was_asked_again(
    failing_since: datetime | None,
) -> None:
    guarded = Guarded()
    ticket = guarded.breaker.enter("a")
    for _ in range(3):
        guarded.breaker.retry(ticket)
    guarded.breaker.gave_up()
    seen = watched(answered_at=at("10:29:58"), failing_since=failing_since)
    found = await BrokerProbe(seen, FakeClock(), guarded.breaker)()
    assert found.detail.endswith(" (다시 시도 3번, 포기 1건, 부르지 않고 돌려보냄 0건)")


def store(folder: Path, issuer: FakeIssuer, clock: FakeClock) -> TokenStore:
    return TokenStore(
        folder,
        credentials=CREDENTIALS,
        base_url="https://broker.example",
        issuer=issuer,
        clock=clock,
    )


async def test_before_the_first_question_there_is_no_token(tmp_path: Path) -> None:
    found = await TokenProbe(store(tmp_path, FakeIssuer(), FakeClock()))()
    assert (found.name, found.state) == ("token", State.HEALTHY)
    assert found.detail.startswith("아직 접근토큰을 받지 않았습니다.")


async def test_a_token_says_until_when_and_never_what(tmp_path: Path) -> None:
    tokens = store(tmp_path, FakeIssuer(lifetime=timedelta(hours=24)), FakeClock())
    value = await tokens.current()
    found = await TokenProbe(tokens)()
    assert found.detail == "접근토큰은 08-21 10:30까지 쓸 수 있습니다."
    assert value not in repr(found)


async def test_a_refused_key_is_unhealthy_and_says_why(tmp_path: Path) -> None:
    refusal = MarketDataRefusedError("KIS_APP_KEY를 확인해 주세요.", code="EGW00103")
    tokens = store(tmp_path, FakeIssuer(failures=[refusal]), FakeClock())
    with pytest.raises(MarketDataRefusedError):
        await tokens.current()
    found = await TokenProbe(tokens)()
    assert (found.state, found.detail) == (State.UNHEALTHY, str(refusal))


async def test_a_full_budget_is_well() -> None:
    limiter = Limiter(15.0)
    await limiter.acquire()
    found = await BudgetProbe(limiter)()
    assert (found.name, found.state) == ("budget", State.HEALTHY)
    assert found.detail == (
        "초당 15.0건(설정 15), 보냄 1건, 한도 초과 거절 0건, 대기 0건, "
        "이 프로세스만의 한도"
    )


async def test_a_budget_slowed_by_refusals_is_degraded() -> None:
    limiter = Limiter(15.0)
    for _ in range(10):
        limiter.refused()
    found = await BudgetProbe(limiter)()
    assert found.state is State.DEGRADED
    assert "한도 초과 거절 10건" in found.detail


async def test_probes_wake_nobody(tmp_path: Path) -> None:
    issuer, wire = FakeIssuer(), ScriptedTransport([good()])
    clock = FakeClock()
    await TokenProbe(store(tmp_path, issuer, clock))()
    await BrokerProbe(Watched(wire, clock), clock)()
    assert (issuer.asks, wire.requests) == (0, [])
