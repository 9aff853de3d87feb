"""How long a process that asks once waits: longer than its sweep can take."""

from datetime import timedelta

import pytest

from bootstrap.waiting import SERVING, asking_once


@pytest.mark.parametrize(
    ("calls_a_second", "seconds"),
    [(18, 60), (15, 60), (5, 60), (3, 100), (1, 300)],  # 1.5 x 200 calls / rate
)
def test_patience_follows_the_pace(calls_a_second: int, seconds: int) -> None:
    waiting = asking_once(calls_a_second)
    assert waiting.freshness.patience == timedelta(seconds=seconds)
    assert not waiting.leads_when_cold


def test_a_server_keeps_its_clients_deadline() -> None:
    assert SERVING.freshness.patience == timedelta(seconds=8)
    assert SERVING.leads_when_cold
