"""Filling the past: what is published, what a failure costs, what a kill loses."""

import asyncio
from datetime import date

import pytest

from application.ports.archive import Window
from application.progress import Progress, Stage
from application.reading import Manner
from application.sweeping import PRODUCTS, STOCKS
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from domain.listing import Venue
from domain.marks import Mark
from tests.application.past_scene import (
    DAYS,
    FUND,
    NEW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    A,
    B,
    C,
    Past,
    content,
)
from tests.builders import frame


async def test_bars_become_one_final_frame_for_each_session_and_pool() -> None:
    past = Past()
    filled = await past.fill(3)
    assert past.values(TUESDAY) == {
        "000001": 1_000_000,
        "000002": 2_000_000,
        "000003": 3_000_000,
    }
    assert past.values(THURSDAY, kinds=PRODUCTS) == {"069500": 4_000_002}
    assert filled.sessions == {Venue.KRX: DAYS, Venue.NXT: DAYS}
    assert filled.stocks == 5
    assert filled.calls == 7, "five on KRX, two on NXT"
    assert not past.archive.filling


async def test_a_stock_without_a_bar_was_not_listed_that_day() -> None:
    past = Past()
    await past.fill(3)
    assert "000009" not in past.values(WEDNESDAY)
    assert past.values(THURSDAY)["000009"] == 9_000_000


async def test_what_a_day_did_to_a_stock_is_kept_with_it() -> None:
    past = Past()
    past.bars.marks["000001", TUESDAY] = Mark.EX_RIGHTS | Mark.REBASED
    await past.fill(3)
    held = past.archive.finals[(Venue.KRX, STOCKS), TUESDAY]
    assert held.marks is not None
    told = {x.ticker: int(held.marks[row]) for row, x in enumerate(held.listings)}
    assert told == {
        "000001": int(Mark.EX_RIGHTS | Mark.REBASED),
        "000002": 0,
        "000003": 0,
    }


async def test_a_stock_of_nxt_without_a_bar_has_traded_nothing_there() -> None:
    past = Past()
    await past.fill(3)
    assert past.values(WEDNESDAY, Venue.NXT) == {"000001": 300_001, "000002": 0}
    assert past.values(THURSDAY, Venue.NXT) == {"000001": 300_002, "000002": 500_001}


async def test_frames_say_what_is_not_known_of_the_day() -> None:
    past = Past()
    await past.fill(3)
    held = past.archive.finals[(Venue.KRX, STOCKS), TUESDAY]
    assert held.is_final
    assert held.as_of.isoformat() == "2026-08-18T18:10:00+09:00"
    assert {item.shares_thousands for item in held.listings} == {None}
    assert held.listings.dated == past.quotes.listed.dated
    assert held.official.kospi == 10_000_000


async def test_today_counts_only_once_its_figures_are_final() -> None:
    past = Past()
    past.clock.set("19:00")
    filled = await past.fill(1)
    assert filled.sessions == {Venue.KRX: (THURSDAY,)}, "NXT trades until 20:00"
    past.clock.set("17:00")
    assert await past.fill.missing(1) == 1, "now the day before is the last"


async def test_what_is_archived_is_not_asked_for_again() -> None:
    past = Past()
    await past.fill(3)
    past.bars.asked.clear()
    again = await past.fill(3)
    assert past.bars.asked == []
    assert again.sessions == {}
    assert await past.fill.missing(3) == 0


async def test_only_the_pool_that_lacks_a_session_is_asked_for() -> None:
    past = Past()
    for day in DAYS:
        await past.archive.keep_frame(frame({A: 7}, session=day, is_final=True))
    await past.fill(3)
    asked = {ticker for venue, ticker, *_ in past.bars.asked if venue is Venue.KRX}
    assert asked == {"069500"}
    assert past.values(TUESDAY) == {"000001": 7}, "swept on the day itself"


