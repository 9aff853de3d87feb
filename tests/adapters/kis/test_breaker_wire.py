"""Breaker, retry, limiter and call in their order, over HTTP on the emulator."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path

import pytest

from adapters.kis.breaker import Breaker
from adapters.kis.circuit import State
from adapters.kis.client import KisClient
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.index_client import KisIndexClient
from adapters.kis.throttle import Limiter, Throttled
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import ScriptedTransport
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

MARKET_TIME = "HHMCM000002C0"


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=60, etf=5, etn=5, nxt=20)


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=2_000
    ) as running:
        yield running


class Product:
    """Clients of one broker as production joins them; seconds pass when told to."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self.emulator = emulator
        self.now = 0.0
        self.breaker = Breaker(monotonic=lambda: self.now)
        nowhere = ScriptedTransport()
        self.client = KisClient(nowhere)
        self.indices = KisIndexClient(nowhere)
        self.limiter = Limiter()

    @property
    def arrived(self) -> int:
        return len(self.emulator.calls())

    def state(self) -> State:
        return self.breaker.stats.state

    async def ask(self) -> list[object]:
        """Eight questions at once, two of each of four endpoints."""
        questions: list[Awaitable[object]] = []
        for _ in range(2):
            questions += [
                self.client.market_time(),
                self.client.volume_rank("J"),
                self.client.index_price("0001"),
                self.indices.categories("K", "0001"),
            ]
        return await asyncio.gather(*questions, return_exceptions=True)


@pytest.fixture
async def product(emulator: RunningEmulator, tmp_path: Path) -> AsyncIterator[Product]:
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        joined = Product(emulator)
        joined.client = KisClient(wire.transport, breaker=joined.breaker)
        joined.indices = KisIndexClient(wire.transport, breaker=joined.breaker)
        joined.limiter = wire.limiter
        await wire.tokens.current()
        emulator.reset_log()
        yield joined


def unanswered(ended: list[object]) -> int:
    return sum(isinstance(end, MarketDataUnavailableError) for end in ended)


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.EMPTY, Kind.HTML, Kind.RESET])
async def test_a_dead_broker_is_hardly_called_and_returns_by_one_probe(
    product: Product, kind: Kind
) -> None:
    product.emulator.faults.add(kind)
    for second in range(30):
        product.now = float(second)
        assert unanswered(await product.ask()) == 8
        if second == 0:
            at_first = product.arrived
            assert product.state() is State.OPEN
    # Eight questions of four tries; then a probe after 5 s, and one 10 s later: of
    # the 960 calls that the tries alone would make in thirty seconds.
    assert at_first <= 32
    assert product.arrived == at_first + 2

    product.emulator.faults.clear()
    product.now = 35.0
    ended = await product.ask()
    assert unanswered(ended) == 7
    assert product.arrived == at_first + 3
    assert product.state() is State.CLOSED
    assert unanswered(await product.ask()) == 0
    assert product.arrived == at_first + 3 + 8


async def test_an_open_breaker_spends_no_budget(product: Product) -> None:
    product.emulator.faults.add(Kind.SERVER_ERROR)
    await product.ask()
    granted, arrived = product.limiter.stats.granted, product.arrived
    assert granted == arrived  # each try took its grant
    await product.ask()
    assert (product.limiter.stats.granted, product.arrived) == (granted, arrived)
    assert product.breaker.stats.turned_away == 8


async def test_each_try_waits_its_turn_at_the_limiter(product: Product) -> None:
    product.emulator.faults.add(Kind.SERVER_ERROR, tr_id=MARKET_TIME, count=2)
    before = product.limiter.stats.granted
    await product.client.market_time()
    assert product.limiter.stats.granted - before == 3
    assert product.arrived == 3
    assert (product.breaker.stats.retried, product.breaker.stats.given_up) == (2, 0)


async def test_each_try_has_a_timeout_of_its_own(
    product: Product, emulator: RunningEmulator
) -> None:
    # Without one the first try would hang as long as the client lives.
    hang = emulator.faults.add(Kind.HANG, tr_id=MARKET_TIME, count=1)
    async with asyncio.timeout(60):
        await product.client.market_time()
    assert hang.hits == 1
    assert product.arrived == 2


async def test_a_single_endpoint_that_is_down_rests_alone(product: Product) -> None:
    product.emulator.faults.add(Kind.SERVER_ERROR, tr_id=MARKET_TIME)
    for _ in range(3):
        assert unanswered(await product.ask()) == 2
    assert product.state() is State.CLOSED
    assert product.breaker.stats.resting == ("market-time",)
    product.emulator.reset_log()
    assert unanswered(await product.ask()) == 2
    assert product.arrived == 6  # of the three other endpoints


async def test_random_refusals_open_nothing(product: Product) -> None:
    product.emulator.faults.refuse(0.2, seed=3)
    for _ in range(5):
        await product.ask()
    assert product.state() is State.CLOSED
    assert product.breaker.stats.resting == ()
    assert product.breaker.stats.retried > 0


async def test_a_port_without_a_broker_opens_it_for_every_endpoint() -> None:
    breaker = Breaker(monotonic=lambda: 0.0)
    async with open_session() as session:
        http = HttpTransport(
            session, base_url="http://127.0.0.1:9", master_url="http://127.0.0.1:9"
        )
        client = KisClient(Throttled(http, Limiter(400.0)), breaker=breaker)
        asked = (client.market_time() for _ in range(5))
        await asyncio.gather(*asked, return_exceptions=True)
        assert breaker.stats.state is State.OPEN
        with pytest.raises(MarketDataUnavailableError, match="쉬고 있습니다"):
            await client.volume_rank("J")
