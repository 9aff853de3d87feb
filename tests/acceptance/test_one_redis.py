"""A hundred callers at once cost the broker what one does; replicas share by Redis."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from adapters.kis.requests import MULTI_QUOTE, VOLUME_RANK
from tests.acceptance.served import Answer, Served, served
from tests.kis_emulator.clock import DEFAULT_AT, EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator
from tests.redis_server import RedisServer, running_redis

pytestmark = [pytest.mark.slow, pytest.mark.long]

LIMIT = 18
CALLERS = 100
PATIENCE = 30.0
STILL = 3.0
"""Seconds without a call, after which a cold start is over."""

LEAD_QUOTES, LEAD_RANKS = 4, 2
"""Calls for first rows. A process that has just started still loads what it shares
answers by, and may ask for these once more; the sweep itself is made once."""

RUN = 12.0
STOPS_AFTER = 4.0
SPEED = 30
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"count": 20},
    {"market": "KOSPI"},
    {"kinds": ["ETF"]},
)


@dataclass(slots=True, kw_only=True)
class Cold:
    """What cold processes asked the broker.

    Attributes:
        quotes: Calls for quotes.
        ranks: Calls for rankings.
    """

    answers: list[Answer]
    quotes: int
    ranks: int
    most: int
    tokens: tuple[int, int]


@contextmanager
def broker() -> Iterator[RunningEmulator]:
    """With a clock that stands: nothing is due again by itself."""
    with running_emulator(
        market=SimulatedMarket(stocks=240, etf=5, etn=5, nxt=40),
        clock=EmulatorClock(DEFAULT_AT),
        rate_limit=LIMIT,
        latency=0.03,
        jitter=0.02,
    ) as running:
        yield running


def now() -> str:
    """Since when all of some processes' clocks have run: they show the same time."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat()


def asked_cold(folder: Path, *, servers: int, callers: int, redis: str = "") -> Cold:
    """The same question of every caller at once; each server has its own folder."""
    settings = {"UPKEEP": "false", "KIS_RATE_LIMIT": "15", "CLOCK_SINCE": now()}
    if redis:
        settings["REDIS_URL"] = redis
    with broker() as running, ExitStack() as stack:
        products = [
            stack.enter_context(
                served(running, folder / f"data-{number}", at=DEFAULT_AT, **settings)
            )
            for number in range(servers)
        ]
        with ThreadPoolExecutor(callers) as pool:
            turns = islice(cycle(products), callers)
            answers = list(pool.map(lambda product: product.ask(count=20), turns))
        for product in products:
            product.whole(count=20)
        wait_until_still(running)
        return Cold(
            answers=answers,
            quotes=len(running.calls(MULTI_QUOTE.tr_id)),
            ranks=len(running.calls(VOLUME_RANK.tr_id)),
            most=running.max_in_any_second(),
            tokens=(running.tokens_issued, running.token_asks),
        )


def wait_until_still(running: RunningEmulator) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        before = len(running.calls())
        time.sleep(STILL)
        if len(running.calls()) == before:
            return
    raise AssertionError("the broker is asked on and on")


@pytest.fixture(scope="module")
def of_one(tmp_path_factory: pytest.TempPathFactory) -> Cold:
    """A single question to a single server."""
    return asked_cold(tmp_path_factory.mktemp("one"), servers=1, callers=1)


@pytest.fixture(scope="module")
def of_replicas(tmp_path_factory: pytest.TempPathFactory) -> Cold:
    """A hundred callers, fifty of each of two servers on one Redis."""
    with running_redis() as (url, _):
        folder = tmp_path_factory.mktemp("two")
        return asked_cold(folder, servers=2, callers=CALLERS, redis=url)


def test_a_hundred_equal_questions_cost_a_server_the_calls_of_one(
    of_one: Cold, tmp_path: Path
) -> None:
    of_all = asked_cold(tmp_path, servers=1, callers=CALLERS)
    assert all(not answer.is_error for answer in of_all.answers)
    assert of_one.quotes > 0
    assert of_one.ranks > 0
    assert (of_all.quotes, of_all.ranks) == (of_one.quotes, of_one.ranks)


def test_they_cost_two_replicas_the_calls_of_one(
    of_one: Cold, of_replicas: Cold
) -> None:
    assert all(not answer.is_error for answer in of_replicas.answers)
    assert of_one.quotes <= of_replicas.quotes <= of_one.quotes + LEAD_QUOTES
    assert of_one.ranks <= of_replicas.ranks <= of_one.ranks + LEAD_RANKS


def test_two_replicas_keep_one_budget_and_one_token(of_replicas: Cold) -> None:
    assert of_replicas.most <= LIMIT
    assert of_replicas.tokens == (1, 1)


@dataclass(slots=True, kw_only=True)
class Stopped:
    """Two replicas whose Redis was stopped while they were asked.

    Attributes:
        answers: Of both, with whether Redis was gone when each was asked.
    """

    answers: list[list[tuple[bool, Answer]]] = field(default_factory=list)
    most: int = 0
    refused: int = 0
    calls_without: int = 0


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """At this speed figures are due again every other second."""
    folder, found = tmp_path_factory.mktemp("stopped"), Stopped()
    gone = Event()
    with running_redis() as (url, redis), broker() as running, ExitStack() as stack:
        running.clock.run(speed=SPEED)
        settings = {
            "REDIS_URL": url,
            "KIS_RATE_LIMIT": "15",
            "CLOCK_SPEED": str(SPEED),
            "CLOCK_SINCE": now(),
        }
        products = [
            stack.enter_context(
                served(running, folder / f"data-{number}", at=DEFAULT_AT, **settings)
            )
            for number in range(2)
        ]
        for product in products:
            product.whole(count=20)
        end = time.monotonic() + RUN
        with ThreadPoolExecutor(len(products) + 1) as pool:
            stopping = pool.submit(stop_later, redis, running, gone)
            asking = [pool.submit(asked, product, gone, end) for product in products]
            found.answers = [each.result() for each in asking]
            before = stopping.result()
        found.calls_without = len(running.calls()) - before
        found.most = running.max_in_any_second()
        found.refused = sum(call.code == "EGW00201" for call in running.calls())
    return found


def stop_later(redis: RedisServer, running: RunningEmulator, gone: Event) -> int:
    """Stops it in the middle; how many calls there had been by then."""
    time.sleep(STOPS_AFTER)
    redis.stop()
    gone.set()
    return len(running.calls())


def asked(product: Served, gone: Event, end: float) -> list[tuple[bool, Answer]]:
    questions: Iterator[dict[str, Any]] = cycle(QUESTIONS)
    answers = []
    while time.monotonic() < end:
        without = gone.is_set()
        answers.append((without, product.ask(**next(questions))))
        time.sleep(0.1)
    return answers


def test_replicas_go_on_without_their_redis(stopped: Stopped) -> None:
    for answers in stopped.answers:
        without = [answer for gone, answer in answers if gone]
        assert len(without) > RUN - STOPS_AFTER  # one a second, on any machine
        assert [answer.text for answer in without if answer.is_error] == []
    assert stopped.calls_without > 0


def test_their_calls_stay_within_the_brokers_limit(stopped: Stopped) -> None:
    assert stopped.most <= LIMIT
    assert stopped.refused == 0
