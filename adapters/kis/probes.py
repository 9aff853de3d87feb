"""What the health check sees of the broker: answers, breaker, token, budget."""

from dataclasses import dataclass
from datetime import timedelta

from typing_extensions import override

from adapters.kis.breaker import Breaker
from adapters.kis.circuit import State as CircuitState
from adapters.kis.throttle import Limiter
from adapters.kis.token import TokenStore
from adapters.kis.watching import Watched
from application.ports.clock import Clock
from application.ports.health import Check, Probe, State

LONG = timedelta(minutes=1)
"""Failures that go on for longer are no passing trouble."""


_SHARED_BY = {
    "process": "이 프로세스만의 한도",
    "folder": "같은 폴더(DATA_DIR)의 프로세스들과 나눔",
    "redis": "같은 Redis(REDIS_URL)의 서버들과 나눔",
    "fallback": "함께 쓰는 한도를 읽지 못해 나눈 몫만 씀",
}


@dataclass(frozen=True, slots=True)
class BrokerProbe(Probe):
    """Whether the broker answers, and how often it had to be asked again."""

    watched: Watched
    clock: Clock
    breaker: Breaker | None = None

    @override
    async def __call__(self) -> Check:
        since = self.watched.failing_since
        if since is not None:
            long = self.clock.now() - since > LONG
            return Check(
                name="broker",
                state=State.UNHEALTHY if long else State.DEGRADED,
                since=since,
                detail=f"증권사 호출이 실패하고 있습니다: {self.watched.last_failure}"
                f"{self._tries()}",
            )
        answered = self.watched.answered_at
        detail = (
            f"마지막 응답 {answered:%H:%M:%S}, 호출 {self.watched.calls:,}번"
            f"{self._tries()}"
            if answered
            else "아직 증권사를 부르지 않았습니다."
        )
        return Check(name="broker", state=State.HEALTHY, since=answered, detail=detail)

    def _tries(self) -> str:
        if self.breaker is None:
            return ""
        stats = self.breaker.stats
        return (
            f" (다시 시도 {stats.retried:,}번, 포기 {stats.given_up:,}건,"
            f" 부르지 않고 돌려보냄 {stats.turned_away:,}건)"
        )


@dataclass(frozen=True, slots=True)
class BreakerProbe(Probe):
    """Whether calls are let through, and when one is tried where they are not."""

    breaker: Breaker
    clock: Clock

    @override
    async def __call__(self) -> Check:
        stats, now = self.breaker.stats, self.clock.now()
        since = None
        if stats.open_for is not None:
            since = now - timedelta(seconds=stats.open_for)
        match stats.state:
            case CircuitState.OPEN:
                state = State.UNHEALTHY
                until = now + timedelta(seconds=stats.tries_in)
                detail = (
                    "증권사가 답하지 않아 호출을 멈췄고,"
                    f" {until:%H:%M:%S}부터 한 번씩 다시 시도합니다."
                    " 오래가면 네트워크와 증권사 공지를 확인해 주세요."
                )
            case CircuitState.HALF_OPEN:
                state = State.DEGRADED
                detail = (
                    "증권사가 답하지 않아 호출을 멈췄습니다."
                    " 다음 질문의 호출 한 번으로 돌아왔는지 확인합니다."
                )
            case CircuitState.CLOSED if stats.resting:
                state = State.DEGRADED
                detail = (
                    "잇달아 실패해 쉬는 조회가 있습니다:"
                    f" {', '.join(stats.resting)}. 저절로 다시 시도합니다."
                )
            case CircuitState.CLOSED:
                state = State.HEALTHY
                detail = f"호출을 막지 않습니다. 시작 뒤 {stats.opened:,}번 막았습니다."
        return Check(name="breaker", state=state, since=since, detail=detail)


@dataclass(frozen=True, slots=True)
class TokenProbe(Probe):
    """Whether there is a token, and until when."""

    tokens: TokenStore

    @override
    async def __call__(self) -> Check:
        refusal = self.tokens.refusal
        if refusal is not None:
            return Check(name="token", state=State.UNHEALTHY, detail=str(refusal))
        expires = self.tokens.expires_at
        detail = (
            f"접근토큰은 {expires:%m-%d %H:%M}까지 쓸 수 있습니다."
            if expires
            else "아직 접근토큰을 받지 않았습니다. 첫 질문 때 받습니다."
        )
        return Check(name="token", state=State.HEALTHY, detail=detail)


@dataclass(frozen=True, slots=True)
class BudgetProbe(Probe):
    """How fast the broker may be called now."""

    limiter: Limiter

    @override
    async def __call__(self) -> Check:
        stats = self.limiter.stats
        alone = stats.shared_by == "fallback"
        slowed = alone or stats.rate < 0.9 * stats.configured_rate
        return Check(
            name="budget",
            state=State.DEGRADED if slowed else State.HEALTHY,
            detail=f"초당 {stats.rate:.1f}건(설정 {stats.configured_rate:g}), 보냄 "
            f"{stats.granted:,}건, 한도 초과 거절 {stats.refused:,}건, 대기 "
            f"{stats.waiting}건, {_SHARED_BY[stats.shared_by]}",
        )
