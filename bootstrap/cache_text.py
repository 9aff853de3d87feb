"""What ``cache stats`` prints: one row per tier of each process."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.cache.published_stats import ProcessStats
from adapters.cache.redis_usage import RedisUsage
from application.ports.cache import TierStats
from bootstrap.call_text import aligned

_MEGABYTE = 1_000_000
_HEAD = "pid | 호스트 | 계층 | 종류 | 적중 | 없음 | 적중률 % | 밀려남 | 항목 | MB"
_COUNTS = {
    "loads": "새로 계산",
    "shared": "함께 기다림",
    "refreshes": "뒤에서 갱신",
    "stale": "묵은 답",
}
_KEYS = {"cache": "답", "frame": "시세"}
"""What a person knows the keys as; all else is small."""


def processes_text(processes: Sequence[ProcessStats]) -> str:
    """A table of their tiers, then each one's counts."""
    rows = [_row(process, tier) for process in processes for tier in process.tiers]
    told = [f"pid {one.pid}: {_counts(one.counts)}" for one in processes]
    return "\n".join([aligned("\n".join([_HEAD, *rows])), *told])


def usage_text(usage: RedisUsage) -> str:
    """Redis's own reckoning, in one line."""
    rest = usage.entries.keys() - _KEYS.keys()
    parts = [_part(name, [word], usage) for word, name in _KEYS.items()]
    parts.append(_part("그 밖", rest, usage))
    said = f"Redis: {', '.join(parts)}"
    if usage.is_cut:
        said += " (다른 키가 많아 일부만 세었습니다)"
    return said


def as_json(
    processes: Sequence[ProcessStats], usage: RedisUsage | None
) -> dict[str, Any]:
    """The same for programs; ``redis`` is null where there is none, or no answer."""
    return {
        "processes": [
            {
                "pid": one.pid,
                "host": one.host,
                "started": one.started.isoformat(),
                "tiers": [_tier(tier) for tier in one.tiers],
                "counts": dict(one.counts),
            }
            for one in processes
        ],
        "redis": usage
        and {
            "entries": dict(usage.entries),
            "bytes": dict(usage.bytes),
            "is_cut": usage.is_cut,
        },
    }


def _tier(tier: TierStats) -> dict[str, Any]:
    return {
        "name": tier.name,
        "kind": tier.kind,
        "hits": tier.hits,
        "misses": tier.misses,
        "hit_rate": None if tier.ratio is None else round(tier.ratio * 100, 2),
        "evictions": tier.evictions,
        "entries": tier.entries,
        "bytes": tier.size,
        "errors": tier.errors,
        "available": tier.available,
    }


def _row(process: ProcessStats, tier: TierStats) -> str:
    cells = (
        str(process.pid),
        process.host,
        tier.name,
        tier.kind if tier.available else f"{tier.kind}(닿지 않음)",
        f"{tier.hits:,}",
        f"{tier.misses:,}",
        "-" if tier.ratio is None else f"{tier.ratio * 100:.2f}",
        f"{tier.evictions:,}",
        "-" if tier.entries is None else f"{tier.entries:,}",
        "-" if tier.size is None else _megabytes(tier.size),
    )
    return " | ".join(cells)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{name} {counts.get(key, 0):,}번" for key, name in _COUNTS.items()
    )


def _part(name: str, words: Iterable[str], usage: RedisUsage) -> str:
    chosen = list(words)
    entries = sum(usage.entries.get(word, 0) for word in chosen)
    size = sum(usage.bytes.get(word, 0) for word in chosen)
    return f"{name} {entries:,}건 {_megabytes(size)}MB"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.2f}"
