"""One call with its tries, on a transport that answers as it is told."""

import asyncio

import pytest
from typing_extensions import override

from adapters.kis import retry
from adapters.kis.breaker import Breaker
from adapters.kis.circuit import State
from adapters.kis.client import KisClient
from adapters.kis.errors import KisOverLimitError, KisTransientError
from adapters.kis.flow_client import KisFlowClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import KisRequest, KisResponse, Priority
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.adapters.kis.fakes import ScriptedTransport, failed, good

DOWN = failed("EGW00001")
TIME = good(output1={"today": "20261120", "time": "103000"})


class Wire:
    """Clients of one broker behind one breaker; the clock is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.transport = ScriptedTransport([DOWN])
        self.breaker = Breaker(monotonic=lambda: self.now)
        self.client = KisClient(self.transport, breaker=self.breaker)

    @property
    def calls(self) -> int:
        return len(self.transport.requests)

    def state(self) -> State:
        return self.breaker.stats.state

    async def ask(self, times: int = 1) -> list[BaseException | None]:
        """How so many questions at once end, half of them of another endpoint."""
        ended = await asyncio.gather(
            *(
                self.client.index_price("0001") if turn % 2 else self._time()
                for turn in range(times)
            ),
            return_exceptions=True,
        )
        return [end if isinstance(end, BaseException) else None for end in ended]

    async def _time(self) -> object:
        return await self.client.market_time()


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def open_wire(wire: Wire) -> Wire:
    for endpoint in ("a", "b", "a", "b", "a"):
        ticket = wire.breaker.enter(endpoint)
        wire.breaker.failed(ticket, KisTransientError("HTTP 500"))
    assert wire.state() is State.OPEN
    return wire


async def test_an_open_breaker_makes_no_call(open_wire: Wire) -> None:
    ended = await open_wire.ask(20)
    assert {type(error) for error in ended} == {MarketDataUnavailableError}
    assert open_wire.calls == 0


async def test_a_failed_probe_is_one_call_and_no_more(open_wire: Wire) -> None:
    open_wire.now = 5.0
    ended = await open_wire.ask(20)
    assert open_wire.calls == 1
    assert sum(isinstance(error, KisTransientError) for error in ended) == 1
    assert open_wire.breaker.stats.tries_in == 10.0


async def test_an_answered_probe_lets_the_next_ones_pass(open_wire: Wire) -> None:
    open_wire.now = 5.0
    open_wire.transport.answers = [TIME]
    await open_wire.client.market_time()
    assert open_wire.state() is State.CLOSED
    await open_wire.client.market_time()
    assert open_wire.calls == 2


async def test_a_probe_refused_at_random_has_found_the_broker(open_wire: Wire) -> None:
    open_wire.now = 5.0
    open_wire.transport.answers = [failed("EGW00201"), TIME]
    await open_wire.client.market_time()
    assert open_wire.state() is State.CLOSED
    assert open_wire.calls == 2


async def test_a_probe_that_answers_nothing_useful_has_found_it_too(
    open_wire: Wire,
) -> None:
    open_wire.now = 5.0
    open_wire.transport.answers = [good(output1={}), TIME]
    await open_wire.client.market_time()
    assert open_wire.state() is State.CLOSED


async def test_a_probe_that_is_cancelled_lets_another_go(open_wire: Wire) -> None:
    open_wire.now = 5.0
    asked = asyncio.Event()
    exchange = open_wire.transport.exchange

    async def hang(request: KisRequest) -> KisResponse:
        asked.set()
        return await asyncio.Future[KisResponse]()

    open_wire.transport.exchange = hang  # type: ignore[method-assign]
    probe = asyncio.create_task(open_wire.client.market_time())
    await asked.wait()
    assert (await open_wire.ask())[0] is not None
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    open_wire.transport.exchange = exchange  # type: ignore[method-assign]
    open_wire.transport.answers = [TIME]
    await open_wire.client.market_time()
    assert open_wire.state() is State.CLOSED


async def test_tries_end_when_others_have_opened_the_breaker(wire: Wire) -> None:
    ended = await asyncio.gather(
        wire.ask(), wire.ask(40), wire.ask(), return_exceptions=True
    )
    told = [error for part in ended if isinstance(part, list) for error in part]
    assert all(isinstance(error, MarketDataUnavailableError) for error in told)
    # 42 × 4 without: once five have failed for good, the others try no more.
    assert sum(isinstance(error, KisTransientError) for error in told) < 42
    assert wire.calls < 168
    assert wire.breaker.stats.opened == 1


async def test_refused_credentials_are_no_outage(wire: Wire) -> None:
    wire.transport.answers = [failed("EGW00103")]
    ended = await wire.ask(40)
    assert {type(error) for error in ended} == {MarketDataRefusedError}
    assert wire.state() is State.CLOSED


async def test_limits_exceeded_are_no_outage(wire: Wire) -> None:
    wire.transport.answers = [failed("EGW00201")]
    ended = await wire.ask(12)
    assert {type(error) for error in ended} == {KisOverLimitError}
    assert (wire.state(), wire.calls) == (State.CLOSED, 48)


async def test_tries_and_ends_are_counted(wire: Wire) -> None:
    wire.transport.answers = [DOWN, DOWN, TIME]
    await wire.client.market_time()
    stats = wire.breaker.stats
    assert (stats.retried, stats.given_up, stats.turned_away) == (2, 0, 0)
    wire.transport.answers = [DOWN]
    await wire.ask()
    stats = wire.breaker.stats
    assert (stats.retried, stats.given_up, stats.turned_away) == (5, 1, 0)


async def test_clients_of_one_broker_share_its_breaker(open_wire: Wire) -> None:
    transport, breaker = open_wire.transport, open_wire.breaker
    calls = (
        KisStockClient(transport, breaker=breaker).price("J", "000010"),
        KisIndexClient(transport, breaker=breaker).categories("K", "0001"),
        KisFlowClient(transport, breaker=breaker).program_now("J", "000010"),
    )
    for call in calls:
        with pytest.raises(MarketDataUnavailableError, match="쉬고 있습니다"):
            await call
    assert open_wire.calls == 0


async def test_without_a_breaker_every_question_is_tried_four_times() -> None:
    transport = ScriptedTransport([DOWN])
    client = KisClient(transport)
    asked = (client.market_time() for _ in range(20))
    await asyncio.gather(*asked, return_exceptions=True)
    assert len(transport.requests) == 80


async def test_whoever_is_awaited_does_not_try_beyond_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each try ends in a 500 after 0.05 s, so that the second one uses all of it up.
    monkeypatch.setattr(retry, "PATIENCE", 0.08)
    transport = SlowTransport([DOWN])
    with pytest.raises(KisTransientError):
        await KisClient(transport).market_time(priority=Priority.INTERACTIVE)
    assert len(transport.requests) <= 2


async def test_what_nobody_waits_for_may_queue_for_each_of_its_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "PATIENCE", 0.08)
    transport = SlowTransport([DOWN])
    with pytest.raises(KisTransientError):
        await KisClient(transport).market_time(priority=Priority.BACKGROUND)
    assert len(transport.requests) == 4


async def test_random_refusals_cost_no_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retry, "PATIENCE", 0.08)
    transport = SlowTransport([failed("EGW00201"), failed("EGW00201"), TIME])
    await KisClient(transport).market_time()
    assert len(transport.requests) == 3


class SlowTransport(ScriptedTransport):
    """Thinks for a twentieth of a second."""

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        await asyncio.sleep(0.05)
        return await super().exchange(request)
