"""Scenarios run on the product's use cases; steps come by concept."""

import asyncio
import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Scenario, Step

from features.steps.freshness import *
from features.steps.investors import *
from features.steps.questions import *
from features.steps.rankings import *
from features.steps.recordings import *
from features.steps.sectors import *

for name in list(os.environ):
    if name.startswith(("KIS_", "REPLAY_")) or name == "APP_ENV":
        del os.environ[name]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One event loop a scenario: pytest-bdd itself runs no async step."""
    with asyncio.Runner() as running:
        yield running


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
) -> None:
    """A scenario that says nothing is a mistake."""
    if not scenario.steps:
        pytest.fail(f"단계가 없는 시나리오: {scenario.name}")


def pytest_bdd_before_step_call(  # noqa: PLR0913, PLR0917 - the hook has them
    request: pytest.FixtureRequest,
    feature: Feature,
    scenario: Scenario,
    step: Step,
    step_func: Callable[..., Any],
    step_func_args: dict[str, Any],
) -> None:
    """An async step would pass without running."""
    if inspect.iscoroutinefunction(step_func):
        pytest.fail(f"async 단계를 그대로 등록했다: {step.name}")
