"""What the health check sees of the market held: its frames and the calendar."""

from dataclasses import dataclass

from typing_extensions import override

from application.current_market import CurrentMarket
from application.ports.health import Check, Probe, State
from domain.listing import Venue
from domain.screening import Universe


@dataclass(frozen=True, slots=True)
class FrameProbe(Probe):
    """Whether the stocks' figures are at hand, and how old they are."""

    market: CurrentMarket

    @override
    async def __call__(self) -> Check:
        """The oldest of the venues' newest frames."""
        universe = Universe()
        error = self.market.failure(universe)
        frames = [frame for frame in self.market.newest(universe) if frame]
        if not frames:
            detail = str(error) if error else "아직 시세를 모으지 않았습니다."
            state = State.UNHEALTHY if error else State.HEALTHY
            return Check(name="frames", state=state, detail=detail)
        oldest = min(frames, key=lambda frame: frame.as_of)
        age = self.market.timeliness.age(oldest).total_seconds()
        known = sum(int(frame.known.sum()) for frame in frames)
        listed = sum(len(frame.listings) for frame in frames)
        detail = f"{oldest.session} 시세 {known:,}/{listed:,}건, {age:,.0f}초 전"
        if error:
            detail += f". 마지막 수집 실패: {error}"
        return Check(
            name="frames",
            state=State.DEGRADED if error else State.HEALTHY,
            since=oldest.as_of,
            detail=detail,
        )


@dataclass(frozen=True, slots=True)
class CalendarProbe(Probe):
    """Which session is due."""

    market: CurrentMarket

    @override
    async def __call__(self) -> Check:
        """Always well: days are known without the network."""
        timeliness = self.market.timeliness
        due = timeliness.due(Venue.ALL)
        today = timeliness.today()
        phase = timeliness.phase(Venue.ALL)
        return Check(
            name="calendar",
            state=State.HEALTHY,
            detail=f"오늘은 {'거래일' if today else '휴장일'}, 지금은 {phase.value}, "
            f"기준 거래일 {due.day}",
        )
