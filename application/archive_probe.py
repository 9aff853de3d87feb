"""What the health check sees of the archive: whether it answers, and how far back."""

import asyncio
from dataclasses import dataclass

from typing_extensions import override

from application.ports.archive import Frames
from application.ports.health import Check, Probe, State
from application.sweeping import STOCKS
from domain.errors import MarketDataError
from domain.listing import Venue

PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ArchiveProbe(Probe):
    """Whether past sessions can be read; a slow archive is degraded, not waited for."""

    frames: Frames

    @override
    async def __call__(self) -> Check:
        """How many sessions there are, from when to when."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                days = await self.frames.sessions(Venue.KRX, STOCKS)
        except TimeoutError:
            return _degraded(f"보관소가 {PATIENCE_SECONDS:.0f}초 안에 답하지 않습니다.")
        except MarketDataError as error:
            return _degraded(str(error))
        if not days:
            detail = (
                "보관된 거래일이 없습니다. 저절로 채우는 중이거나, "
                "mcp-volume-ranking backfill로 바로 채울 수 있습니다"
                "(녹화본에서는 채울 수 없습니다)."
            )
            return Check(name="archive", state=State.HEALTHY, detail=detail)
        detail = f"{len(days)}거래일({days[0]}~{days[-1]})"
        return Check(name="archive", state=State.HEALTHY, detail=detail)


def _degraded(detail: str) -> Check:
    return Check(name="archive", state=State.DEGRADED, detail=detail)
