"""How an environment ends: nothing it started outlives it."""

import asyncio
from pathlib import Path

from bootstrap.environments import running
from domain.listing import Venue
from tests.bootstrap.settings_of import live, replay
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import APP_KEY, APP_SECRET, running_emulator


def settings_over(base_url: str, clock: EmulatorClock, folder: Path) -> dict[str, str]:
    return {
        "APP_ENV": "staging",
        "KIS_APP_KEY": APP_KEY,
        "KIS_APP_SECRET": APP_SECRET,
        "KIS_BASE_URL": base_url,
        "KIS_MASTER_URL": base_url,
        "CLOCK_AT": clock.now().isoformat(),
        "DATA_DIR": str(folder),
    }


async def others_running() -> set[str]:
    """Coroutines of tasks other than the asking one, once what was cancelled ended."""
    await asyncio.sleep(0)
    mine = asyncio.current_task()
    return {str(task.get_coro()) for task in asyncio.all_tasks() if task is not mine}


async def test_a_question_of_the_broker_in_flight_ends_with_its_environment(
    tmp_path: Path,
) -> None:
    """A bar that nobody waits for any more: its caller's patience had ended."""
    before = await others_running()
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(market=market, clock=EmulatorClock()) as emulator:
        emulator.faults.add(Kind.HANG)
        settings = live(**settings_over(emulator.base_url, emulator.clock, tmp_path))
        async with running(settings) as product:
            quotes = product.use_cases.rank_by_trading_value.quotes
            asked = [
                asyncio.create_task(
                    quotes.newest_bar("005930", Venue.KRX, urgent=True)
                ),
                asyncio.create_task(quotes.listings()),
            ]
            await asyncio.sleep(0.2)
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
            assert await others_running() - before, "it goes on behind"
        assert await others_running() == before


async def test_a_replay_leaves_nothing_running() -> None:
    before = await others_running()
    async with running(replay()) as product:
        quotes = product.use_cases.rank_by_trading_value.quotes
        asked = asyncio.create_task(quotes.listings())
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    assert await others_running() == before


async def test_an_environment_may_be_closed_before_its_block_ends(
    tmp_path: Path,
) -> None:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(market=market, clock=EmulatorClock()) as emulator:
        settings = live(**settings_over(emulator.base_url, emulator.clock, tmp_path))
        async with running(settings) as product:
            await product.close()
            assert product.calls is not None
            assert product.calls() == 0
