"""Profiles by the day they were read for."""

from datetime import date

import pytest
from structlog.testing import capture_logs

from adapters.archive.sql_archive import SqlArchive
from domain.listing import Shares, Ticker, Won
from domain.profile import Profile
from tests.builders import BEFORE, SESSION, at
from tests.postgresql import Database

EARLIER = date(2026, 8, 18)
FULL = Profile(
    ticker=Ticker("005930"),
    read_at=at("09:00:00.000123"),
    listed_shares=Shares(5_969_782_550),
    eps=-1234.5,
    bps=52_002.25,
    foreign_holding=Shares(3_000_000_001),
    foreign_limit_exhaustion_rate=0.5012,
    high_52_weeks=Won(88_800),
    low_52_weeks=Won(0),
)
EMPTY = Profile(ticker=Ticker("Q530036"), read_at=at("09:01"))


def profile(ticker: str, eps: float = 1.0) -> Profile:
    return Profile(ticker=Ticker(ticker), read_at=at("09:00"), eps=eps)


async def test_what_is_read_equals_what_was_kept(archive: SqlArchive) -> None:
    await archive.keep_profiles(SESSION, [EMPTY, FULL])
    read = await archive.profiles_of(SESSION)
    assert read == {"005930": FULL, "Q530036": EMPTY}
    assert read == await archive.profiles(SESSION)
    assert read[Ticker("005930")].read_at.utcoffset() == at("09:00").utcoffset()


async def test_the_newest_by_a_session_is_found(archive: SqlArchive) -> None:
    await archive.keep_profiles(EARLIER, [profile("000660", 1), profile("005930", 2)])
    await archive.keep_profiles(SESSION, [profile("005930", 3)])
    by_session = [
        {ticker: found.eps for ticker, found in (await archive.profiles(day)).items()}
        for day in (date(2026, 8, 17), EARLIER, BEFORE, SESSION)
    ]
    old = {"000660": 1.0, "005930": 2.0}
    assert by_session == [{}, old, old, {"000660": 1.0, "005930": 3.0}]


async def test_only_those_of_just_that_session(archive: SqlArchive) -> None:
    await archive.keep_profiles(EARLIER, [profile("000660", 1), profile("005930", 2)])
    await archive.keep_profiles(SESSION, [profile("005930", 3)])
    of = [set(await archive.profiles_of(day)) for day in (EARLIER, BEFORE, SESSION)]
    assert of == [{"000660", "005930"}, set(), {"005930"}]


async def test_batches_add_up_and_replace_stock_by_stock(archive: SqlArchive) -> None:
    await archive.keep_profiles(SESSION, [profile("000660", 1), profile("005930", 2)])
    await archive.keep_profiles(SESSION, iter([profile("035720", 3)]))
    await archive.keep_profiles(SESSION, [profile("000660", 4), profile("000660", 5)])
    await archive.keep_profiles(SESSION, [])
    read = await archive.profiles_of(SESSION)
    assert {ticker: found.eps for ticker, found in read.items()} == {
        "000660": 5.0,
        "005930": 2.0,
        "035720": 3.0,
    }


async def test_one_that_comes_late_is_found_from_later_sessions_too(
    archive: SqlArchive,
) -> None:
    await archive.keep_profiles(SESSION, [profile("005930", 3)])
    await archive.keep_profiles(EARLIER, [profile("005930", 1), profile("000660", 2)])
    newest = await archive.profiles(SESSION)
    assert {ticker: found.eps for ticker, found in newest.items()} == {
        "005930": 3.0,
        "000660": 2.0,
    }
    assert set(await archive.profiles_of(SESSION)) == {"005930"}
    assert set(await archive.profiles_of(EARLIER)) == {"005930", "000660"}


@pytest.mark.parametrize("content", ["'x'", "substr(content, 1, 20)"])
async def test_profiles_that_are_damaged_count_as_none(
    database: Database, content: str
) -> None:
    archive = SqlArchive(database.url)
    await archive.keep_profiles(EARLIER, [profile("005930", 1)])
    await archive.keep_profiles(SESSION, [profile("005930", 2)])
    database.say(
        f"UPDATE profiles SET content = {content} WHERE session > '2026-08-18'",  # noqa: S608
    )
    with capture_logs() as logs:
        newest = await archive.profiles(SESSION)
        assert await archive.profiles_of(SESSION) == {}
    assert newest == {"005930": profile("005930", 1)}
    assert [log["event"] for log in logs] == ["archive.profiles_unreadable"] * 2
    await archive.keep_profiles(SESSION, [profile("000660", 3)])
    assert set(await archive.profiles_of(SESSION)) == {"000660"}
    await archive.close()
