"""Frames in the archive: exact, the right one, on a file and on a server."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from adapters.archive.sql_archive import SqlArchive
from domain.frame import MarketFrame
from domain.listing import Flag, Kind, Listing, Listings, Market, Ticker, Venue, Won
from tests.adapters.archive.archived import PRODUCTS, STOCKS, assert_same, full_frame
from tests.builders import BEFORE, SESSION, at, frame, listing

EARLIER = date(2026, 8, 18)


def between(clock: str, session: date = SESSION) -> MarketFrame:
    moment = at(clock, session)
    return replace(full_frame(session), as_of=moment, is_final=False)


async def final(archive: SqlArchive, session: date = SESSION) -> MarketFrame | None:
    return await archive.final_frame(Venue.KRX, STOCKS, session)


async def test_what_is_read_equals_what_was_kept(archive: SqlArchive) -> None:
    await archive.keep_frame(full_frame())
    assert_same(await final(archive), full_frame())


async def test_columns_that_were_read_cannot_be_written(archive: SqlArchive) -> None:
    await archive.keep_frame(full_frame())
    read = await final(archive)
    assert read is not None
    with pytest.raises(ValueError, match="read-only"):
        read.price[0] = 1


async def test_the_mornings_base_price_is_not_kept_of_a_listing(
    archive: SqlArchive,
) -> None:
    morning = listing("005930", base_price=82_100, previous_volume=9)
    await archive.keep_frame(frame({morning: 5}, is_final=True))
    read = await final(archive)
    assert read is not None
    assert read.listings.items == (listing("005930"),)


async def test_an_empty_frame_comes_back_empty(archive: SqlArchive) -> None:
    empty = frame({}, kinds=STOCKS, is_final=True)
    await archive.keep_frame(empty)
    assert_same(await final(archive), empty)


async def test_nothing_is_found_where_nothing_is_kept(archive: SqlArchive) -> None:
    assert await final(archive) is None
    assert await archive.sessions(Venue.KRX, STOCKS) == ()
    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == ()
    around = await archive.frames_around(Venue.KRX, STOCKS, at("10:00"))
    assert around == (None, None)


async def test_a_newer_final_frame_takes_the_place(archive: SqlArchive) -> None:
    newer = replace(full_frame(), as_of=at("20:40"), volume=np.array([7, 8, 9]))
    await archive.keep_frame(full_frame())
    await archive.keep_frame(newer)
    assert_same(await final(archive), newer)


async def test_an_older_final_frame_does_not(archive: SqlArchive) -> None:
    older = replace(full_frame(), as_of=at("18:10"), volume=np.array([7, 8, 9]))
    await archive.keep_frame(full_frame())
    await archive.keep_frame(older)
    assert_same(await final(archive), full_frame())


async def test_keeping_the_same_again_changes_nothing(archive: SqlArchive) -> None:
    other = replace(between("10:00"), volume=np.array([7, 8, 9]))
    for _ in range(2):
        await archive.keep_frame(full_frame())
    await archive.keep_frame(between("10:00"))
    await archive.keep_frame(other)
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    before, _ = await archive.frames_around(Venue.KRX, STOCKS, at("10:00"))
    assert_same(before, between("10:00"))


async def test_venues_and_pools_are_kept_apart(archive: SqlArchive) -> None:
    fund = listing("069500", kind=Kind.ETF)
    funds = frame({fund: 5}, kinds=PRODUCTS, is_final=True)
    nxt = full_frame(venue=Venue.NXT)
    for one in (full_frame(), nxt, funds):
        await archive.keep_frame(one)
    assert_same(await final(archive), full_frame())
    assert_same(await archive.final_frame(Venue.NXT, STOCKS, SESSION), nxt)
    assert_same(await archive.final_frame(Venue.KRX, PRODUCTS, SESSION), funds)
    assert await archive.final_frame(Venue.NXT, PRODUCTS, SESSION) is None
    assert await archive.sessions(Venue.NXT, PRODUCTS) == ()


async def test_a_frame_of_both_venues_is_refused(archive: SqlArchive) -> None:
    with pytest.raises(ValueError, match="KRX or NXT"):
        await archive.keep_frame(replace(full_frame(), venue=Venue.ALL))


async def test_sessions_are_those_with_final_figures(archive: SqlArchive) -> None:
    for day in (SESSION, EARLIER):
        await archive.keep_frame(full_frame(day))
    await archive.keep_frame(between("10:00", BEFORE))
    assert await archive.sessions(Venue.KRX, STOCKS) == (EARLIER, SESSION)


async def test_instants_ascend_and_leave_the_final_frame_out(
    archive: SqlArchive,
) -> None:
    for one in (between("09:30"), full_frame(), between("09:01"), between("10:00:07")):
        await archive.keep_frame(one)
    await archive.keep_frame(between("09:45", BEFORE))
    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == (
        at("09:01"),
        at("09:30"),
        at("10:00:07"),
    )


@pytest.mark.parametrize(
    ("clock", "before", "after"),
    [
        ("08:59", None, "09:01"),
        ("09:01", "09:01", "09:30"),
        ("09:29:59.9", "09:01", "09:30"),
        ("12:00", "09:30", "20:10:07.123456"),
        ("21:00", "20:10:07.123456", None),
    ],
)
async def test_the_frames_around_an_instant(
    archive: SqlArchive, clock: str, before: str | None, after: str | None
) -> None:
    for one in (between("09:01"), between("09:30"), full_frame(), full_frame(BEFORE)):
        await archive.keep_frame(one)
    found = await archive.frames_around(Venue.KRX, STOCKS, at(clock))
    times = [None if one is None else one.as_of for one in found]
    assert times == [before and at(before), after and at(after)]


async def test_the_day_of_an_instant_is_seouls(archive: SqlArchive) -> None:
    # 23:30 of the day before in UTC is 08:30 in Seoul.
    await archive.keep_frame(between("08:10"))
    instant = datetime(2026, 8, 19, 23, 30, tzinfo=UTC)
    before, after = await archive.frames_around(Venue.KRX, STOCKS, instant)
    assert before is not None
    assert (before.as_of, after) == (at("08:10"), None)


async def test_frames_between_are_forgotten_and_final_ones_stay(
    archive: SqlArchive,
) -> None:
    for day in (EARLIER, BEFORE, SESSION):
        await archive.keep_frame(full_frame(day))
        await archive.keep_frame(between("10:00", day))
    await archive.forget_instants(BEFORE)
    left = [
        len(await archive.instants(Venue.KRX, STOCKS, day))
        for day in (EARLIER, BEFORE, SESSION)
    ]
    assert left == [0, 1, 1]
    assert await archive.sessions(Venue.KRX, STOCKS) == (EARLIER, BEFORE, SESSION)
    assert_same(await final(archive, EARLIER), full_frame(EARLIER))


async def test_listings_that_others_use_are_not_forgotten(
    archive: SqlArchive, url: str
) -> None:
    # The final frame shares its listings with a frame between; another has its own.
    other = replace(between("10:05", BEFORE), listings=full_frame().listings)
    lonely = frame({"111110": 1}, session=BEFORE, kinds=STOCKS)
    for one in (full_frame(), other, lonely):
        await archive.keep_frame(one)
    await archive.forget_instants(SESSION)
    process = SqlArchive(url)
    assert_same(await process.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
    await process.keep_frame(lonely)
    again, _ = await process.frames_around(Venue.KRX, STOCKS, lonely.as_of)
    assert_same(again, lonely)
    await process.close()


async def test_the_archive_outlives_a_process(archive: SqlArchive, url: str) -> None:
    await archive.keep_frame(full_frame())
    await archive.close()
    process = SqlArchive(url)
    assert_same(await process.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
    await process.close()


async def test_a_replay_keeps_its_archive_in_memory() -> None:
    archive, other = SqlArchive("sqlite://"), SqlArchive("sqlite://")
    await archive.keep_frame(full_frame())
    assert_same(await final(archive), full_frame())
    assert await final(other) is None
    await archive.close()
    await other.close()


_FIGURES = st.integers(min_value=0, max_value=2**63 - 1)
_TICKERS = st.from_regex(r"Q?[0-9A-Z]{6}", fullmatch=True).filter(
    lambda code: len(code) == 6 or code.startswith("Q")
)
_LISTINGS = st.lists(
    st.builds(
        Listing,
        ticker=_TICKERS.map(Ticker),
        name=st.text(max_size=12),
        market=st.sampled_from(Market),
        kind=st.sampled_from(Kind),
        flags=st.integers(0, 2 ** len(Flag) - 1).map(Flag),
        on_nxt=st.booleans(),
        base_price=st.none(),
        previous_volume=st.none(),
        sectors=st.lists(st.text("0123456789", min_size=4, max_size=4)).map(tuple),
        shares_thousands=st.none() | st.integers(0, 10**9),
        listed_on=st.none() | st.dates(),
    ),
    max_size=6,
)


@st.composite
def frames(draw: st.DrawFn) -> MarketFrame:
    listed = Listings.of(draw(_LISTINGS), dated=draw(st.none() | st.dates()))
    count = len(listed)
    columns: dict[str, Any] = {
        name: draw(npst.arrays(np.int64, count, elements=_FIGURES))
        for name in ("price", "base_price", "open", "high", "low", "volume")
    }
    masks: dict[str, Any] = {
        name: draw(npst.arrays(np.bool_, count))
        for name in ("known", "carried", "suspect")
    }
    return replace(
        frame({}, kinds=STOCKS, session=draw(st.dates(date(2005, 1, 27)))),
        listings=listed,
        trading_value=draw(npst.arrays(np.int64, count, elements=_FIGURES)),
        official=replace(
            frame({}).official, kosdaq=draw(st.none() | _FIGURES.map(Won))
        ),
        is_final=True,
        **columns,
        **masks,
    )


@pytest.fixture(scope="module")
async def memory() -> AsyncIterator[SqlArchive]:
    archive = SqlArchive("sqlite://")
    yield archive
    await archive.close()


_MINUTES = itertools.count()


@given(drawn=frames())
@settings(max_examples=50, deadline=None)
async def test_any_frame_comes_back_as_it_was(
    memory: SqlArchive, drawn: MarketFrame
) -> None:
    newer = at("20:10") + next(_MINUTES) * timedelta(minutes=1)
    kept = replace(drawn, as_of=newer)
    await memory.keep_frame(kept)
    assert_same(await memory.final_frame(Venue.KRX, STOCKS, kept.session), kept)
