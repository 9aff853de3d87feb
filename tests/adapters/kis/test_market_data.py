"""The market-data port against a market whose truth is known to the won."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from domain.errors import MarketDataUnavailableError
from domain.listing import Kind, Venue
from tests.adapters.kis.joined import (
    INDEX_PRICE,
    MULTI_QUOTE,
    STOCKS,
    differences,
    joined,
    truth,
)
from tests.kis_emulator.clock import DEFAULT_AT, EmulatorClock
from tests.kis_emulator.faults import Kind as FaultKind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

TODAY = date(2026, 11, 20)
VENUES = (Venue.KRX, Venue.NXT)


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=700, etf=60, etn=20, nxt=200)


@pytest.fixture(scope="module")
def running(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: RunningEmulator) -> Iterator[RunningEmulator]:
    """Well again, whatever the test before did."""
    yield running
    running.faults.clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One token and one morning's masters for all."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("venue", VENUES)
async def test_a_swept_market_is_the_truth_to_the_won(
    emulator: RunningEmulator, folder: Path, venue: Venue
) -> None:
    async with joined(emulator, folder) as market:
        listings = market.stocks.on_venue(venue)
        frame = await market.quotes.sweep(listings, venue, TODAY)
    assert list(differences(frame, truth(emulator, venue))) == []
    assert frame.known.all()
    assert (frame.venue, frame.session, frame.kinds) == (venue, TODAY, STOCKS)
    assert (frame.as_of_from, frame.as_of) == (emulator.clock.now(),) * 2


async def test_funds_are_swept_as_stocks_are(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        funds = (await market.quotes.listings()).of_kinds({Kind.ETF, Kind.ETN})
        frame = await market.quotes.sweep(funds, Venue.KRX, TODAY)
    assert len(funds) == 80
    assert list(differences(frame, truth(emulator, Venue.KRX))) == []


async def test_official_totals_are_those_of_the_index_in_whole_millions(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        krx = await market.quotes.sweep(market.stocks, Venue.KRX, TODAY)
        nxt = market.stocks.on_venue(Venue.NXT)
        other = await market.quotes.sweep(nxt, Venue.NXT, TODAY)
    for name, total in (("KOSPI", krx.official.kospi), ("KOSDAQ", krx.official.kosdaq)):
        here = emulator.truth.members(name)
        exact = int(truth(emulator, Venue.KRX).trading_value[here].sum())
        assert total == exact // 1_000_000 * 1_000_000
    assert other.official.kospi is other.official.kosdaq is None


async def test_a_sweep_takes_a_call_for_thirty_codes_and_two_for_totals(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        await market.quotes.sweep(market.stocks, Venue.KRX, TODAY)
    assert len(emulator.calls(MULTI_QUOTE)) == -(-len(market.stocks) // 30)
    assert len(emulator.calls(INDEX_PRICE)) == 2


async def test_without_the_index_only_the_totals_are_missing(
    emulator: RunningEmulator, folder: Path
) -> None:
    emulator.faults.add(FaultKind.SERVER_ERROR, tr_id=INDEX_PRICE, holding="1001")
    async with joined(emulator, folder) as market:
        with capture_logs() as logs:
            frame = await market.quotes.sweep(market.stocks, Venue.KRX, TODAY)
    assert frame.known.all()
    assert frame.official.kospi is not None
    assert frame.official.kosdaq is None
    assert "kis.no_official_total" in [log["event"] for log in logs]


async def test_unreadable_and_lost_rows_are_unknown_and_the_rest_is_true(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        codes = [item.ticker for item in market.stocks]
        emulator.faults.garble("acml_tr_pbmn", codes=[codes[5]])
        emulator.faults.blank("inter2_prpr", codes=[codes[50]])
        emulator.faults.drop_rows(codes[99])
        frame = await market.quotes.sweep(market.stocks, Venue.KRX, TODAY)
    assert frame.missing == (codes[5], codes[50], codes[99])
    known = [item for item in market.stocks if item.ticker not in frame.missing]
    figures = truth(emulator, Venue.KRX)
    value = frame.trading_value[frame.known].tolist()
    rows = [figures.row_of[item.ticker] for item in known]
    assert value == figures.trading_value[rows].tolist()


async def test_a_broker_that_is_down_is_an_error(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        emulator.faults.add(FaultKind.SERVER_ERROR)
        with pytest.raises(MarketDataUnavailableError):
            await market.quotes.sweep(market.stocks, Venue.KRX, TODAY)


@pytest.mark.parametrize("venue", VENUES)
async def test_the_newest_bar_is_of_today_and_of_its_venue(
    emulator: RunningEmulator, folder: Path, venue: Venue
) -> None:
    figures = truth(emulator, venue)
    code = figures.codes[int(np.argmax(figures.trading_value))]
    async with joined(emulator, folder) as market:
        bar = await market.quotes.newest_bar(code, venue, urgent=True)
    exact = figures.quote(code)
    assert bar is not None
    assert exact is not None
    assert (bar.ticker, bar.session) == (code, TODAY)
    assert (bar.open, bar.volume) == (exact.open, exact.volume)


async def test_on_a_weekend_the_newest_bar_is_of_friday(
    market: SimulatedMarket, tmp_path: Path
) -> None:
    saturday = EmulatorClock(DEFAULT_AT + timedelta(days=1))
    with running_emulator(market=market, clock=saturday, rate_limit=500) as emulator:
        figures = truth(emulator, Venue.KRX)
        code = figures.codes[int(np.argmax(figures.trading_value))]
        async with joined(emulator, tmp_path) as found:
            bar = await found.quotes.newest_bar(code, Venue.KRX, urgent=True)
    assert bar is not None
    assert bar.session == TODAY


async def test_a_stock_that_never_traded_there_has_no_bar(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        only_krx = next(item for item in market.stocks if not item.on_nxt)
        assert (
            await market.quotes.newest_bar(only_krx.ticker, Venue.NXT, urgent=True)
            is None
        )
