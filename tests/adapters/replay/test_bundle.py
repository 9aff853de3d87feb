"""The sample recording in the package."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from adapters.replay.bundle import bundled_recording
from adapters.replay.recording import Recording
from application.sweeping import PRODUCTS, STOCKS
from domain.listing import Kind, Market, Venue
from tests.kis_emulator.server import APP_KEY, APP_SECRET
from tests.recordings.bundle import INSTANTS, MOST_BYTES
from tests.recordings.replayed import replayed_sweeper


@pytest.fixture(scope="module")
def bundled() -> Recording:
    return Recording.open(bundled_recording())


def test_it_fits_into_the_wheel() -> None:
    assert MOST_BYTES == 3 * 1024 * 1024
    assert bundled_recording().stat().st_size <= MOST_BYTES


def test_it_says_that_it_is_simulated(bundled: Recording) -> None:
    assert bundled.source.name == "recording:bundled"
    assert bundled.source.simulated


def test_it_holds_six_instants_of_one_session(bundled: Recording) -> None:
    assert bundled.instants == INSTANTS
    assert not bundled.is_cut


async def test_it_lists_a_whole_market(bundled: Recording, tmp_path: Path) -> None:
    listings = await replayed_sweeper(bundled, None, tmp_path).quotes.listings()

    assert Counter(item.kind for item in listings) == {
        Kind.STOCK: 2750,
        Kind.ETF: 900,
        Kind.ETN: 350,
    }
    assert sum(item.on_nxt for item in listings) == 640
    assert {item.market for item in listings} == set(Market)


async def test_no_name_or_code_could_be_taken_for_a_real_one(
    bundled: Recording, tmp_path: Path
) -> None:
    listings = await replayed_sweeper(bundled, None, tmp_path).quotes.listings()

    real = [x for x in listings if not x.name.startswith(("가상", "모의"))]
    assert (real, "005930" in listings.row_of) == ([], False)


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_every_instant_holds_every_stock_and_adds_up_to_the_index(
    bundled: Recording, tmp_path: Path, instant: datetime
) -> None:
    sweeper = replayed_sweeper(bundled, instant, tmp_path)

    krx = await sweeper.sweep((Venue.KRX, STOCKS), None)
    nxt = await sweeper.sweep((Venue.NXT, STOCKS), None)

    assert (krx.missing, len(krx.listings)) == ((), 2750)
    assert (nxt.missing, len(nxt.listings)) == ((), 640)
    assert {krx.as_of, nxt.as_of} == {instant}
    kospi = int(krx.trading_value[krx.market == Market.KOSPI].sum())
    assert krx.official.kospi == kospi // 1_000_000 * 1_000_000
    kosdaq = int(krx.trading_value[krx.market == Market.KOSDAQ].sum())
    assert krx.official.kosdaq == kosdaq // 1_000_000 * 1_000_000


async def test_it_holds_funds_and_notes(bundled: Recording, tmp_path: Path) -> None:
    sweeper = replayed_sweeper(bundled, INSTANTS[1], tmp_path)

    frame = await sweeper.sweep((Venue.KRX, PRODUCTS), None)

    assert (frame.missing, len(frame.listings)) == ((), 1250)


async def test_the_last_instant_alone_is_final(
    bundled: Recording, tmp_path: Path
) -> None:
    pool = (Venue.KRX, STOCKS)
    sweepers = [replayed_sweeper(bundled, x, tmp_path) for x in INSTANTS[-2:]]
    frames = [await sweeper.sweep(pool, None) for sweeper in sweepers]

    assert [frame.is_final for frame in frames] == [False, True]


def test_no_key_or_secret_is_in_it(bundled: Recording) -> None:
    written = b"\n".join(bundled.lines(chunk) for chunk in bundled.chunks).decode()

    words = (APP_KEY, APP_SECRET, "bearer", "authorization", "appkey", "token")
    assert not [word for word in words if word.lower() in written.lower()]
