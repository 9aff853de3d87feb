"""Frames that other processes have published, as far as they may be taken over."""

from dataclasses import dataclass, replace

from application.ports.frames import KeptFrames
from application.sweeping import Pool
from application.timeliness import Timeliness
from domain.audit import runs_back
from domain.frame import MarketFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is published of a pool, in the place of a sweep of our own.

    Whoever swept a frame has verified its session; what is looked at here is that it
    is the pool's, of no time to come, and follows the one at hand.
    """

    kept: KeptFrames
    timeliness: Timeliness

    async def newer(self, pool: Pool, held: MarketFrame | None) -> MarketFrame | None:
        """What was published since the frame at hand; None where there is nothing."""
        frame = await self.kept.newer(*pool, held.as_of if held else None)
        if frame is None or not self._follows(frame, pool, held):
            return None
        if held is not None and held.listings == frame.listings:
            # What was found for these listings hangs on the object.
            return replace(frame, listings=held.listings)
        return frame

    def _follows(
        self, frame: MarketFrame, pool: Pool, held: MarketFrame | None
    ) -> bool:
        if (frame.venue, frame.kinds) != pool or not self.timeliness.is_possible(frame):
            return False
        if held is None:
            return True
        return frame.session >= held.session and not runs_back(frame, held)
