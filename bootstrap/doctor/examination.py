"""``doctor``: what is configured, what is reachable, what is wrong, and what to do."""

from bootstrap.doctor.machine import examine_machine
from bootstrap.doctor.report import Report, look
from bootstrap.settings import LiveSettings, ReplaySettings

SECONDS = 19.0
"""Of all checks together; the unsure facts come on top."""


async def examine(settings: LiveSettings | ReplaySettings, live: bool) -> int:
    """Prints the report.

    Args:
        settings: The environment to examine.
        live: Whether to ask the broker the unsure facts too.

    Returns:
        The exit code: 0 where nothing is wrong, else 1.
    """
    report = Report(settings.secrets, seconds=SECONDS)
    await examine_machine(settings, report)
    if isinstance(settings, LiveSettings):
        from bootstrap.doctor.live import examine_broker  # noqa: PLC0415

        await examine_broker(settings, report, live=live)
        return report.close()
    from bootstrap.doctor.replay import examine_replay  # noqa: PLC0415

    await examine_replay(settings, report)
    if live:
        said = "--live는 실제 증권사에 묻는 환경에서만 됩니다(지금은 replay)"
        step = "앱키를 넣고 APP_ENV=production으로 실행해 주세요."
        report.add("--live", look(said, step))
    return report.close()
