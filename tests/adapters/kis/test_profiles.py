"""Profiles behind the port: by hand, and against a market of known truth."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.kis.profiles import KisProfiles
from adapters.kis.transport import Priority
from domain.errors import MarketDataMalformedError
from domain.listing import Shares, Won
from domain.profile import Profile
from tests.adapters.kis.fakes import HandClock, ScriptedTransport, good
from tests.adapters.kis.past_wire import emulated, scripted
from tests.builders import listing
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.profiles import profiles_of
from tests.kis_emulator.server import RunningEmulator, running_emulator

CLOCK = HandClock()
TODAY = date(2026, 11, 20)
STOCK = listing("000010")


def row(**changes: str) -> dict[str, str]:
    return {
        "stck_shrn_iscd": "000010",
        "stck_prpr": "10100",
        "lstn_stcn": "1234567",
        "eps": "-512.50",
        "bps": "74721.00",
        "per": "19.67",
        "frgn_hldn_qty": "1000",
        "hts_frgn_ehrt": "49.48",
        "w52_hgpr": "14950",
        "w52_lwpr": "9050",
        **changes,
    }


def profiles(**changes: str) -> tuple[KisProfiles, ScriptedTransport]:
    wire, transport = scripted(good(output=row(**changes)))
    return KisProfiles(wire.stocks, CLOCK), transport


async def profile(**changes: str) -> Profile:
    return await profiles(**changes)[0].profile(STOCK)


async def test_a_profile_is_asked_at_krx_behind_those_who_wait() -> None:
    source, transport = profiles()
    await source.profile(STOCK)
    (request,) = transport.requests
    assert (request.priority, request.tr_id) == (Priority.BACKGROUND, "FHKST01010100")
    assert request.params == {
        "FID_COND_MRKT_DIV_CODE": "J",
        "FID_INPUT_ISCD": "000010",
    }


async def test_percent_becomes_a_fraction_and_a_loss_stays_negative() -> None:
    assert await profile() == Profile(
        ticker=STOCK.ticker,
        read_at=CLOCK.at,
        listed_shares=Shares(1_234_567),
        eps=-512.5,
        bps=74_721.0,
        foreign_holding=Shares(1_000),
        foreign_limit_exhaustion_rate=0.4948,
        high_52_weeks=Won(14_950),
        low_52_weeks=Won(9_050),
    )


@pytest.mark.parametrize("none", ["", "  ", "0.00", "0"])
async def test_earnings_of_zero_or_blank_are_not_given(none: str) -> None:
    found = await profile(eps=none, bps=none)
    assert (found.eps, found.bps) == (None, None)


async def test_no_foreign_holding_is_zero_and_a_blank_one_is_missing() -> None:
    some, none = await profile(frgn_hldn_qty="0"), await profile(frgn_hldn_qty="")
    assert (some.foreign_holding, none.foreign_holding) == (0, None)


async def test_what_is_blank_is_missing_alone() -> None:
    found = await profile(lstn_stcn="", hts_frgn_ehrt="", w52_hgpr="0", w52_lwpr="")
    assert found.listed_shares is None
    assert found.foreign_limit_exhaustion_rate is None
    assert (found.high_52_weeks, found.low_52_weeks) == (None, None)
    assert found.eps == -512.5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"eps": "12a4"}, "eps"),
        ({"lstn_stcn": "1,234"}, "lstn_stcn"),
        ({"lstn_stcn": "0"}, "lstn_stcn"),
        ({"frgn_hldn_qty": "9" * 20}, "frgn_hldn_qty"),
        ({"stck_shrn_iscd": "000020"}, "stck_shrn_iscd"),
        ({"stck_shrn_iscd": ""}, "stck_shrn_iscd"),
    ],
)
async def test_a_profile_that_cannot_be_read_is_an_error(
    changes: dict[str, str], field: str
) -> None:
    with pytest.raises(MarketDataMalformedError) as caught:
        await profile(**changes)
    assert caught.value.field == field


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


async def test_emulated_profiles_are_the_truth(
    emulator: RunningEmulator, folder: Path
) -> None:
    truth = profiles_of(emulator.truth, TODAY)
    async with emulated(emulator, folder) as wire:
        source = KisProfiles(wire.stocks, emulator.clock)
        for item in emulator.truth.listings():
            if item.kind == "OUT":
                continue
            found = await source.profile(listing(item.code))
            told = truth.of(item.code)
            assert told is not None
            assert found.listed_shares == told.listed_shares
            assert found.foreign_holding == told.foreign_shares
            assert found.eps == (told.eps / 100 if told.eps else None)
            assert found.bps == (told.bps / 100 if told.bps else None)


async def test_a_code_that_nobody_bears_has_no_profile(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with emulated(emulator, folder) as wire:
        with pytest.raises(MarketDataMalformedError):
            await KisProfiles(wire.stocks, emulator.clock).profile(listing("999990"))
