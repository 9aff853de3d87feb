"""What the health check sees of the broker: answers, token, budget."""

from dataclasses import dataclass
from datetime import timedelta

from typing_extensions import override

from adapters.kis.throttle import Limiter
from adapters.kis.token import TokenStore
from adapters.kis.watching import Watched
from application.ports.clock import Clock
from application.ports.health import Check, Probe, State

LONG = timedelta(minutes=1)
"""Failures that go on for longer are no passing trouble."""


@dataclass(frozen=True, slots=True)
class BrokerProbe(Probe):
    """Whether the broker answers."""

    watched: Watched
    clock: Clock

    @override
    async def __call__(self) -> Check:
        since = self.watched.failing_since
        if since is not None:
            long = self.clock.now() - since > LONG
            return Check(
                name="broker",
                state=State.UNHEALTHY if long else State.DEGRADED,
                since=since,
                detail=f"증권사 호출이 실패하고 있습니다: {self.watched.last_failure}",
            )
        answered = self.watched.answered_at
        detail = (
            f"마지막 응답 {answered:%H:%M:%S}, 호출 {self.watched.calls:,}번"
            if answered
            else "아직 증권사를 부르지 않았습니다."
        )
        return Check(name="broker", state=State.HEALTHY, since=answered, detail=detail)


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
        slowed = stats.rate < 0.9 * stats.configured_rate
        return Check(
            name="budget",
            state=State.DEGRADED if slowed else State.HEALTHY,
            detail=f"초당 {stats.rate:.1f}건(설정 {stats.configured_rate:g}), 보냄 "
            f"{stats.granted:,}건, 한도 초과 거절 {stats.refused:,}건, 대기 "
            f"{stats.waiting}건",
        )
