"""Past sessions behind the port, against a market of known truth."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from domain.listing import Market, Ticker, Venue
from domain.session import KST
from tests.adapters.kis.past_wire import emulated
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 19)
THURSDAY = LAST


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One token for all."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize(("venue", "division"), [(Venue.KRX, "J"), (Venue.NXT, "NX")])
async def test_emulated_bars_are_the_finals_to_the_won(
    emulator: RunningEmulator, folder: Path, venue: Venue, division: str
) -> None:
    truth = emulator.truth
    items = [x for x in truth.listings() if x.on_nxt or venue is Venue.KRX][:8]
    async with emulated(emulator, folder) as wire:
        for item in items:
            bars = await wire.bars.daily_bars(Ticker(item.code), venue, FIRST, LAST)
            days = truth.days.back(max(FIRST, item.listed_on), LAST, 100)
            assert bars.sessions == tuple(reversed(days))
            for row, day in enumerate(bars.sessions):
                quote = truth.final(division, day).quote(item.code)
                assert quote is not None
                assert (
                    bars.price[row],
                    bars.base_price[row],
                    bars.volume[row],
                    bars.trading_value[row],
                ) == (quote.price, quote.base, quote.volume, quote.trading_value)


async def test_emulated_values_at_a_time_are_what_quotes_showed(
    emulator: RunningEmulator, folder: Path
) -> None:
    truth, at = emulator.truth, datetime(2026, 11, 19, 10, 15, 59, tzinfo=KST)
    shown = truth.snapshot("J", at)
    codes = [x.code for x in truth.listings()][:12]
    async with emulated(emulator, folder) as wire:
        for code in codes:
            value = await wire.bars.value_at(
                Ticker(code), Venue.KRX, THURSDAY, time(10, 15)
            )
            quote = shown.quote(code)
            assert quote is not None
            assert (value or 0) == quote.trading_value


async def test_a_weekend_has_no_value_at_any_time(
    emulator: RunningEmulator, folder: Path
) -> None:
    code = Ticker(emulator.truth.listings()[0].code)
    async with emulated(emulator, folder) as wire:
        saturday = date(2026, 11, 14)
        found = await wire.bars.value_at(code, Venue.KRX, saturday, time(10))
    assert found is None


async def test_emulated_totals_are_the_sums_of_the_finals(
    emulator: RunningEmulator, folder: Path
) -> None:
    truth = emulator.truth
    async with emulated(emulator, folder) as wire:
        totals = await wire.bars.official_totals(
            Market.KOSPI, date(2026, 11, 16), THURSDAY
        )
    assert sorted(totals) == [date(2026, 11, day) for day in (16, 17, 18, 19)]
    here = truth.members("KOSPI", THURSDAY)
    won = int(truth.final("J", THURSDAY).trading_value[here].sum())
    assert totals[THURSDAY] == won // 1_000_000 * 1_000_000
