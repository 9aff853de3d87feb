"""What the tier of packed values must do, whether memory or Redis."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from adapters.cache.packed import Parcel
from application.ports.cache import Form, TierStats

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """What a lookup gave.

    Attributes:
        parcel: The value; None for a miss, and for what could not be read.
        mark: The key's generation when it was looked up; None where nobody knows, and
            then nothing may be put.
    """

    parcel: Parcel[T] | None
    mark: bytes | None


class OuterTier(Protocol):
    """Packed values by key. A failing tier misses; it never raises."""

    async def get(self, key: str, form: Form[T], *, counted: bool = True) -> Found[T]:
        """What is kept; ``counted`` as a lookup in its statistics."""
        ...

    async def put(self, key: str, data: bytes, ttl: float, mark: bytes) -> None:
        """Keeps it for ``ttl`` seconds, unless the key was let go since ``mark``."""
        ...

    async def forget(self, prefix: str) -> frozenset[str]:
        """Lets every key that begins exactly so go, for all; which those were."""
        ...

    def drop(self, prefix: str) -> frozenset[str]:
        """The same for what this process alone holds."""
        ...

    async def turned(self) -> frozenset[str]:
        """Prefixes of which others let keys go since the last time."""
        ...

    def stats(self) -> TierStats:
        """What it has done since the start."""
        ...
