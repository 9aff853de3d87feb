"""The text of health_check."""

from application.check_health import Health
from domain.session import KST


def text(found: Health) -> str:
    """The state in a line, then each check."""
    at = found.as_of.as_of.astimezone(KST)
    kind = " · 시뮬레이션" if found.as_of.source.simulated else ""
    lines = [
        f"{at:%Y-%m-%d %H:%M:%S} 기준{kind}",
        f"상태 {found.state.value} · 환경 {found.environment} · 버전 {found.version} · "
        f"가동 {found.uptime.total_seconds():,.0f}초",
    ]
    lines += [f"{c.name} | {c.state.value} | {c.detail}" for c in found.checks]
    return "\n".join(lines)
