"""The real command, killed and begun again, against the emulator's truth."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from adapters.archive.archive_url import file_url
from adapters.archive.sql_archive import SqlArchive
from application.sweeping import STOCKS, Pool
from domain.frame import COLUMNS, MarketFrame
from domain.investors import Flow, Investor
from domain.listing import Market, Venue
from tests.acceptance.backfill_stories import (
    EVENING,
    FRIDAY,
    GARBLED,
    SESSIONS,
    Told,
    garbled,
    harvested,
    killed_and_resumed,
)
from tests.acceptance.expected_flows import harvested_day
from tests.acceptance.quick_fill import quick_fill
from tests.acceptance.same_archives import POOLS, differences
from tests.kis_emulator.clock import DEFAULT_AT
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket

pytestmark = [pytest.mark.slow, pytest.mark.long]

LONG_AGO = date(2020, 1, 1)
GO_ON = "이어서 하려면 같은 명령을 다시 실행하세요."
DIVISIONS = {Venue.KRX: "J", Venue.NXT: "NX"}


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=60, etf=3, etn=2, nxt=14, past_events=True)


@pytest.fixture(scope="module")
def stories(
    market: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Told]:
    """Every story, at the same time."""
    folder = tmp_path_factory.mktemp("stories")
    with ThreadPoolExecutor(3) as pool:
        running = {
            tell.__name__: pool.submit(tell, market, folder / tell.__name__)
            for tell in (killed_and_resumed, garbled, harvested)
        }
    return {name: future.result() for name, future in running.items()}


@pytest.fixture(scope="module")
def killed(stories: dict[str, Told]) -> Told:
    return stories["killed_and_resumed"]


@pytest.fixture(scope="module")
def unbroken(market: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("unbroken") / "archive.sqlite3"
    asyncio.run(quick_fill(market, file, DEFAULT_AT, SESSIONS))
    return file


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[SqlArchive]:
    archive = SqlArchive(file_url(file))
    yield archive
    await archive.close()


async def frame_of(file: Path, day: date, pool: Pool) -> MarketFrame:
    async with opened(file) as archive:
        frame = await archive.final_frame(*pool, day)
    assert frame is not None
    return frame


def sessions_of(market: SimulatedMarket, count: int) -> list[date]:
    """The last sessions to Thursday, oldest first."""
    return market.days.back(LONG_AGO, market.days.previous(FRIDAY), count)[::-1]


def listed(market: SimulatedMarket, pool: Pool) -> list[Listed]:
    """What Friday's masters hold of a pool."""
    venue, kinds = pool
    names, markets = {kind.name for kind in kinds}, {each.name for each in Market}
    return [
        item
        for item in market.listings_on(FRIDAY)
        if item.kind in names
        and item.market in markets
        and (venue is Venue.KRX or item.on_nxt)
    ]


async def test_killed_thrice_it_comes_to_what_an_unbroken_run_comes_to(
    killed: Told, unbroken: Path
) -> None:
    assert [run.code for run in killed.runs] == [-9, -9, 143, -9, 0, 0]
    assert await differences(killed.archive, unbroken) == []


def test_a_kill_costs_no_more_than_a_batch_and_what_was_under_way(
    killed: Told,
) -> None:
    again = Counter(killed.asked)
    assert max(again.values()) <= 2
    assert len(killed.asked) - len(again) <= 4 * (50 + 36)


def test_a_second_run_asks_for_no_bars(killed: Told) -> None:
    assert killed.asked_by[-1] == killed.asked_by[-2]
    assert killed.runs[-1].said.startswith(
        f"최근 {SESSIONS}거래일에 더 채울 것이 없습니다."
    )


def test_a_stop_ends_it_cleanly_and_says_how_to_go_on(killed: Told) -> None:
    stopped = killed.runs[2]
    assert stopped.wrong.splitlines()[-1].startswith(f"멈췄습니다. {GO_ON}")
    assert "Traceback" not in stopped.wrong


def test_a_run_tells_how_far_it_is_and_what_it_brought(
    killed: Told, market: SimulatedMarket
) -> None:
    last = killed.runs[4]
    assert "2026-05-27~2026-06-24 일봉 읽는 중: " in last.wrong
    days = sessions_of(market, SESSIONS)[:20]
    covered = {day: coverage(market, day) for day in days}
    lowest = min(covered, key=lambda day: (covered[day], day))
    filled, share, calls = last.said.splitlines()
    assert filled.startswith("채운 거래일: KRX 20거래일(2026-05-27~2026-06-24), NXT 20")
    assert share.endswith(f"최저 {covered[lowest]:.1%}({lowest}), 20거래일")
    assert covered[lowest] < 1, "three have left the market since"
    assert calls.startswith("증권사 호출 ")


def coverage(market: SimulatedMarket, day: date) -> float:
    """What is still listed, as a share of what traded that day; whole won."""
    figures = market.final("J", day)
    there = {x.code for x in market.listings_on(day) if x.kind == "STOCK"}
    there &= {x.code for x in market.listings() if x.market != "KONEX"}
    still = {item.code for item in listed(market, (Venue.KRX, STOCKS))}

    def value(codes: set[str]) -> int:
        return sum(int(figures.trading_value[figures.row_of[code]]) for code in codes)

    return value(there & still) / value(there)


