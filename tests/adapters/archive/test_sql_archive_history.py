"""Past sessions in the columns of today's listings."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from structlog.testing import capture_logs

from adapters.archive.sql_archive import SqlArchive
from domain.listing import Kind, Venue
from domain.marks import Mark
from tests.adapters.archive.archived import PRODUCTS, STOCKS, listings_of
from tests.builders import BEFORE, SESSION, frame, listing, row
from tests.postgresql import Database

EARLIER = date(2026, 8, 18)
TODAY = listings_of("000660", "005930", "035720")


async def keep(archive: SqlArchive, session: date, **values: int | None) -> None:
    """A session's final trading values by code, ``_005930=5``."""
    figures = {code[1:]: value for code, value in values.items()}
    await archive.keep_frame(
        frame(figures, session=session, kinds=STOCKS, is_final=True)
    )


async def test_each_session_is_laid_under_todays_listings(archive: SqlArchive) -> None:
    # 111110 is delisted since, 035720 is new; 000660 had no quote on the second day.
    await keep(archive, EARLIER, _111110=1, _005930=2, _000660=3)
    await keep(archive, BEFORE, _005930=4, _000660=None, _035720=5)
    days = (EARLIER, BEFORE)
    past = await archive.history(TODAY, Venue.KRX, STOCKS, days, ["trading_value"])
    assert past["trading_value"].tolist() == [[3, 2, 0], [0, 4, 5]]
    assert past.known.tolist() == [[True, True, False], [False, True, True]]
    assert (past.listings, past.venue, past.sessions) == (TODAY, Venue.KRX, days)


async def test_only_the_columns_asked_for_are_there(archive: SqlArchive) -> None:
    quote = row(600, price=20, base=19, volume=30, open=18, high=21, low=17)
    await archive.keep_frame(frame({"005930": quote}, kinds=STOCKS, is_final=True))
    names = ("low", "price", "base_price", "open", "high", "volume", "trading_value")
    past = await archive.history(
        listings_of("005930"), Venue.KRX, STOCKS, [SESSION], names
    )
    assert [past[name].tolist() for name in names] == [
        *([[17]], [[20]], [[19]], [[18]], [[21]], [[30]], [[600]])
    ]
    assert list(past.columns) == list(names)


async def test_a_session_that_is_not_kept_is_not_known(archive: SqlArchive) -> None:
    await keep(archive, BEFORE, _005930=4)
    days = (EARLIER, BEFORE, SESSION)
    past = await archive.history(TODAY, Venue.KRX, STOCKS, days, ["volume"])
    assert past.known.any(axis=1).tolist() == [False, True, False]


async def test_frames_between_are_no_history(archive: SqlArchive) -> None:
    await archive.keep_frame(frame({"005930": 5}, kinds=STOCKS))
    past = await archive.history(TODAY, Venue.KRX, STOCKS, [SESSION], ["volume"])
    assert not past.known.any()


async def test_nothing_asked_is_nothing_answered(archive: SqlArchive) -> None:
    await keep(archive, SESSION, _005930=4)
    none = await archive.history(TODAY, Venue.KRX, STOCKS, [], ["price"])
    assert none["price"].shape == (0, 3)
    empty = await archive.history(listings_of(), Venue.KRX, STOCKS, [SESSION], [])
    assert empty.known.shape == (1, 0)


async def test_venues_are_kept_apart(archive: SqlArchive) -> None:
    await keep(archive, SESSION, _005930=4)
    past = await archive.history(TODAY, Venue.NXT, STOCKS, [SESSION], ["price"])
    assert not past.known.any()


async def test_kinds_of_two_pools_take_the_frames_of_both(archive: SqlArchive) -> None:
    fund = listing("069500", kind=Kind.ETF)
    await keep(archive, SESSION, _005930=4)
    await archive.keep_frame(frame({fund: 7}, kinds=PRODUCTS, is_final=True))
    both = replace(TODAY, items=(listing("005930"), fund))
    for kinds, known in (
        (STOCKS | PRODUCTS, [True, True]),
        (frozenset({Kind.ETF}), [False, True]),
        (STOCKS, [True, False]),
    ):
        past = await archive.history(both, Venue.KRX, kinds, [SESSION], ["price"])
        assert past.known.tolist() == [known]


async def test_many_sessions_come_in_their_order(archive: SqlArchive) -> None:
    days = [EARLIER + timedelta(days=number) for number in range(30)]
    for number, day in enumerate(days):
        await keep(archive, day, _005930=number)
    past = await archive.history(
        listings_of("005930"), Venue.KRX, STOCKS, days, ["trading_value"]
    )
    assert past["trading_value"][:, 0].tolist() == list(range(30))


@pytest.mark.parametrize("columns", [["known"], ["price", "nonsense"]])
async def test_other_columns_are_refused(
    archive: SqlArchive, columns: list[str]
) -> None:
    with pytest.raises(ValueError, match="columns"):
        await archive.history(TODAY, Venue.KRX, STOCKS, [SESSION], columns)


async def test_both_venues_at_once_are_refused(archive: SqlArchive) -> None:
    with pytest.raises(ValueError, match="KRX or NXT"):
        await archive.history(TODAY, Venue.ALL, STOCKS, [SESSION], ["price"])


async def test_a_damaged_frame_is_left_out_and_the_others_are_served(
    database: Database,
) -> None:
    archive = SqlArchive(database.url)
    for day, value in ((EARLIER, 2), (BEFORE, 3), (SESSION, 4)):
        await keep(archive, day, _005930=value)
    database.say(
        "UPDATE frame_columns SET content = '\\x0102' WHERE name = 'trading_value'"
        " AND frame = (SELECT id FROM frames WHERE session = '2026-08-19')",
    )
    days = (EARLIER, BEFORE, SESSION)
    with capture_logs() as logs:
        past = await archive.history(
            listings_of("005930"), Venue.KRX, STOCKS, days, ["volume", "trading_value"]
        )
        frames = [await archive.final_frame(Venue.KRX, STOCKS, day) for day in days]
    assert past.known.tolist() == [[True], [False], [True]]
    assert past["trading_value"].tolist() == [[2], [0], [4]]
    assert [found is None for found in frames] == [False, True, False]
    assert [(log["event"], log["session"]) for log in logs] == [
        ("archive.frame_unreadable", "2026-08-19")
    ] * 2
    await archive.close()


async def test_damaged_listings_leave_their_sessions_out(database: Database) -> None:
    archive = SqlArchive(database.url)
    await keep(archive, BEFORE, _005930=3)
    await keep(archive, SESSION, _000660=4)
    database.say(
        "UPDATE axes SET tickers = 'x' WHERE digest ="
        " (SELECT axis FROM frames WHERE session = '2026-08-19')",
    )
    days = (BEFORE, SESSION)
    with capture_logs() as logs:
        past = await archive.history(TODAY, Venue.KRX, STOCKS, days, ["price"])
    assert past.known.tolist() == [[False] * 3, [True, False, False]]
    assert [log["event"] for log in logs] == ["archive.axis_unreadable"]
    await archive.close()


async def test_marks_are_told_where_a_frame_has_them(archive: SqlArchive) -> None:
    swept = frame({"005930": 5}, kinds=STOCKS, is_final=True)
    marked = np.array([int(Mark.EX_RIGHTS)])
    await archive.keep_frame(replace(swept, marks=marked))
    await keep(archive, BEFORE, _005930=4)
    past = await archive.history(
        listings_of("005930"), Venue.KRX, STOCKS, [BEFORE, SESSION], ["marks"]
    )
    assert past["marks"].tolist() == [[-1], [int(Mark.EX_RIGHTS)]]
