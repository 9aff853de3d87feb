"""Profiles: once a stock and session, behind the callers, the wanted ones first."""

import asyncio
from dataclasses import dataclass, field

import numpy as np

from application.inquiries import Habits
from application.keep_profiles import ProfileBook
from application.timeliness import Timeliness
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from domain.listing import Listings, Ticker
from domain.profile import Profile, Profiles
from tests.application.memory_archive import MemoryArchive
from tests.application.past_fakes import FakeProfiles, NotedJournal
from tests.application.scene import next_session, settled
from tests.builders import BEFORE, SESSION, at, listing
from tests.fakes import FakeCalendar, FakeClock, FakeQuotes

CROWD = Listings.of(listing(f"{n:06d}") for n in range(1, 9))
BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")


def codes(*numbers: int) -> list[Ticker]:
    return [Ticker(f"{n:06d}") for n in numbers]


def profile(ticker: Ticker, eps: float) -> Profile:
    return Profile(ticker=ticker, read_at=at("10:00", BEFORE), eps=eps)


@dataclass(kw_only=True)
class Shelf:
    """Eight stocks at half past ten."""

    archive: MemoryArchive = field(default_factory=MemoryArchive)
    source: FakeProfiles = field(default_factory=FakeProfiles)
    clock: FakeClock = field(default_factory=FakeClock)
    journal: NotedJournal = field(default_factory=NotedJournal)
    habits: Habits = field(default_factory=Habits)

    def __post_init__(self) -> None:
        quotes = FakeQuotes(dict.fromkeys(CROWD, 0), clock=self.clock)
        self.book = ProfileBook(
            source=self.source,
            archive=self.archive,
            quotes=quotes,
            timeliness=Timeliness(clock=self.clock, calendar=FakeCalendar()),
            journal=self.journal,
            habits=self.habits,
        )

    async def eps(self) -> dict[str, float]:
        """What is known of the newest session."""
        found = await self.book.of(CROWD, SESSION)
        return known(found)


def known(found: Profiles) -> dict[str, float]:
    return {
        item.ticker: float(found.eps[row])
        for row, item in enumerate(found.listings)
        if not np.isnan(found.eps[row])
    }


async def test_who_asks_never_waits_for_an_inquiry() -> None:
    shelf = Shelf()
    shelf.source.gate = asyncio.Event()
    shelf.book.want(codes(1, 2))
    assert await shelf.eps() == {}
    shelf.source.gate.set()
    await settled()
    assert await shelf.eps() == {"000001": 100.0, "000002": 100.0}
    await shelf.book.close()


async def test_a_stock_is_asked_about_once_a_session() -> None:
    shelf = Shelf()
    shelf.book.want(codes(1, 1, 2))
    shelf.book.want(codes(2, 1))
    await settled()
    shelf.book.want(codes(1, 2))
    await settled()
    assert sorted(shelf.source.asked) == ["000001", "000002"]


async def test_a_new_session_asks_again_and_shows_yesterdays_meanwhile() -> None:
    shelf = Shelf()
    shelf.book.want(codes(1))
    await settled()
    shelf.clock.set("09:01", next_session())
    found = await shelf.book.of(CROWD, next_session())
    assert known(found) == {"000001": 100.0}
    shelf.book.want(codes(1))
    await settled()
    assert shelf.source.asked == ["000001", "000001"]
    assert set(shelf.archive.profiles_kept) == {SESSION, next_session()}


async def test_what_another_process_kept_is_not_asked_again() -> None:
    shelf = Shelf()
    await shelf.archive.keep_profiles(SESSION, [profile(codes(1)[0], 7.0)])
    await shelf.archive.keep_profiles(BEFORE, [profile(codes(2)[0], 8.0)])
    assert await shelf.eps() == {"000001": 7.0, "000002": 8.0}
    shelf.book.want(codes(1, 2))
    await settled()
    assert shelf.source.asked == ["000002"]


async def test_wanted_stocks_come_before_those_that_are_filled_in() -> None:
    shelf = Shelf(habits=Habits(at_once=1))
    shelf.source.gate = asyncio.Event()
    filling = asyncio.create_task(shelf.book.fill(CROWD))
    await settled()
    shelf.book.want(codes(7, 5))
    shelf.source.gate.set()
    await filling
    assert shelf.source.asked[:4] == codes(1, 7, 5, 2)
    assert sorted(shelf.source.asked) == codes(*range(1, 9))


async def test_few_inquiries_are_under_way() -> None:
    shelf = Shelf()
    await shelf.book.fill(CROWD)
    assert shelf.source.most_under_way == 4


async def test_profiles_are_kept_in_batches_and_all_at_the_end() -> None:
    shelf = Shelf()
    await shelf.book.fill(CROWD)
    assert len(shelf.archive.profiles_kept[SESSION]) == 8
    assert len(shelf.archive.profile_batches) <= 2
    assert shelf.book.missing(CROWD) == 0


