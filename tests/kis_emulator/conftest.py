from collections.abc import Iterator

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator


@pytest.fixture(scope="session")
def market() -> SimulatedMarket:
    """A small market; a whole one is made where size matters."""
    return SimulatedMarket(stocks=400, etf=80, etn=40, nxt=90)


@pytest.fixture(scope="session")
def whole_market() -> SimulatedMarket:
    return SimulatedMarket()


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


@pytest.fixture
def asker(emulator: RunningEmulator) -> Asker:
    """Someone with a good token."""
    return Asker.with_token(emulator.base_url)
