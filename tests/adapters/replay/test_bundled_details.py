"""What the sample recording in the package tells beside quotes."""

import asyncio
from datetime import datetime, time
from pathlib import Path

import pytest

from adapters.replay.bundle import bundled_recording
from adapters.replay.recording import Recording
from application.sweeping import STOCKS
from domain.frame import MarketFrame
from domain.frame_joining import add_venues
from domain.investors import Investor
from domain.listing import Market, Venue
from domain.ranking import order_by
from tests.recordings.bundle import INSTANTS
from tests.recordings.record_details import HEAVIEST
from tests.recordings.replayed import replayed_details, replayed_sweeper

CANDIDATES = 60
SLOTS = {  # when they are entered: foreigners 09:30 first, institutions 10:00
    "09:05": (None, None),
    "10:30": (time(9, 30), time(10)),
    "13:00": (time(11, 20), time(11, 20)),
    "15:25": (time(14, 30), time(14, 30)),
}


@pytest.fixture(scope="module")
def bundled() -> Recording:
    return Recording.open(bundled_recording())


async def whole(recording: Recording, at: datetime, folder: Path) -> MarketFrame:
    """Stocks of both venues."""
    sweeper = replayed_sweeper(recording, at, folder)
    krx = await sweeper.sweep((Venue.KRX, STOCKS), None)
    return add_venues(krx, await sweeper.sweep((Venue.NXT, STOCKS), None))


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_every_industry_with_a_stock_has_a_name_a_quote_and_flows(
    bundled: Recording, tmp_path: Path, instant: datetime
) -> None:
    beside = replayed_details(bundled, instant, tmp_path / "names")
    listings = (await whole(bundled, instant, tmp_path)).listings
    keys = {*listings.leaf_sectors.keys, *listings.large_sectors.keys}
    industries = {(market, code) for market, code in keys if code}

    names = await beside.indices.sector_names()
    quotes = {x.code for y in Market for x in await beside.indices.sector_quotes(y)}
    flows = [await beside.investors.market_flows(*key) for key in industries]

    codes = {code for _, code in industries}
    assert len(codes) > 40
    assert (codes - names.keys(), codes - quotes) == (set(), set())
    assert all(found.keys() >= {Investor.FOREIGN} for found in flows)


@pytest.mark.parametrize("clock", SLOTS)
async def test_slots_are_those_entered_by_then(
    bundled: Recording, tmp_path: Path, clock: str
) -> None:
    at = next(x for x in INSTANTS if f"{x:%H:%M}" == clock)
    investors = replayed_details(bundled, at, tmp_path).investors

    for investor, slot in zip(
        (Investor.FOREIGN, Investor.INSTITUTION), SLOTS[clock], strict=True
    ):
        for market in Market:
            for selling in (False, True):
                found = await investors.slot_leaders(market, investor, selling=selling)
                assert found.slot == slot
                assert bool(found.rows) is (slot is not None)


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_the_heaviest_stocks_have_programs_and_profiles(
    bundled: Recording, tmp_path: Path, instant: datetime
) -> None:
    beside = replayed_details(bundled, instant, tmp_path / "names")
    frame = await whole(bundled, instant, tmp_path)
    rows = order_by(frame.known, frame.trading_value)[:HEAVIEST]
    heaviest = [frame.listings[int(row)] for row in rows]

    programs = await asyncio.gather(
        *(
            beside.investors.program_now(item.ticker, Venue.ALL)
            for item in heaviest[:CANDIDATES]
        )
    )
    profiles = [await beside.profiles.profile(item) for item in heaviest]

    assert None not in programs
    assert [x.ticker for x in profiles] == [x.ticker for x in heaviest]
    assert None not in [x.listed_shares for x in profiles]