async def test_a_stock_that_fails_rests() -> None:
    shelf = Shelf()
    shelf.source.fails = {"000001": BROKEN}
    await shelf.book.fill(CROWD)
    assert len(await shelf.eps()) == 7
    assert shelf.book.missing(CROWD) == 0, "the one that rests is not counted"
    shelf.source.fails = {}
    shelf.book.want(codes(1))
    await settled()
    assert shelf.source.asked.count("000001") == 1


async def test_after_its_rest_a_stock_is_asked_again() -> None:
    shelf = Shelf(habits=Habits(rest=0))
    shelf.source.fails = {"000001": BROKEN}
    await shelf.book.fill(CROWD)
    shelf.source.fails = {}
    assert shelf.book.missing(CROWD) == 1
    shelf.book.want(codes(1))
    await settled()
    assert len(await shelf.eps()) == 8


async def test_a_broker_that_fails_for_everybody_rests_as_a_whole() -> None:
    shelf = Shelf(habits=Habits(at_once=1, outage=3))
    shelf.source.fails = dict.fromkeys(codes(*range(1, 9)), BROKEN)
    await shelf.book.fill(CROWD)
    assert shelf.source.asked == codes(1, 2, 3)
    assert shelf.book.missing(CROWD) == 0
    assert shelf.journal.said[-1][0] == "inquiries.stopped"


async def test_a_refusal_ends_the_inquiries_at_once() -> None:
    shelf = Shelf(habits=Habits(at_once=1))
    refused = MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")
    shelf.source.fails = {"000002": refused}
    await shelf.book.fill(CROWD)
    assert shelf.source.asked == codes(1, 2)
    assert shelf.book.missing(CROWD) == 0


async def test_a_crash_is_said_and_ends_the_inquiries() -> None:
    shelf = Shelf(habits=Habits(at_once=1))
    shelf.source.fails = {"000001": ZeroDivisionError("oops")}
    await shelf.book.fill(CROWD)
    assert shelf.source.asked == codes(1)
    assert shelf.journal.said[0][1]["kind"] == "ZeroDivisionError"


async def test_columns_are_made_once_until_something_changes() -> None:
    shelf = Shelf()
    first = await shelf.book.of(CROWD, SESSION)
    assert await shelf.book.of(CROWD, SESSION) is first
    shelf.book.want(codes(1))
    await settled()
    assert await shelf.book.of(CROWD, SESSION) is not first


async def test_of_a_past_session_only_what_was_read_for_it_is_known() -> None:
    shelf = Shelf()
    await shelf.archive.keep_profiles(BEFORE, [profile(codes(2)[0], 8.0)])
    await shelf.book.fill(CROWD)
    past = await shelf.book.of(CROWD, BEFORE)
    assert known(past) == {"000002": 8.0}
    assert past.session == BEFORE
    assert await shelf.book.of(CROWD, BEFORE) is past


async def test_an_archive_that_fails_costs_details_and_no_answer() -> None:
    shelf = Shelf()
    shelf.archive.fails["profiles"] = BROKEN
    assert await shelf.eps() == {}
    assert shelf.journal.said[0][0] == "profiles.not_loaded"


async def test_profiles_that_cannot_be_kept_are_known_and_kept_later() -> None:
    shelf = Shelf()
    shelf.archive.fails["keep_profiles"] = BROKEN
    shelf.book.want(codes(1))
    await settled()
    assert await shelf.eps() == {"000001": 100.0}
    shelf.archive.fails.clear()
    shelf.book.want(codes(2))
    await settled()
    assert set(shelf.archive.profiles_kept[SESSION]) == set(codes(1, 2))


async def test_closing_keeps_what_was_read_and_ends_the_rest() -> None:
    shelf = Shelf(habits=Habits(at_once=1))
    shelf.source.gate, shelf.source.held = asyncio.Event(), {"000005"}
    filling = asyncio.create_task(shelf.book.fill(CROWD))
    await settled()
    await shelf.book.close()
    await filling
    assert set(shelf.archive.profiles_kept[SESSION]) == set(codes(1, 2, 3, 4))


async def test_a_cancelled_fill_leaves_the_wanted_ones_alone() -> None:
    shelf = Shelf(habits=Habits(at_once=1))
    shelf.source.gate = asyncio.Event()
    filling = asyncio.create_task(shelf.book.fill(CROWD))
    await settled()
    shelf.book.want(codes(8))
    filling.cancel()
    await asyncio.gather(filling, return_exceptions=True)
    shelf.source.gate.set()
    await settled()
    assert shelf.source.asked == codes(1, 8)
    await shelf.book.close()


async def test_an_unknown_code_is_dropped() -> None:
    shelf = Shelf()
    shelf.book.want([Ticker("999999")])
    await settled()
    assert shelf.source.asked == []
