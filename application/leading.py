"""Being the one of many processes that does something, for as long as it lasts."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from application.ports.journal import Journal
from application.ports.lease import Lease

LEASE_SECONDS = 5.0
"""Between two tries to get the lease, and two holds of it during long work."""


@dataclass(slots=True, kw_only=True)
class Leading:
    """A lease that is held while work goes on.

    Attributes:
        every: Seconds between two holds.
    """

    lease: Lease
    journal: Journal
    every: float = LEASE_SECONDS

    async def hold(self) -> bool:
        """Whether this process leads."""
        return await self.lease.hold()

    async def during(self, work: Awaitable[object]) -> None:
        """Does the work and holds the lease meanwhile, however long it lasts.

        Who loses it all the same brings the work to its end: it is the last piece.
        """
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait([task], timeout=self.every)
                if not task.done():
                    await self.lease.hold()
            task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def let_go(self) -> None:
        """Lets another process lead; never raises."""
        try:
            await self.lease.release()
        except Exception as error:
            kind = type(error).__name__
            self.journal.warning("lease.not_released", kind=kind, error=str(error))
