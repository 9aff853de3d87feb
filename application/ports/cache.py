"""A cache of what was computed: one computation per key, however many ask."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a value serves; every age counts from its own ``as_of``.

    Attributes:
        fresh: A younger one is served as it is.
        servable: A younger one is served too, and computed anew behind the caller.
        kept: A younger one is served, marked stale, when computing anew fails.
    """

    fresh: timedelta
    servable: timedelta
    kept: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[T]):
    """How a value becomes bytes for a tier outside of the process; never pickled.

    Attributes:
        pack: The value as bytes.
        unpack: The value again; raises ``ValueError`` for bytes that hold none.
        size: What the value takes in memory, bytes.
    """

    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T]
    size: Callable[[T], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Generic[T]):
    """A value and what it is of.

    Attributes:
        value: Shared by all who ask: not to be changed.
        as_of: The instant its figures are of.
        stale: It should be newer, and computing it anew failed.
        reason: Why, one Korean sentence; empty when all is well.
    """

    value: T
    as_of: datetime
    stale: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStats:
    """What one tier has done since the start.

    Attributes:
        name: ``l1``, ``l2``.
        kind: ``memory`` or ``redis``.
        hits, misses: Of lookups.
        evictions: Entries let go to stay within bounds.
        entries: Held now; None where it is not known without asking.
        size: Bytes held now; None likewise.
        errors: Operations that failed and counted as misses.
        available: Whether the last operation succeeded.
    """

    name: str
    kind: str
    hits: int
    misses: int
    evictions: int
    entries: int | None
    size: int | None
    errors: int = 0
    available: bool = True

    @property
    def ratio(self) -> float | None:
        """Hits ÷ lookups, a fraction; None before the first."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


class Cache(Protocol):
    """Remembers values in tiers, near ones first."""

    async def remember(
        self,
        key: str,
        load: Callable[[], Awaitable[Held[T]]],
        *,
        lifetime: Lifetime,
        form: Form[T],
    ) -> Held[T]:
        """The value of the key, computed by ``load`` where none serves.

        However many ask at once, in this process and in those that share the outer
        tier, it is computed once. A caller that is cancelled ends nobody's
        computation. A cache that fails costs time, never the answer.

        Args:
            key: Words joined by colons, e.g. ``answer:get_volume_ranking:…``.
            load: Computes it; what it raises is raised to every waiter, unless an old
                value can be kept.
            lifetime: How long it serves.
            form: How it is kept outside.
        """
        ...

    async def forget(self, prefix: str = "") -> int:
        """Lets every key that begins so go, in all tiers; how many there were here."""
        ...

    def stats(self) -> tuple[TierStats, ...]:
        """Per tier, near ones first."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """``loads``, ``shared`` (waited for another's), ``refreshes``, ``stale``."""
        ...
