"""The worst part is the state of the whole, and a probe that fails is a finding."""

from datetime import timedelta

import pytest
from typing_extensions import override

from application.check_health import CheckHealth, Health
from application.ports.health import Check, Probe, State
from domain.provenance import Source
from domain.session import Phase
from tests.application.scene import Scene
from tests.builders import SESSION, at


class FakeProbe(Probe):
    """Finds what it was told to."""

    def __init__(self, state: State) -> None:
        self.state = state

    @override
    async def __call__(self) -> Check:
        return Check(name="fake", state=self.state, detail="")


class BrokenProbe(Probe):
    @override
    async def __call__(self) -> Check:
        raise ValueError("secret")


async def health(*probes: Probe, started: str = "10:00") -> Health:
    check = CheckHealth(
        probes=probes,
        timeliness=Scene().timeliness,
        source=Source(name="kis"),
        version="1.2.3",
        environment="production",
        settings={"KIS_RATE_LIMIT": 15},
        started=at(started),
    )
    return await check()


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ([], State.HEALTHY),
        ([State.HEALTHY], State.HEALTHY),
        ([State.DEGRADED, State.HEALTHY], State.DEGRADED),
        ([State.DEGRADED, State.UNHEALTHY, State.HEALTHY], State.UNHEALTHY),
    ],
)
async def test_the_worst_part_is_the_state_of_the_whole(
    states: list[State], worst: State
) -> None:
    found = await health(*(FakeProbe(state) for state in states))

    assert found.state is worst
    assert [check.state for check in found.checks] == states


async def test_a_probe_that_fails_is_unhealthy_and_tells_no_secret() -> None:
    (check,) = (await health(BrokenProbe())).checks

    assert (check.name, check.state) == ("broken", State.UNHEALTHY)
    assert "ValueError" in check.detail
    assert "secret" not in check.detail


async def test_it_says_what_runs_since_when_and_where_the_session_stands() -> None:
    found = await health(started="10:00")

    assert found.uptime == timedelta(minutes=30)
    assert (found.version, found.environment) == ("1.2.3", "production")
    assert found.settings == {"KIS_RATE_LIMIT": 15}
    assert (found.as_of.session, found.as_of.phase) == (SESSION, Phase.REGULAR)
    assert found.as_of.coverage is None


async def test_a_clock_that_was_set_back_makes_no_negative_uptime() -> None:
    assert (await health(started="10:31")).uptime == timedelta()