async def test_stretches_are_of_a_hundred_sessions_newest_first_krx_before_nxt() -> (
    None
):
    past = Past()
    await past.fill(150)
    stretches = list(dict.fromkeys((v, f, to) for v, _, f, to in past.bars.asked))
    assert stretches == [
        (Venue.KRX, date(2026, 4, 3), THURSDAY),
        (Venue.NXT, date(2026, 4, 3), THURSDAY),
        (Venue.KRX, date(2026, 1, 23), date(2026, 4, 2)),
        (Venue.NXT, date(2026, 1, 23), date(2026, 4, 2)),
    ], "100 weekdays are twenty weeks"


async def test_nxt_is_asked_for_nothing_before_it_began() -> None:
    past = Past()
    past.clock.set("21:00", date(2025, 3, 5))
    await past.fill(5)
    asked = {(venue, first) for venue, _, first, _ in past.bars.asked}
    assert asked == {
        (Venue.KRX, date(2025, 2, 27)),
        (Venue.NXT, date(2025, 3, 4)),
    }


async def test_a_window_begun_before_comes_first() -> None:
    past = Past()
    begun = Window(venue=Venue.NXT, first=TUESDAY, last=TUESDAY)
    await past.archive.begin(begun)
    await past.fill(3)
    assert past.bars.asked[0] == (Venue.NXT, "000001", TUESDAY, TUESDAY)
    assert past.values(TUESDAY, Venue.NXT) == {"000001": 300_000, "000002": 500_000}


async def test_bars_are_staged_in_batches_and_calls_are_bounded() -> None:
    past = Past(manner=Manner(rate=1, batch=2, patience=60))
    await past.fill(3)
    assert max(past.archive.stage_batches) == 2
    assert past.bars.most_under_way == 2, "two seconds' worth"


async def test_a_stock_that_fails_is_asked_again_at_the_end() -> None:
    past = Past()
    past.bars.fails["000001"] = 2
    filled = await past.fill(3)
    krx = [ticker for venue, ticker, *_ in past.bars.asked if venue is Venue.KRX]
    assert krx[-2:] == ["000001", "000001"]
    assert past.values(TUESDAY)["000001"] == 1_000_000
    assert filled.failed == {}


async def test_a_stock_that_keeps_failing_is_named_and_unknown() -> None:
    past = Past()
    past.bars.fails["000003"] = 99
    filled = await past.fill(3)
    assert filled.failed == {Venue.KRX: ("000003",)}
    assert past.values(TUESDAY) == {
        "000001": 1_000_000,
        "000002": 2_000_000,
        "000003": None,
    }


async def test_nothing_is_given_up_while_the_broker_answers_nobody() -> None:
    """Two are read, then the line is cut: a window with holes must not be published."""
    past = Past(manner=Manner(rate=0.5, batch=1, patience=60))
    for ticker in ("000003", "000009", "069500"):
        past.bars.fails[ticker] = 99

    def cut(step: Progress) -> None:
        if step.done == 2:
            past.bars.fails.update({"000001": 99, "000002": 99})

    with pytest.raises(Exception, match="읽지 못함"):
        await past.fill(3, progress=cut)
    assert not past.archive.finals
    (staged,) = past.archive.filling.values()
    assert {"000001", "000002"} == set(staged)


async def test_a_broker_that_fails_for_everybody_is_not_asked_for_long() -> None:
    past = Past(manner=Manner(rate=0.5, batch=2, patience=60, outage=3))
    for item in (A, B, C, FUND, NEW):
        past.bars.fails[item.ticker] = 99
    with pytest.raises(Exception, match="읽지 못함"):
        await past.fill(3)
    assert len(past.bars.asked) <= 4, "three in a row, and one under way"


async def test_a_refusal_stops_at_once_and_keeps_what_was_read() -> None:
    past = Past(manner=Manner(rate=0.5, batch=50, patience=60))
    past.bars.fails["000003"] = 1
    past.bars.error = MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")
    with pytest.raises(MarketDataRefusedError):
        await past.fill(3)
    (staged,) = past.archive.filling.values()
    assert set(staged) == {"000001", "000002"}


