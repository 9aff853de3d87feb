"""One token for all processes of a key, and never more calls than the broker takes."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from adapters.kis.requests import MULTI_QUOTE
from tests.acceptance.served import Answer, Served, served, served_together
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

pytestmark = pytest.mark.slow

LIMIT = 18
MIXED_SECONDS = 60
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"market": "KOSDAQ", "count": 100},
    {"venue": "NXT", "sort_by": "volume"},
    {"kinds": ["ETF", "ETN"]},
    {"venue": "KRX", "exclude": ["SPAC", "PREFERRED"]},
    {"market": "KOSPI", "kinds": ["STOCK", "ETF"], "offset": 40},
]


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    """A broker whose clock runs, and whose line is as uneven as a real one."""
    with running_emulator(latency=0.02, jitter=0.05, rate_limit=LIMIT) as emulator:
        emulator.clock.run()
        yield emulator


@pytest.fixture(scope="module")
def flooded(
    emulator: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> list[Answer]:
    """What a hundred callers of a cold process got, then a minute of mixed ones."""
    folder = tmp_path_factory.mktemp("rate") / "data"
    with served(emulator, folder, KIS_RATE_LIMIT="15") as product:
        with ThreadPoolExecutor(100) as callers:
            first = list(callers.map(lambda n: ask(product, n), range(100)))
        return first + asked_for(product, MIXED_SECONDS)


def ask(product: Served, number: int) -> Answer:
    return product.ask(**QUESTIONS[number % len(QUESTIONS)])


def asked_for(product: Served, seconds: float) -> list[Answer]:
    """Four callers taking turns at the questions, about forty calls a second."""
    deadline = time.monotonic() + seconds
    numbers = itertools.count()

    def caller(_: int) -> list[Answer]:
        answers = []
        while time.monotonic() < deadline:
            answers.append(ask(product, next(numbers)))
            time.sleep(0.1)
        return answers

    with ThreadPoolExecutor(4) as callers:
        return [answer for some in callers.map(caller, range(4)) for answer in some]


def test_two_processes_started_together_are_issued_one_token(tmp_path: Path) -> None:
    with running_emulator(market=SimulatedMarket(stocks=120, etf=5, etn=5)) as broker:
        with served_together(broker, tmp_path / "data", count=2) as products:
            answers = [product.ask(count=5) for product in products]
        assert (broker.tokens_issued, broker.token_asks) == (1, 1)
    assert [answer.is_error for answer in answers] == [False, False]
    assert answers[0]["ranking"] == answers[1]["ranking"]


def test_no_second_ever_holds_more_calls_than_the_broker_takes(
    emulator: RunningEmulator, flooded: list[Answer]
) -> None:
    assert emulator.max_in_any_second() <= LIMIT
    assert not [call for call in emulator.calls() if call.code == "EGW00201"]
    assert len(emulator.calls()) > 150  # stocks and funds were swept


def test_a_flood_is_answered_in_time_and_says_when_to_come_again(
    flooded: list[Answer],
) -> None:
    assert max(answer.seconds for answer in flooded) < 10
    refused = [answer.text for answer in flooded if answer.is_error]
    assert all("retry_after" in text for text in refused)
    assert len(refused) < len(flooded) / 4


def test_callers_share_what_was_swept(
    emulator: RunningEmulator, flooded: list[Answer]
) -> None:
    """A hundred callers share sweeps: some four hundred quote calls answer them all."""
    assert len(flooded) > 500
    assert len(emulator.calls(MULTI_QUOTE.tr_id)) < 600
