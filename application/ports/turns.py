"""Who of several processes does what only one is to do at a time."""

from typing import Protocol


class Turn(Protocol):
    """One piece of work that nobody else does now."""

    async def end(self) -> None:
        """Lets another process have it; again is nothing."""
        ...


class Turns(Protocol):
    """One holder of each name among the processes that share a folder or a store.

    A holder that dies passes it on. Where the folder or the store fails, everybody
    has a turn: work is done twice rather than never.
    """

    async def take(self, name: str) -> Turn | None:
        """The name's turn; None while somebody has it. Never waits for them.

        Args:
            name: Lower-case letters, digits, ``-`` and ``+``.
        """
        ...