async def test_an_archive_that_fails_stops_it() -> None:
    past = Past()
    past.archive.fails["stage"] = MarketDataUnavailableError("디스크가 찼습니다.")
    with pytest.raises(MarketDataUnavailableError, match="디스크"):
        await past.fill(3)


async def test_coverage_is_each_sessions_value_against_the_official_total() -> None:
    past = Past()
    filled = await past.fill(3)
    # Tuesday: 1 + 2 + 3 of 10 + 2 million; Thursday has the new stock's 9 million too,
    # and two won more of each of the three others.
    assert filled.coverage[TUESDAY] == pytest.approx(6 / 12)
    assert filled.coverage[THURSDAY] == pytest.approx(15_000_006 / 12_000_000)
    assert filled.lowest_coverage == (TUESDAY, 0.5)
    assert filled.median_coverage == pytest.approx(6_000_003 / 12_000_000)


async def test_without_official_totals_it_goes_on_and_says_so() -> None:
    past = Past()
    past.bars.totals_error = MarketDataUnavailableError("지수 없음")
    filled = await past.fill(3)
    assert filled.coverage == {}
    assert filled.median_coverage is None
    assert filled.lowest_coverage is None
    assert [event for event, _ in past.journal.said] == ["history.no_totals"] * 2
    assert past.archive.finals[(Venue.KRX, STOCKS), TUESDAY].official.kospi is None


async def test_a_day_on_which_nothing_traded_is_not_published() -> None:
    past = Past()
    for days in past.bars.days.values():
        days.pop(WEDNESDAY, None)
    filled = await past.fill(3)
    assert filled.sessions[Venue.KRX] == (TUESDAY, THURSDAY)
    assert ((Venue.KRX, STOCKS), WEDNESDAY) not in past.archive.finals


async def test_progress_counts_calls_to_the_end() -> None:
    past, steps = Past(), list[Progress]()
    await past.fill(3, progress=steps.append)
    assert {step.total for step in steps} == {7}
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert (steps[-1].done, steps[-1].stage) == (7, Stage.PUBLISHING)
    assert steps[-1].venue is Venue.NXT


async def test_a_share_of_the_rate_takes_its_time() -> None:
    past = Past(manner=Manner(rate=60, batch=3, patience=60))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await past.fill(3, share=0.5)
    # Of five calls a batch of three is followed by a pause: 3 / (60 × 0.5) s.
    assert loop.time() - begun >= 0.1


async def test_a_cancelled_run_leaves_nothing_running() -> None:
    past, before = Past(), asyncio.all_tasks()
    task = asyncio.create_task(past.fill(3))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == before
    assert past.bars.under_way == 0


async def test_a_window_that_another_process_published_is_not_published_in_part() -> (
    None
):
    """It ends while this one still reads: what is staged after that is a part of it."""
    past = Past(manner=Manner(rate=1, batch=2, patience=60))
    theirs = Past()
    await theirs.fill(3)

    def overtake(step: Progress) -> None:
        if step.venue is Venue.KRX and step.done == 2:
            past.archive.finals.update(theirs.archive.finals)
            past.archive.filling.clear()

    filled = await past.fill(3, progress=overtake)
    assert content(past.archive) == content(theirs.archive)
    assert not past.archive.filling
    assert [event for event, _ in past.journal.said] == ["history.staged_bars_lost"]
    assert filled.failed == {}


async def test_staged_bars_that_are_always_lost_are_no_endless_work() -> None:
    past = Past()

    def lose(step: Progress) -> None:
        if step.stage is Stage.PUBLISHING:
            for staged in past.archive.filling.values():
                staged.clear()

    with pytest.raises(MarketDataUnavailableError, match="자꾸 사라집니다"):
        await past.fill(3, progress=lose)
    assert not past.archive.finals
