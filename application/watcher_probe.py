"""What the health check sees of the watcher: whether frames are kept fresh."""

from dataclasses import dataclass

from typing_extensions import override

from application.ports.health import Check, Probe, State
from application.watch_market import WatchMarket
from application.watcher_state import Mood, WatcherState

CRASHES = 2
"""In a row: it does not mend itself."""

_WELL = {
    Mood.OFF: "이 프로세스는 질문이 올 때만 시세를 모읍니다.",
    Mood.IDLE: "거래 시간이 아니어서 쉬고 있습니다.",
    Mood.ELSEWHERE: "다른 프로세스가 시세를 새로 모으고 있습니다.",
}


@dataclass(frozen=True, slots=True)
class WatcherProbe(Probe):
    """Whether somebody watches while a session runs."""

    watcher: WatchMarket

    @override
    async def __call__(self) -> Check:
        """Well when it watches, or rightly does not."""
        state = self.watcher.state
        verdict, detail = self._judged(state)
        return Check(name="watcher", state=verdict, since=state.since, detail=detail)

    def _judged(self, state: WatcherState) -> tuple[State, str]:
        if state.mood is Mood.CRASHED or state.crashes >= CRASHES:
            repeated = state.crashes >= CRASHES
            return (
                State.UNHEALTHY if repeated else State.DEGRADED,
                f"시세 갱신이 {state.crashes}번 잇따라 멈췄다가 다시 시작합니다"
                f"({state.error}). 되풀이되면 로그의 watcher.crashed를 확인해 주세요.",
            )
        age = self._age(state)
        if age is not None and age > self._longest:
            return State.UNHEALTHY, (
                f"장중인데 {age:,.0f}초 동안 새 시세가 없습니다. "
                "증권사 연결과 호출 한도(broker, budget 항목)를 확인해 주세요."
                + (f" 마지막 오류: {state.error}" if state.error else "")
            )
        if state.mood is Mood.RESTING:
            return State.DEGRADED, (
                f"시세를 받지 못해 잠시 뒤 다시 시도합니다: {state.error}"
            )
        return State.HEALTHY, _WELL.get(state.mood) or (
            "시세를 새로 모으고 있습니다."
            if state.last_frame is None or age is None
            else f"시세를 새로 모으고 있습니다. 마지막 시세 {age:,.0f}초 전"
        )

    @property
    def _longest(self) -> float:
        return self.watcher.timeliness.freshness.servable.total_seconds()

    def _age(self, state: WatcherState) -> float | None:
        """Seconds without a new frame while it was its care; None when it was not."""
        if state.watched_from is None:
            return None
        last = max(state.last_frame or state.watched_from, state.watched_from)
        return (self.watcher.timeliness.clock.now() - last).total_seconds()
