"""Given: which recorded instant is asked."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import time

import pytest
from pytest_bdd import given, parsers

from application.use_cases import UseCases
from bootstrap.replay import replay
from bootstrap.settings import ReplaySettings

Opener = Callable[[str], UseCases]


@pytest.fixture
def open_recording(runner: asyncio.Runner) -> Iterator[Opener]:
    """Opens the bundled recording at a time of its session."""
    stack = AsyncExitStack()

    def opened(at: str) -> UseCases:
        settings = ReplaySettings(replay_at=time.fromisoformat(at))
        product = runner.run(stack.enter_async_context(replay(settings)))
        return product.use_cases

    yield opened
    runner.run(stack.aclose())


@given(parsers.parse("녹화된 거래일의 {at} 시세"), target_fixture="use_cases")
def recorded_at(at: str, open_recording: Opener) -> UseCases:
    return open_recording(at)
