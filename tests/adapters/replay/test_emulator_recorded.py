"""A small market recorded from the emulator, and the same market replayed."""

import asyncio
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from adapters.kis.client import KisClient
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from application.sweeping import Pool
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Market, Venue
from domain.ranking import Measure
from domain.screening import Universe
from tests.adapters.kis.fakes import HandClock
from tests.adapters.replay.tapes import at
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import APP_KEY, APP_SECRET, running_emulator
from tests.recordings.bundle import manifest_of
from tests.recordings.record_market import POOLS, Frames, record_market
from tests.recordings.replayed import replayed_sweeper

INSTANTS = (at("09:05"), at("13:00"), at("20:30"))
Recorded = tuple[Path, Frames]


def record(path: Path) -> Frames:
    market = SimulatedMarket(stocks=120, etf=20, etn=10, nxt=40)
    clock = EmulatorClock(INSTANTS[0])
    with running_emulator(market=market, clock=clock, rate_limit=100_000) as emulator:
        manifest = manifest_of("작은 장")
        return asyncio.run(record_market(emulator, path, manifest, INSTANTS))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    path = tmp_path_factory.mktemp("recorded") / "small.kisrec"
    return path, record(path)


@pytest.mark.parametrize("pool", POOLS, ids=str)
@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_a_replayed_frame_is_the_one_that_was_swept_live(
    recorded: Recorded, tmp_path: Path, instant: datetime, pool: Pool
) -> None:
    path, live = recorded

    sweeper = replayed_sweeper(Recording.open(path), instant, tmp_path)
    replayed = await sweeper.sweep(pool, None)

    _assert_same(replayed, live[instant, pool])


def _assert_same(replayed: MarketFrame, live: MarketFrame) -> None:
    assert replayed.key == live.key
    assert replayed.listings == live.listings
    assert replayed.official == live.official
    assert replayed.is_final is live.is_final
    for name in (*COLUMNS, "known", "carried", "suspect"):
        np.testing.assert_array_equal(getattr(replayed, name), getattr(live, name))


async def test_the_frames_differ_from_instant_to_instant(recorded: Recorded) -> None:
    _, live = recorded
    pool = POOLS[-2]
    assert pool[0] is Venue.KRX

    values = [int(live[instant, pool].trading_value.sum()) for instant in INSTANTS]

    assert 0 < values[0] < values[1] < values[2]


@pytest.mark.parametrize("venue", Venue)
async def test_a_cold_process_finds_the_leaders(
    recorded: Recorded, tmp_path: Path, venue: Venue
) -> None:
    path, live = recorded
    sweeper = replayed_sweeper(Recording.open(path), INSTANTS[1], tmp_path)
    universe = Universe(venue=venue, market=Market.KOSPI)

    leaders = await sweeper.lead(universe, Measure.TRADING_VALUE)

    whole = live[INSTANTS[1], POOLS[-2 if venue is not Venue.NXT else -1]]
    first = whole.listings.row_of[leaders.frame.listings[0].ticker]
    assert leaders.frame.price[0] == whole.price[first]
    assert leaders.frame.session == INSTANTS[1].date()


async def test_holidays_and_the_broker_time_are_recorded(recorded: Recorded) -> None:
    transport = ReplayTransport(Recording.open(recorded[0]), HandClock(INSTANTS[1]))
    client = KisClient(transport)

    days = await client.holidays(INSTANTS[0].date())
    time = await client.market_time()

    assert len(days.good) == 24
    assert time.time == "130000"


def test_recording_anew_gives_the_same_bytes(
    recorded: Recorded, tmp_path: Path
) -> None:
    again = tmp_path / "again.kisrec"

    record(again)

    assert again.read_bytes() == recorded[0].read_bytes()


def test_no_key_secret_or_token_is_in_the_file(recorded: Recorded) -> None:
    recording = Recording.open(recorded[0])

    written = b"\n".join(recording.lines(chunk) for chunk in recording.chunks).decode()

    words = (APP_KEY, APP_SECRET, "Bearer", "authorization", "appkey", "token")
    assert not [word for word in words if word.lower() in written.lower()]
