"""The first rows of the broker's own lists, against a market whose truth is known."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from domain.errors import MarketDataUnavailableError
from domain.leaders import Leaders
from domain.listing import Listing, Listings, Market, Venue
from domain.ranking import Measure
from domain.screening import Universe
from tests.adapters.kis.joined import (
    INDEX_PRICE,
    MULTI_QUOTE,
    VOLUME_RANK,
    differences,
    joined,
    truth,
)
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

TODAY = date(2026, 11, 20)
VENUES = (Venue.KRX, Venue.NXT)
UNIVERSES = [
    Universe(market=market, venue=venue)
    for market, venue in product((None, *Market), Venue)
]


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


def true_order(
    emulator: RunningEmulator, stocks: Listings, universe: Universe, by: Measure
) -> list[tuple[str, int]]:
    """Codes and figures, best first: added per code, then sorted, in plain Python."""
    name = "trading_value" if by is Measure.TRADING_VALUE else "volume"
    sums: dict[str, int] = {}
    for venue in VENUES:
        if universe.venue not in {venue, Venue.ALL}:
            continue
        figures = truth(emulator, venue)
        for item in stocks.of_market(universe.market).on_venue(venue):
            value = int(getattr(figures, name)[figures.row_of[item.ticker]])
            sums[item.ticker] = sums.get(item.ticker, 0) + value
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def certain(leaders: Leaders) -> list[tuple[str, int]]:
    rows = np.flatnonzero(leaders.certified())
    measure = leaders.by.of(leaders.frame)
    found = [(leaders.frame.listings[x].ticker, int(measure[x])) for x in rows.tolist()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def named(universe: Universe) -> str:
    market = universe.market
    return f"{universe.venue.name}-{'BOTH' if market is None else market.name}"


def nobody(listings: Listings) -> list[Listing]:
    return []


@pytest.mark.parametrize("universe", UNIVERSES, ids=named)
@pytest.mark.parametrize(
    "by", [Measure.TRADING_VALUE, Measure.VOLUME], ids=lambda by: str(by.value)
)
async def test_certified_rows_are_the_true_first_rows(
    emulator: RunningEmulator, folder: Path, universe: Universe, by: Measure
) -> None:
    async with joined(emulator, folder) as market:
        leaders = await market.quotes.leaders(universe, by, nobody)
    expected = true_order(emulator, market.stocks, universe, by)
    found = certain(leaders)
    assert found == expected[: len(found)]
    assert len(found) >= 15
    seen = {item.ticker for item in leaders.frame.listings}
    unseen = [value for code, value in expected if code not in seen]
    assert max(unseen) <= leaders.unseen_at_most


async def test_leaders_take_few_calls_ahead_of_a_sweep(
    emulator: RunningEmulator, folder: Path
) -> None:
    async with joined(emulator, folder) as market:
        await market.quotes.leaders(Universe(), Measure.TRADING_VALUE, nobody)
    assert len(emulator.calls(VOLUME_RANK)) == 2
    assert len(emulator.calls(MULTI_QUOTE)) <= 4
    assert not emulator.calls(INDEX_PRICE)  # rows first: the sweep brings the totals


async def test_witnesses_are_quoted_with_the_leaders(
    emulator: RunningEmulator, folder: Path
) -> None:
    universe = Universe(venue=Venue.KRX)
    async with joined(emulator, folder) as market:
        last = true_order(emulator, market.stocks, universe, Measure.VOLUME)[-1][0]
        leaders = await market.quotes.leaders(
            universe, Measure.VOLUME, lambda stocks: [stocks[stocks.row_of[last]]]
        )
    frame = leaders.frame
    assert last in frame.listings.row_of
    assert list(differences(frame, truth(emulator, Venue.KRX))) == []
    assert not leaders.certified()[frame.listings.row_of[last]]
    assert (frame.session, frame.official.kospi is None) == (TODAY, False)


async def test_a_leader_whose_quote_is_lost_certifies_nobody(
    emulator: RunningEmulator, folder: Path
) -> None:
    universe = Universe(venue=Venue.KRX)
    async with joined(emulator, folder) as market:
        first = true_order(emulator, market.stocks, universe, Measure.VOLUME)[0][0]
        emulator.faults.add(Kind.MISSING_ROWS, tr_id=MULTI_QUOTE, codes=(first,))
        leaders = await market.quotes.leaders(
            universe, Measure.VOLUME, lambda stocks: [stocks[stocks.row_of[first]]]
        )
    assert certain(leaders) == []


async def test_a_list_that_lost_a_row_is_not_ranked_from(
    emulator: RunningEmulator, folder: Path
) -> None:
    universe = Universe(venue=Venue.KRX)
    async with joined(emulator, folder) as market:
        first = true_order(emulator, market.stocks, universe, Measure.VOLUME)[0][0]
        emulator.faults.drop_rows(first)
        with pytest.raises(MarketDataUnavailableError, match="빠진 줄"):
            await market.quotes.leaders(universe, Measure.VOLUME, nobody)
