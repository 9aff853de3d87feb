"""Whose turn it is to compute a key, where several processes might."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from typing_extensions import override

T = TypeVar("T")


class Turns(Protocol):
    """Lets one process at a time compute a key."""

    async def run(
        self,
        key: str,
        work: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
    ) -> T:
        """The work's outcome, or what ``look`` finds that another's work left.

        What the work raises is raised.
        """
        ...


class OwnTurns(Turns):
    """Of a process that shares its outer tier with nobody."""

    @override
    async def run(
        self,
        key: str,
        work: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
    ) -> T:
        return await work()
