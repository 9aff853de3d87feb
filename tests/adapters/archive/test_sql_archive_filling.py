"""Bars on their way in: staged stock by stock, published session by session."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from structlog.testing import capture_logs

from adapters.archive.sql_archive import SqlArchive
from application.ports.archive import Window
from domain.bars import MARKED_COLUMNS, StockBars
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.marks import Mark
from tests.adapters.archive.archived import STOCKS, assert_same, bars, full_frame
from tests.builders import BEFORE, SESSION, at, frame
from tests.postgresql import Database

EARLIER = date(2026, 8, 18)
WINDOW = Window(venue=Venue.KRX, first=EARLIER, last=SESSION)
OLDER = Window(venue=Venue.KRX, first=date(2026, 1, 2), last=date(2026, 6, 1))
NXT = replace(OLDER, venue=Venue.NXT)


def of_bars(session: date, value: int = 5) -> MarketFrame:
    """A final frame as it is made of bars, long after its session."""
    return frame(
        {"000660": value, "005930": value},
        session=session,
        as_of=at("09:00", date(2026, 11, 2)),
        kinds=STOCKS,
        is_final=True,
    )


async def all_staged(archive: SqlArchive, window: Window = WINDOW) -> list[StockBars]:
    return [each async for each in archive.read_staged(window)]


async def final(archive: SqlArchive, session: date) -> MarketFrame | None:
    return await archive.final_frame(Venue.KRX, STOCKS, session)


async def publish(archive: SqlArchive, *frames: MarketFrame) -> None:
    await archive.begin(WINDOW)
    await archive.publish(WINDOW, frames)


class Made:
    """Frames that note which thread they are made in."""

    def __init__(self, *sessions: date) -> None:
        self.sessions = sessions
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[MarketFrame]:
        for session in self.sessions:
            self.threads.add(threading.get_ident())
            yield of_bars(session)


async def test_frames_are_made_where_they_hold_nobody_up(archive: SqlArchive) -> None:
    frames = Made(EARLIER, SESSION)
    await archive.begin(WINDOW)
    await archive.publish(WINDOW, frames)
    assert len(frames.threads) == 1
    assert threading.get_ident() not in frames.threads
    assert await archive.sessions(Venue.KRX, STOCKS) == (EARLIER, SESSION)


async def test_windows_are_told_newest_first(archive: SqlArchive) -> None:
    assert await archive.windows() == ()
    for window in (NXT, WINDOW, OLDER, WINDOW):
        await archive.begin(window)
    assert await archive.windows() == (WINDOW, OLDER, NXT)


async def test_staged_bars_come_back_by_ticker(archive: SqlArchive) -> None:
    first = bars("005930", {EARLIER: 2**40, SESSION: 0}, listed_shares=5_969_782_550)
    second = bars("Q530036", {})
    await archive.begin(WINDOW)
    await archive.stage(WINDOW, [second, first])
    assert await archive.staged(WINDOW) == {"005930", "Q530036"}
    read, empty = await all_staged(archive)
    assert (read.ticker, read.venue, read.sessions) == (
        *("005930", Venue.KRX),
        (EARLIER, SESSION),
    )
    assert (read.listed_shares, empty.listed_shares) == (5_969_782_550, None)
    assert (empty.ticker, empty.sessions) == ("Q530036", ())
    for name in MARKED_COLUMNS:
        assert getattr(read, name).tolist() == getattr(first, name).tolist()


async def test_hundreds_of_stocks_come_in_the_order_of_tickers(
    archive: SqlArchive,
) -> None:
    await archive.begin(WINDOW)
    codes = [f"{number:05d}{end}" for number in range(120) for end in "0K"]
    await archive.stage(WINDOW, [bars(code, {SESSION: 1}) for code in reversed(codes)])
    assert [each.ticker for each in await all_staged(archive)] == codes


async def test_a_window_that_was_not_begun_has_nothing_staged(
    archive: SqlArchive,
) -> None:
    assert await archive.staged(WINDOW) == frozenset()
    assert await all_staged(archive) == []


async def test_nothing_is_staged_for_a_window_that_another_process_published(
    archive: SqlArchive,
) -> None:
    await archive.stage(WINDOW, [bars("005930", {SESSION: 1})])
    assert await archive.staged(WINDOW) == frozenset()
    assert await archive.windows() == ()


async def test_windows_are_staged_apart(archive: SqlArchive) -> None:
    for window in (OLDER, NXT):
        await archive.begin(window)
    await archive.stage(OLDER, [bars("005930", {})])
    await archive.stage(NXT, [bars("000660", {}, venue=Venue.NXT)])
    assert await archive.staged(OLDER) == {"005930"}
    assert [each.venue for each in await all_staged(archive, NXT)] == [Venue.NXT]


async def test_staging_a_stock_again_replaces_it(archive: SqlArchive) -> None:
    await archive.begin(WINDOW)
    await archive.stage(WINDOW, [bars("005930", {SESSION: 1})])
    await archive.stage(WINDOW, [bars("005930", {SESSION: 7}), bars("000660", {})])
    await archive.stage(WINDOW, [])
    _, samsung = await all_staged(archive)
    assert samsung.price.tolist() == [7]


async def test_of_a_stock_given_twice_the_last_is_staged(archive: SqlArchive) -> None:
    await archive.begin(WINDOW)
    await archive.stage(
        WINDOW, [bars("005930", {SESSION: 1}), bars("005930", {SESSION: 2})]
    )
    (read,) = await all_staged(archive)
    assert read.price.tolist() == [2]


async def test_bars_of_another_venue_are_refused_whole(archive: SqlArchive) -> None:
    wrong = bars("005930", {}, venue=Venue.NXT)
    with pytest.raises(ValueError, match="another venue"):
        await archive.stage(WINDOW, [bars("000660", {}), wrong])
    assert await archive.staged(WINDOW) == frozenset()


async def test_publishing_keeps_the_sessions_and_ends_the_window(
    archive: SqlArchive,
) -> None:
    await archive.begin(OLDER)
    await archive.begin(WINDOW)
    await archive.stage(WINDOW, [bars("005930", {SESSION: 1})])
    await archive.publish(WINDOW, [of_bars(EARLIER), of_bars(SESSION)])
    assert await archive.sessions(Venue.KRX, STOCKS) == (EARLIER, SESSION)
    assert_same(await final(archive, SESSION), of_bars(SESSION))
    assert await archive.windows() == (OLDER,)
    assert await archive.staged(WINDOW) == frozenset()


async def test_publishing_twice_gives_the_same(archive: SqlArchive) -> None:
    for _ in range(2):
        await publish(archive, of_bars(EARLIER), of_bars(SESSION))
    assert_same(await final(archive, EARLIER), of_bars(EARLIER))
    assert await archive.sessions(Venue.KRX, STOCKS) == (EARLIER, SESSION)
    assert await archive.windows() == ()


async def test_later_bars_replace_earlier_bars(archive: SqlArchive) -> None:
    await publish(archive, of_bars(SESSION, 5))
    await publish(archive, of_bars(SESSION, 6))
    assert_same(await final(archive, SESSION), of_bars(SESSION, 6))


async def test_a_frame_that_was_swept_is_not_replaced(archive: SqlArchive) -> None:
    swept = frame({"000660": 1, "005930": 2}, kinds=STOCKS, is_final=True)
    await archive.keep_frame(swept)
    await publish(archive, of_bars(BEFORE), of_bars(SESSION))
    assert_same(await final(archive, SESSION), swept)
    assert_same(await final(archive, BEFORE), of_bars(BEFORE))


async def test_what_a_sweep_missed_is_filled_from_bars(archive: SqlArchive) -> None:
    # 035720 has no bar either; 000660's own quote stays.
    figures = {"000660": 1, "005930": None, "035720": None}
    swept = frame(figures, kinds=STOCKS, is_final=True)
    await archive.keep_frame(swept)
    await publish(archive, of_bars(SESSION, 5))
    whole = frame({**figures, "005930": 5}, kinds=STOCKS, is_final=True)
    assert_same(await final(archive, SESSION), whole)


async def test_a_swept_frame_takes_the_marks_of_its_bars(archive: SqlArchive) -> None:
    swept = frame({"000660": 1, "005930": 2}, kinds=STOCKS, is_final=True)
    morning = replace(swept, marks=np.array([int(Mark.EX_DIVIDEND), 0]))
    told = np.array([int(Mark.REBASED), int(Mark.REDUCTION)])
    await archive.keep_frame(morning)
    await publish(archive, replace(of_bars(SESSION), marks=told))
    both = np.array([int(Mark.EX_DIVIDEND | Mark.REBASED), int(Mark.REDUCTION)])
    assert_same(await final(archive, SESSION), replace(swept, marks=both))


async def test_a_swept_frame_that_nobody_can_read_is_replaced(
    database: Database,
) -> None:
    archive = SqlArchive(database.url)
    await archive.keep_frame(full_frame())
    database.say("DELETE FROM frame_columns WHERE name = 'low'")
    with capture_logs() as logs:
        await publish(archive, of_bars(SESSION))
    assert_same(await final(archive, SESSION), of_bars(SESSION))
    assert [log["event"] for log in logs] == ["archive.frame_unreadable"]
    await archive.close()


async def test_a_sweep_takes_the_place_of_bars(archive: SqlArchive) -> None:
    await publish(archive, of_bars(SESSION))
    await archive.keep_frame(full_frame())
    assert_same(await final(archive, SESSION), full_frame())


async def test_bars_are_of_no_instant(archive: SqlArchive) -> None:
    await publish(archive, of_bars(SESSION))
    around = await archive.frames_around(Venue.KRX, STOCKS, at("10:00"))
    assert around == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        [of_bars(EARLIER), replace(of_bars(SESSION), venue=Venue.NXT)],
        [of_bars(EARLIER), replace(of_bars(SESSION), is_final=False)],
    ],
)
async def test_only_final_frames_of_the_windows_venue_are_published(
    archive: SqlArchive, wrong: Iterable[MarketFrame]
) -> None:
    await archive.begin(WINDOW)
    with pytest.raises(ValueError, match="not a final frame"):
        await archive.publish(WINDOW, wrong)
    assert await archive.windows() == (WINDOW,)
    assert await archive.sessions(Venue.KRX, STOCKS) == ()


async def test_damaged_bars_are_asked_for_again(database: Database) -> None:
    archive = SqlArchive(database.url)
    await archive.begin(WINDOW)
    await archive.stage(WINDOW, [bars("000660", {}), bars("005930", {SESSION: 1})])
    broken = "UPDATE staged_bars SET content = 'x' WHERE ticker = '005930'"
    database.say(broken)
    with (
        capture_logs() as logs,
        pytest.raises(MarketDataUnavailableError, match="005930 등 1종목"),
    ):
        await all_staged(archive)
    assert await archive.staged(WINDOW) == {"000660"}
    assert [log["event"] for log in logs] == ["archive.bars_unreadable"]
    await archive.close()
