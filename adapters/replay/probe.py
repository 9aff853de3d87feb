"""What the health check sees of a recording."""

from dataclasses import dataclass

from typing_extensions import override

from adapters.replay.recording import Recording
from application.ports.health import Check, Probe, State


@dataclass(frozen=True, slots=True)
class RecordingProbe(Probe):
    """Which recording answers, and which instants it holds."""

    recording: Recording

    @override
    async def __call__(self) -> Check:
        instants = self.recording.instants
        source = self.recording.source
        label = "시뮬레이션 녹화본" if source.simulated else "녹화본"
        held = ", ".join(f"{at:%H:%M}" for at in instants)
        return Check(
            name="recording",
            state=State.HEALTHY,
            since=instants[-1] if instants else None,
            detail=f"{label} {source.name}, 시각 {held}",
        )
