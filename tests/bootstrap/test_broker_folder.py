"""One data folder, several brokers: rehearsed figures never answer for real ones."""

import asyncio
from pathlib import Path

import pytest

from application.rank_by_trading_value import RankingQuery
from bootstrap.broker_folder import broker_folder
from bootstrap.environments import running
from bootstrap.waiting import asking_once
from tests.bootstrap.settings_of import live
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import (
    APP_KEY,
    APP_SECRET,
    RunningEmulator,
    running_emulator,
)

DATA = Path("data")
REAL = {"base_url": "https://api.example:9443", "master_url": "https://files.example"}


def test_it_is_named_by_a_short_hash_and_stays_the_same() -> None:
    # sha256 of both addresses, a line each: worked out with sha256sum
    assert broker_folder(DATA, **REAL) == DATA / "broker-3925a7f9"


@pytest.mark.parametrize("address", ["base_url", "master_url"])
def test_another_address_is_another_folder(address: str) -> None:
    other = {**REAL, address: "http://127.0.0.1:1"}
    assert broker_folder(DATA, **other) != broker_folder(DATA, **REAL)


async def asked_once(emulator: RunningEmulator, data_dir: Path) -> None:
    settings = live(
        APP_ENV="staging",
        KIS_APP_KEY=APP_KEY,
        KIS_APP_SECRET=APP_SECRET,
        KIS_BASE_URL=emulator.base_url,
        KIS_MASTER_URL=emulator.base_url,
        CLOCK_AT=emulator.clock.now().isoformat(),
        DATA_DIR=str(data_dir),
    )
    async with running(settings, asking_once(18)) as product:
        await product.use_cases.rank_by_trading_value(RankingQuery())


def test_what_a_broker_said_is_kept_in_its_own_folder(tmp_path: Path) -> None:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    for _ in range(2):  # two emulators, on ports of their own
        with running_emulator(market=market, clock=EmulatorClock()) as emulator:
            asyncio.run(asked_once(emulator, tmp_path))
    folders = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert len(folders) == 2
    for folder in folders:
        assert folder.name.startswith("broker-")
        assert list(folder.glob("frames/*.npz"))
        assert (folder / "masters").is_dir()
    assert list(tmp_path.glob("kis-token-*.json")), "the token tells brokers apart"
