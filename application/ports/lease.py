"""Who of several processes keeps house."""

from typing import Protocol


class Lease(Protocol):
    """One holder among the processes that share a folder or a store.

    It is lost only with `release`, or with the process.
    """

    def hold(self) -> bool:
        """Whether this process has it, taken now if it is free; never waits."""
        ...

    def release(self) -> None:
        """Lets another process have it."""
        ...
