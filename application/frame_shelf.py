"""The published frames of each venue and pool: two sessions, put together as asked."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date

from application.ports.frames import KeptFrames
from application.publication import Publication
from application.sweeping import Pool
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.frame_joining import as_one
from domain.listing import Venue

LOOK_SECONDS = 0.25
"""Between two looks at what other processes have published of a pool."""


@dataclass(slots=True, kw_only=True)
class FrameShelf:
    """One current frame per venue and pool, and the one of the session before."""

    kept: KeptFrames
    timeliness: Timeliness
    _frames: dict[Pool, dict[date, MarketFrame]] = field(default_factory=dict)
    _merged: dict[tuple[MarketFrame, ...], MarketFrame] = field(default_factory=dict)
    _looked: dict[Pool, float] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def recall(self, pools: list[Pool]) -> tuple[Pool, ...]:
        """Takes what other processes kept; the pools whose frame it replaced.

        All of it once; then what is newer than a frame that is no longer fresh.
        """
        return tuple([pool for pool in pools if await self._recalls(pool)])

    async def _recalls(self, pool: Pool) -> bool:
        if pool not in self._frames:
            async with self._lock:  # read once, however many ask
                if pool not in self._frames:
                    frames = await self.kept.last(*pool)
                    self._frames[pool] = {x.session: x for x in frames}
        now = asyncio.get_running_loop().time()
        if now < self._looked.get(pool, 0.0) + LOOK_SECONDS:
            return False
        held = self.newest(pool)
        if held is not None and self.timeliness.is_fresh(held):
            return False
        self._looked[pool] = now
        publication = Publication(kept=self.kept, timeliness=self.timeliness)
        frame = await publication.newer(pool, held)
        if frame is None or self.newest(pool) is not held:  # swept meanwhile
            return False
        self.put(pool, frame)
        return True

    def put(self, pool: Pool, frame: MarketFrame) -> None:
        """Replaces the pool's frame; two sessions are held, for the morning."""
        sessions = self._frames.setdefault(pool, {})
        for later in [day for day in sessions if day > frame.session]:
            del sessions[later]  # of a clock that was set back
        sessions[frame.session] = frame
        for old in sorted(sessions)[:-2]:
            del sessions[old]
        self._merged.clear()

    def _held(self, pool: Pool) -> dict[date, MarketFrame]:
        """The pool's frames by session; none of a time to come."""
        frames = self._frames.get(pool, {})
        possible = self.timeliness.is_possible
        return {day: frame for day, frame in frames.items() if possible(frame)}

    def newest(self, pool: Pool) -> MarketFrame | None:
        """The pool's frame of the latest session; None where there is none."""
        frames = self._held(pool)
        return frames[max(frames)] if frames else None

    def common_session(self, pools: list[Pool]) -> date | None:
        """The newest session that every pool has a frame of."""
        held = [self._held(pool) for pool in pools]
        if not all(held):
            return None
        days = [
            set(frames) for frames in held if any(f.listings for f in frames.values())
        ]
        common = set.intersection(*days) if days else set(held[0])
        return max(common) if common else None

    def whole(self, pools: list[Pool], session: date, venue: Venue) -> MarketFrame:
        """The pools' frames of a session as one of the venue."""
        parts = tuple(self._part(pool, session) for pool in pools)
        frame = self._merged.get(parts)
        if frame is None:
            frame = self._merged[parts] = as_one(parts, venue)
        return frame

    def _part(self, pool: Pool, session: date) -> MarketFrame:
        """The pool's frame of the session; one that lists nothing is of any."""
        frames = self._held(pool)
        return frames.get(session) or replace(
            frames[max(frames)], session=session, is_final=True
        )
