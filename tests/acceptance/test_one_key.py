"""Four processes of one folder and one key: one budget, one token, one sweeper."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.askers import Asker, over_http, over_stdio
from tests.acceptance.served import TOOL, Answer, environment, served
from tests.acceptance.sweeps import times_quoted
from tests.kis_emulator.arrivals import Arrival
from tests.kis_emulator.clock import DEFAULT_AT, EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

pytestmark = [pytest.mark.slow, pytest.mark.long]

LIMIT = 18
SPEED = 12
"""Of every clock: figures are a minute old, and due again, after five seconds."""

SECONDS = 20.0
PAUSE = 0.2
PATIENCE = 30.0
STDIO = 3
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"market": "KOSDAQ", "count": 100},
    {"venue": "NXT", "sort_by": "volume"},
    {"kinds": ["ETF", "ETN"]},
    {"venue": "KRX", "exclude": ["SPAC", "PREFERRED"]},
    {"market": "KOSPI", "offset": 20},
]
POOLS = {"stocks of KRX": ("J", 0), "stocks of NXT": ("NX", 0), "funds": ("J", 1)}


@dataclass(slots=True, kw_only=True)
class Busy:
    """What was seen of processes that were asked without a pause.

    Attributes:
        answers: Of each process.
        agreed: For each time that all were asked the same at once, whether all
            answered from one frame.
        calls: What the broker was asked while they were all busy.
    """

    answers: list[list[Answer]]
    agreed: list[bool] = field(default_factory=list)
    calls: list[Arrival] = field(default_factory=list)
    most: int = 0
    tokens: tuple[int, int] = (0, 0)
    ended_as_one: bool = False


def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=120, etf=5, etn=5, nxt=30)


@asynccontextmanager
async def processes(
    broker: RunningEmulator, folder: Path, stdio: int
) -> AsyncIterator[list[Asker]]:
    """One server over HTTP and some over stdio, whose clocks are the broker's."""
    since = datetime.fromtimestamp(time.time(), UTC)
    broker.clock.set(DEFAULT_AT)
    broker.clock.run(speed=SPEED)
    rehearsal = {"CLOCK_SPEED": str(SPEED), "CLOCK_SINCE": since.isoformat()}
    rehearsal["KIS_RATE_LIMIT"] = "15"
    async with AsyncExitStack() as stack:
        product = stack.enter_context(
            served(broker, folder / "data", at=DEFAULT_AT, **rehearsal)
        )
        askers = [over_http(product)]
        for number in range(stdio):
            variables = environment(broker, folder / "data", at=DEFAULT_AT, **rehearsal)
            log = folder / f"stdio-{number}.err"
            askers.append(await stack.enter_async_context(over_stdio(variables, log)))
        yield askers


async def kept_busy(broker: RunningEmulator, folder: Path, stdio: int) -> Busy:
    """Asks every process five times a second, and now and then all the same."""
    async with processes(broker, folder, stdio) as askers:
        busy = Busy(answers=[[] for _ in askers])
        await asyncio.gather(*(warmed(ask) for ask in askers))
        seen, end = len(broker.calls()), time.monotonic() + SECONDS
        await asyncio.gather(
            *(
                asked(ask, answers, end)
                for ask, answers in zip(askers, busy.answers, strict=True)
            ),
            compared(askers, busy.agreed, end),
        )
        busy.calls = broker.calls()[seen:]
        busy.ended_as_one = await in_the_end_as_one(askers)
        busy.most = broker.max_in_any_second()
        busy.tokens = (broker.tokens_issued, broker.token_asks)
    return busy


async def warmed(ask: Asker) -> None:
    """Until every question is answered from a whole market."""
    deadline = time.monotonic() + PATIENCE
    for question in QUESTIONS:
        while (await ask(TOOL, **question)).basis != "full_market":
            assert time.monotonic() < deadline
            await asyncio.sleep(PAUSE)


async def asked(ask: Asker, answers: list[Answer], end: float) -> None:
    for question in itertools.cycle(QUESTIONS):
        if time.monotonic() >= end:
            return
        answers.append(await ask(TOOL, include_details=False, **question))
        await asyncio.sleep(PAUSE)


async def as_one(askers: Sequence[Asker]) -> bool:
    """Whether all answer a question from one frame."""
    answers = await asyncio.gather(*(ask(TOOL, count=5) for ask in askers))
    return len({answer["meta"]["as_of"] for answer in answers}) == 1


async def compared(askers: Sequence[Asker], agreed: list[bool], end: float) -> None:
    while time.monotonic() < end:
        agreed.append(await as_one(askers))
        await asyncio.sleep(2 * PAUSE)


async def in_the_end_as_one(askers: Sequence[Asker]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if await as_one(askers):
            return True
        await asyncio.sleep(PAUSE)
    return False


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Busy, Busy]:
    """Four processes, and beside them a single one with a broker of its own."""

    async def both() -> tuple[Busy, Busy]:
        with (
            running_emulator(
                market=market(),
                clock=EmulatorClock(),
                rate_limit=LIMIT,
                latency=0.02,
                jitter=0.03,
            ) as broker,
            running_emulator(market=market(), clock=EmulatorClock()) as other,
        ):
            return await asyncio.gather(
                kept_busy(broker, tmp_path_factory.mktemp("four"), STDIO),
                kept_busy(other, tmp_path_factory.mktemp("one"), 0),
            )

    return asyncio.run(both())


@pytest.fixture(scope="module")
def four(seen: tuple[Busy, Busy]) -> Busy:
    return seen[0]


def test_together_they_never_ask_more_than_the_broker_takes(four: Busy) -> None:
    assert 0 < four.most <= LIMIT
    assert not [call for call in four.calls if call.code == "EGW00201"]


def test_all_of_them_are_issued_one_token(four: Busy) -> None:
    assert four.tokens == (1, 1)


def test_every_process_is_answered(four: Busy) -> None:
    assert len(four.answers) == STDIO + 1
    for answers in four.answers:
        assert len(answers) > SECONDS  # one a second, however slow the machine
        assert [answer.text for answer in answers if answer.is_error] == []


@pytest.mark.parametrize("pool", POOLS)
def test_they_sweep_as_often_as_one_process_does(
    seen: tuple[Busy, Busy], pool: str
) -> None:
    """Apart they would sweep four times as often."""
    division, of_funds = POOLS[pool]
    quiet = quiet_code(division, fund=bool(of_funds))
    together, alone = (times_quoted(busy.calls, division, quiet) for busy in seen)
    assert alone >= 2
    assert abs(together - alone) <= 1


def quiet_code(division: str, *, fund: bool) -> str:
    """What trades least of those that trade: no list of leaders names it."""
    truth = market()
    shown = truth.snapshot(division, DEFAULT_AT)
    kinds = ("ETF", "ETN") if fund else ("STOCK",)
    listed = [
        item.code
        for item in truth.listings()
        if item.kind in kinds and item.market in ("KOSPI", "KOSDAQ")
    ]
    values = {
        code: quote.trading_value for code in listed if (quote := shown.quote(code))
    }
    return min((code for code in values if values[code] > 0), key=values.__getitem__)


def test_all_answer_from_one_frame(four: Busy) -> None:
    """A new frame is taken over within a moment of the five seconds that it lasts."""
    assert len(four.agreed) > 5
    assert sum(four.agreed) > len(four.agreed) / 2
    assert four.ended_as_one