@pytest.mark.parametrize("pool", POOLS[:3], ids=["stocks", "funds", "NXT"])
async def test_every_bar_of_every_stock_is_the_days_own(
    killed: Told, market: SimulatedMarket, pool: Pool
) -> None:
    """Splits, rights, reductions, halts and new listings are among them."""
    wrong: list[str] = []
    async with opened(killed.archive) as archive:
        for day in sessions_of(market, SESSIONS):
            frame = await archive.final_frame(*pool, day)
            assert frame is not None
            assert frame.known.all()
            wrong += unlike(market, pool, frame)
    assert wrong == []


def unlike(market: SimulatedMarket, pool: Pool, frame: MarketFrame) -> Iterator[str]:
    """What is not as the market was on the frame's day."""
    day, truth = frame.session, market.final(DIVISIONS[pool[0]], frame.session)
    there = [x for x in listed(market, pool) if market.listing_on(x.code, day)]
    if sorted(x.code for x in there) != [item.ticker for item in frame.listings]:
        yield f"{day}: the listings"
    for row, item in enumerate(frame.listings):
        quote = truth.quote(item.ticker)
        names = ["base" if name == "base_price" else name for name in COLUMNS]
        expected = [getattr(quote, name) for name in names]
        if [int(getattr(frame, name)[row]) for name in COLUMNS] != expected:
            yield f"{day} {item.ticker}: {expected}"


async def test_who_moved_is_where_it_is_now_and_who_left_is_not_there(
    killed: Told, market: SimulatedMarket
) -> None:
    """The broker's masters are of today alone, and say so by their date."""
    oldest = sessions_of(market, SESSIONS)[0]
    frame = await frame_of(killed.archive, oldest, (Venue.KRX, STOCKS))
    codes = [item.code for item in market.listings()]
    moved, gone = list(market.past.moves), list(market.past.winding_up)
    assert len(moved) == 2
    assert len(gone) == 3
    for row in moved:
        assert market.moved(oldest)[row].market == "KOSDAQ"
        item = frame.listings[frame.listings.row_of[codes[row]]]
        assert item.market is Market.KOSPI
    assert not {codes[row] for row in gone} & set(frame.listings.row_of)
    assert frame.listings.dated == FRIDAY
    assert {item.shares_thousands for item in frame.listings} == {None}


async def test_a_stock_whose_bars_mean_nothing_is_named_and_the_rest_stands(
    stories: dict[str, Told], unbroken: Path, market: SimulatedMarket
) -> None:
    day = market.days.previous(FRIDAY)
    run = stories["garbled"].runs[0]
    assert run.code == 0
    assert f"읽지 못한 종목(KRX) 1개: {GARBLED}\n" in run.said
    spoilt = await frame_of(stories["garbled"].archive, day, (Venue.KRX, STOCKS))
    whole = await frame_of(unbroken, day, (Venue.KRX, STOCKS))
    assert spoilt.missing == (GARBLED,)
    kept = spoilt.known
    for name in COLUMNS:
        assert (getattr(spoilt, name)[kept] == getattr(whole, name)[kept]).all()


def test_a_second_command_in_the_same_folder_is_sent_away(
    stories: dict[str, Told],
) -> None:
    _, beside = stories["garbled"].runs
    assert beside.code == 1
    assert beside.wrong.splitlines() == [
        "다른 backfill이 같은 폴더(DATA_DIR)를 채우고 있습니다. 그것이 끝난 뒤에 다시"
        " 실행해 주세요."
    ]


def test_a_server_beside_it_is_told_of_and_no_hindrance(
    stories: dict[str, Told], killed: Told
) -> None:
    notice = "참고: 같은 폴더를 쓰는 서버가 켜져 있습니다."
    assert stories["garbled"].runs[0].wrong.startswith(notice)
    assert notice not in killed.runs[0].wrong


async def test_flows_killed_between_are_the_days_final_ones(
    stories: dict[str, Told], market: SimulatedMarket
) -> None:
    story = stories["harvested"]
    assert [run.code for run in story.runs] == [-9, 0]
    truth = harvested_day(market, EVENING, EVENING)
    async with opened(story.archive) as archive:
        for venue in (Venue.KRX, Venue.NXT):
            flows = await archive.flows(venue, FRIDAY)
            assert flows is not None
            assert flows.is_final
            by_code = {item.code: item for item in truth.listed}
            for row, item in enumerate(flows.listings):
                for investor in Investor:
                    side = truth.of(by_code[item.ticker], venue.value, investor.value)
                    expected = side and Flow(**asdict(side))
                    assert flows.flow(investor, row) == expected


def test_flows_that_were_kept_are_not_asked_for_again(
    stories: dict[str, Told],
) -> None:
    first, both = stories["harvested"].asked_by
    assert both == first
    said = stories["harvested"].runs[-1].said
    assert "투자자별(KRX, 2026-11-20 확정): " in said
