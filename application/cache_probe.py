"""What the health check sees of the answers that are kept."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from application.ports.cache import Cache, TierStats
from application.ports.health import Check, Probe, State

_MEGABYTE = 1_000_000
_LOST = (
    "Redis에 닿지 않아 이 프로세스의 기억만으로 답합니다. REDIS_URL과 Redis를 확인해"
    " 주세요"
)


@dataclass(frozen=True, slots=True)
class CacheProbe(Probe):
    """What each tier has done, and whether the shared one is there.

    Attributes:
        cache: The cache; None while nobody has needed one.
        most: Bytes that it may hold in this process.
    """

    cache: Callable[[], Cache | None]
    most: int

    @override
    async def __call__(self) -> Check:
        """From the cache's own counts: nobody is asked."""
        cache = self.cache()
        tiers = () if cache is None else cache.stats()
        lost = any(not tier.available for tier in tiers)
        if not lost and not any(tier.hits + tier.misses for tier in tiers):
            detail = "아직 기억한 답이 없습니다."
            return Check(name="cache", state=State.HEALTHY, detail=detail)
        said = [_said(tier) for tier in tiers]
        said.append(f"메모리 상한 {self.most / _MEGABYTE:,.1f}MB")
        if lost:
            said.insert(0, _LOST)
        return Check(
            name="cache",
            state=State.DEGRADED if lost else State.HEALTHY,
            detail=". ".join(said),
        )


def _said(tier: TierStats) -> str:
    """``l1 memory: 적중 9, 없음 1(90.0%), 밀려남 0, 1건 0.1MB``."""
    ratio = "" if tier.ratio is None else f"({tier.ratio:.1%})"
    said = f"{tier.name} {tier.kind}: 적중 {tier.hits:,}, 없음 {tier.misses:,}{ratio}"
    said += f", 밀려남 {tier.evictions:,}"
    if tier.entries is not None and tier.size is not None:
        said += f", {tier.entries:,}건 {tier.size / _MEGABYTE:,.1f}MB"
    return said
