"""Who of several processes keeps house."""

from typing import Protocol


class Lease(Protocol):
    """One holder among the processes that share a folder or a store.

    It is lost with `release`, with the process, and in a store that counts seconds to
    whoever does not `hold` it again in time.
    """

    async def hold(self) -> bool:
        """Whether this process has it, taken now if it is free; never waits for it."""
        ...

    async def release(self) -> None:
        """Lets another process have it."""
        ...
