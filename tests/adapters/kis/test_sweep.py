"""A sweep: everything once, what is lost once more, and no hammering of the dead."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.kis.client import KisClient
from adapters.kis.requests import SLOTS
from adapters.kis.retry import ATTEMPTS
from adapters.kis.sweep import GIVE_UP_AFTER, QuoteSweep
from adapters.kis.transport import KisRequest, KisResponse, Priority
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.adapters.kis.fakes import ScriptedTransport, good, quote_row
from tests.adapters.kis.joined import MULTI_QUOTE
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

CODES = [f"{n:06d}" for n in range(10, 1210)]
"""Forty calls' worth."""


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=900, etf=10, etn=5, nxt=50)


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


def asked(request: KisRequest) -> list[str]:
    names = (f"FID_INPUT_ISCD_{n}" for n in range(1, SLOTS + 1))
    return [request.params[name] for name in names if name in request.params]


def quoted(request: KisRequest) -> KisResponse:
    return good(output=[quote_row(code) for code in asked(request)])


def codes(emulator: RunningEmulator) -> list[str]:
    return list(emulator.truth.snapshot("J", emulator.clock.now()).codes)


async def test_every_code_is_asked_for_once_thirty_a_call() -> None:
    wire = ScriptedTransport([quoted])
    rows = await QuoteSweep(KisClient(wire), "NX").run(CODES)
    assert sorted(row.inter_shrn_iscd for row in rows) == CODES
    assert [len(asked(request)) for request in wire.requests] == [30] * 40
    assert {request.priority for request in wire.requests} == {Priority.SWEEP}
    assert {
        request.params["FID_COND_MRKT_DIV_CODE_7"] for request in wire.requests
    } == {"NX"}


async def test_a_sweep_of_nothing_asks_nothing() -> None:
    wire = ScriptedTransport([quoted])
    assert await QuoteSweep(KisClient(wire), "J").run([]) == []
    assert wire.requests == []


async def test_a_row_that_was_left_out_is_asked_for_once_more() -> None:
    def forgetful(request: KisRequest) -> KisResponse:
        full = len(asked(request)) == SLOTS
        return good(output=[quote_row(code) for code in asked(request)[full:]])

    wire = ScriptedTransport([forgetful])
    rows = await QuoteSweep(KisClient(wire), "J").run(CODES[:90])
    assert sorted(row.inter_shrn_iscd for row in rows) == CODES[:90]
    assert [len(asked(request)) for request in wire.requests] == [30, 30, 30, 3]


async def test_a_code_that_never_comes_is_left_out_with_a_warning() -> None:
    def partial(request: KisRequest) -> KisResponse:
        there = [code for code in asked(request) if code != CODES[3]]
        return good(output=[quote_row(code) for code in there] or [quote_row("999999")])

    with capture_logs() as logs:
        rows = await QuoteSweep(KisClient(ScriptedTransport([partial])), "J").run(
            CODES[:60]
        )
    assert sorted({*CODES[:60]} - {row.inter_shrn_iscd for row in rows}) == [CODES[3]]
    missing = [log for log in logs if log["event"] == "kis.quotes_missing"]
    assert [(log["codes"], log["first"]) for log in missing] == [(1, [CODES[3]])]


async def test_refused_credentials_end_it_at_once() -> None:
    wire = ScriptedTransport([MarketDataRefusedError("키", code="EGW00103")])
    with pytest.raises(MarketDataRefusedError):
        await QuoteSweep(KisClient(wire), "J").run(CODES)
    assert len(wire.requests) <= GIVE_UP_AFTER


async def test_a_lost_call_is_asked_once_more(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    """All four tries of one call fail; the second round finds the broker well."""
    wanted = codes(emulator)[:300]
    emulator.faults.add(
        Kind.SERVER_ERROR, tr_id=MULTI_QUOTE, holding=wanted[100], count=ATTEMPTS
    )
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        sweep = QuoteSweep(wire.client, "J")
        rows = await sweep.run(wanted)
    assert len(sweep.lost) == 1
    assert {row.inter_shrn_iscd for row in rows} == set(wanted)
    assert len(emulator.calls(MULTI_QUOTE)) == 10 - 1 + ATTEMPTS + 3  # by tens


async def test_what_is_lost_twice_is_missing_and_the_rest_stands(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    wanted = codes(emulator)[:300]
    emulator.faults.drop_call_with(wanted[100])
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        rows = await QuoteSweep(wire.client, "J").run(wanted)
    lost = set(wanted) - {row.inter_shrn_iscd for row in rows}
    assert lost == set(wanted[100:110])  # of 30, asked by tens the second time


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.HTML, Kind.EMPTY])
async def test_a_broker_that_is_down_is_left_alone_after_few_calls(
    emulator: RunningEmulator, tmp_path: Path, kind: Kind
) -> None:
    emulator.faults.add(kind, tr_id=MULTI_QUOTE)
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        with pytest.raises(MarketDataUnavailableError):
            await QuoteSweep(wire.client, "J").run(codes(emulator))
    assert len(codes(emulator)) > 900
    assert len(emulator.calls(MULTI_QUOTE)) <= GIVE_UP_AFTER * ATTEMPTS


async def test_a_broker_that_comes_back_is_swept_whole(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    """The first four calls are lost for good, the fifth is answered."""
    wanted = codes(emulator)
    for first in range(0, 120, 30):
        emulator.faults.add(
            Kind.SERVER_ERROR, tr_id=MULTI_QUOTE, holding=wanted[first], count=ATTEMPTS
        )
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        rows = await QuoteSweep(wire.client, "J").run(wanted)
    assert {row.inter_shrn_iscd for row in rows} == set(wanted)
