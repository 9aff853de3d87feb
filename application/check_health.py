"""How the product is: every part probed, the worst one named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.health import Check, Probe, State
from application.timeliness import Timeliness
from domain.listing import Venue
from domain.provenance import AsOf, Source

SettingValue = str | int | float | bool | None

_WORSE = list(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The answer.

    Attributes:
        state: The worst of the checks'.
        settings: What is configured; never a secret.
    """

    state: State
    version: str
    environment: str
    uptime: timedelta
    checks: tuple[Check, ...]
    settings: Mapping[str, SettingValue]
    as_of: AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHealth:
    """Probes every part of this environment."""

    probes: tuple[Probe, ...]
    timeliness: Timeliness
    source: Source
    version: str
    environment: str
    settings: Mapping[str, SettingValue]
    started: datetime

    async def __call__(self) -> Health:
        """Never raises: what cannot be probed is unhealthy."""
        now = self.timeliness.clock.now()
        checks = tuple([await _probed(probe) for probe in self.probes])
        states = (check.state for check in checks)
        worst = max(states, key=_WORSE.index, default=State.HEALTHY)
        return Health(
            state=worst,
            version=self.version,
            environment=self.environment,
            uptime=max(now - self.started, timedelta()),
            checks=checks,
            settings=self.settings,
            as_of=AsOf(
                as_of_from=now,
                as_of=now,
                session=self.timeliness.due(Venue.ALL).day,
                phase=self.timeliness.phase(Venue.ALL),
                is_final=False,
                source=self.source,
                venue=Venue.ALL,
                stale=False,
                age_seconds=0.0,
                coverage=None,
            ),
        )


async def _probed(probe: Probe) -> Check:
    """What the probe found; one that fails tells no more than its kind of error."""
    try:
        return await probe()
    except Exception as error:
        return Check(
            name=type(probe).__name__.removesuffix("Probe").lower(),
            state=State.UNHEALTHY,
            detail=f"점검하지 못했습니다({type(error).__name__}). 다시 시작해 보세요.",
        )
