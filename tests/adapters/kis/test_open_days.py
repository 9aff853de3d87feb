"""Which days the exchanges open, in the broker's word."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from adapters.kis.client import KisClient
from adapters.kis.open_days import OpenDays
from adapters.kis.transport import Priority
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import ScriptedTransport, failed, good
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

FRIDAY = date(2026, 11, 20)


def day(written: str, opens: str) -> dict[str, str]:
    """A bank may open when the exchange does not: only ``opnd_yn`` counts."""
    return {"bass_dt": written, "bzdy_yn": "Y", "tr_day_yn": "Y", "opnd_yn": opens}


async def test_only_the_exchanges_own_word_counts() -> None:
    wire = ScriptedTransport(
        [good(output=[day("20261120", "Y"), day("20261231", "N")])]
    )
    days = await OpenDays(KisClient(wire))(FRIDAY)
    assert days == {FRIDAY: True, date(2026, 12, 31): False}
    (request,) = wire.requests
    assert request.params["BASS_DT"] == "20261120"
    assert request.priority is Priority.BACKGROUND


async def test_an_unreadable_day_is_unknown_rather_than_closed() -> None:
    wire = ScriptedTransport([good(output=[day("20261120", "Y"), day("20261121", "")])])
    assert await OpenDays(KisClient(wire))(FRIDAY) == {FRIDAY: True}


async def test_a_broker_that_does_not_answer_is_an_error() -> None:
    wire = ScriptedTransport([failed("EGW00001")])
    with pytest.raises(MarketDataUnavailableError):
        await OpenDays(KisClient(wire))(FRIDAY)


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=20, etf=2, etn=1, nxt=5)
    with running_emulator(market=market, clock=EmulatorClock()) as running:
        yield running


async def test_the_days_are_those_of_the_market(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        days = await OpenDays(wire.client)(FRIDAY)
    assert sorted(days) == [FRIDAY + timedelta(days=n) for n in range(24)]
    assert days == {one: emulator.truth.days.is_session(one) for one in days}
    assert (days[FRIDAY], days[date(2026, 11, 21)]) == (True, False)


async def test_the_recorded_days(shared: Path) -> None:
    file = shared / "kis-samples" / "CTCA0903R-1.json"
    if not file.is_file():
        pytest.skip("no recorded KIS samples beside this checkout")
    recorded = orjson.loads(file.read_bytes())["output"]
    days = await OpenDays(KisClient(ScriptedTransport([good(output=recorded)])))(FRIDAY)
    assert {f"{one:%Y%m%d}": opens for one, opens in days.items()} == {
        row["bass_dt"]: row["opnd_yn"] == "Y" for row in recorded
    }
