"""What the health check sees of alerts: whether they get out, channel by channel."""

from dataclasses import dataclass

from typing_extensions import override

from application.alert_delivery import Tally
from application.alert_unusual_volume import AlertUnusualVolume
from application.ports.health import Check, Probe, State


@dataclass(frozen=True, slots=True)
class AlertsProbe(Probe):
    """Degraded while the last alert of any channel has not got out."""

    alerts: AlertUnusualVolume

    @override
    async def __call__(self) -> Check:
        """Each channel's count, and what went wrong last."""
        tallies = self.alerts.tallies
        fails = any(tally.error for tally in tallies)
        return Check(
            name="alerts",
            state=State.DEGRADED if fails else State.HEALTHY,
            detail="; ".join(map(_told, tallies)) or "알림을 보낼 곳이 없습니다.",
        )


def _told(tally: Tally) -> str:
    counts = {
        "보냄": tally.sent,
        "실패": tally.failed,
        "버림": tally.dropped,
        "대기": tally.queued,
    }
    shown = [f"{word} {number}" for word, number in counts.items() if number]
    said = f"{tally.name} {', '.join(shown) or '아직 없음'}"
    return f"{said}(마지막 오류: {tally.error})" if tally.error else said
