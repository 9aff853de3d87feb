"""Flows after the close: provisional, then final; what is kept is not read again."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from application.harvest_session import HarvestSession
from application.progress import Progress, Stage
from application.reading import Manner
from application.timeliness import Timeliness
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.investors import FLOW_COLUMNS, OWNERS, Investor
from domain.listing import Kind, Venue
from tests.application.memory_archive import Fate, Killed, MemoryArchive
from tests.application.past_fakes import FakeIndices, FakeInvestors, NotedJournal
from tests.builders import BEFORE, SESSION, frame, listing
from tests.fakes import FakeCalendar, FakeClock, FakeQuotes

A, B, C = listing("000001", on_nxt=True), listing("000002"), listing("000003")
FUND = listing("069500", kind=Kind.ETF)
KRX, NXT = Venue.KRX, Venue.NXT
ONE_BY_ONE = Manner(rate=0.5, batch=2, patience=60)


@dataclass(kw_only=True)
class Close:
    """Three stocks, of which C is the heaviest; a quarter to four."""

    archive: MemoryArchive = field(default_factory=MemoryArchive)
    investors: FakeInvestors = field(default_factory=FakeInvestors)
    indices: FakeIndices = field(default_factory=FakeIndices)
    clock: FakeClock = field(default_factory=FakeClock)
    journal: NotedJournal = field(default_factory=NotedJournal)
    manner: Manner = ONE_BY_ONE

    def __post_init__(self) -> None:
        self.clock.set("15:45")
        self.shows({SESSION: 3000, BEFORE: 2000})
        self.swept: dict[Venue, MarketFrame] = {
            KRX: frame({A: 10, B: 20, C: 30}),
            NXT: frame({A: 5}, venue=NXT),
        }
        quotes = FakeQuotes(
            dict.fromkeys((A, B, C, FUND), 0), {A.ticker: 0}, clock=self.clock
        )
        self.harvest = HarvestSession(
            quotes=quotes,
            investors=self.investors,
            indices=self.indices,
            archive=self.archive,
            timeliness=Timeliness(clock=self.clock, calendar=FakeCalendar()),
            frame_of=self.frame_of,
            journal=self.journal,
            manner=self.manner,
        )

    def shows(self, days: dict[date, int]) -> None:
        for nth, item in enumerate((A, B, C)):
            own = {day: amount + nth for day, amount in days.items()}
            self.investors.amounts[KRX, item.ticker] = own
        self.investors.amounts[NXT, A.ticker] = dict(days)

    async def frame_of(self, venue: Venue) -> MarketFrame | None:
        return self.swept.get(venue)

    async def bought(self, day: date, venue: Venue = KRX) -> dict[str, int]:
        """What foreigners bought, by code."""
        flows = await self.archive.flows(venue, day)
        assert flows is not None
        found = {
            x.ticker: flows.flow(Investor.FOREIGN, row)
            for row, x in enumerate(flows.listings)
        }
        return {ticker: one.buy_amount for ticker, one in found.items() if one}


async def test_owners_come_before_programs_and_the_heaviest_stock_first() -> None:
    close = Close()
    await close.harvest(SESSION)
    assert close.investors.asked == [
        ("flows", KRX, "000003"),
        ("flows", KRX, "000002"),
        ("flows", KRX, "000001"),
        ("flows", NXT, "000001"),
        ("programs", KRX, "000003"),
        ("programs", KRX, "000002"),
        ("programs", KRX, "000001"),
        ("programs", NXT, "000001"),
    ]


async def test_a_quarter_after_the_close_flows_are_kept_as_provisional() -> None:
    close = Close()
    harvested = await close.harvest(SESSION)
    flows = await close.archive.flows(KRX, SESSION)
    assert flows is not None
    assert not flows.is_final
    assert await close.bought(SESSION) == {
        "000001": 3000,
        "000002": 3001,
        "000003": 3002,
    }
    assert await close.bought(SESSION, NXT) == {"000001": 3000}
    assert all(flows.known[investor].all() for investor in (*OWNERS, Investor.PROGRAM))
    assert (harvested.venues[KRX].owners, harvested.venues[KRX].programs) == (3, 3)
    assert not harvested.venues[KRX].is_final
    assert harvested.calls == 8


async def test_the_sessions_before_that_are_missing_are_kept_as_final() -> None:
    close = Close()
    await close.harvest(SESSION)
    before = await close.archive.flows(KRX, BEFORE)
    assert before is not None
    assert before.is_final
    assert await close.bought(BEFORE) == {
        "000001": 2000,
        "000002": 2001,
        "000003": 2002,
    }


async def test_a_past_session_that_is_kept_is_not_written_again() -> None:
    close = Close()
    await close.harvest(SESSION)
    close.archive.flow_batches.clear()
    close.clock.set("21:00")
    await close.harvest(SESSION)
    assert {day for _, day in close.archive.flow_batches} == {SESSION}


async def test_once_the_session_is_final_everything_is_read_again() -> None:
    close = Close()
    await close.harvest(SESSION)
    close.clock.set("21:00")
    close.shows({SESSION: 4000, BEFORE: 2000})
    close.investors.asked.clear()
    harvested = await close.harvest(SESSION)
    assert len(close.investors.asked) == 8
    assert harvested.venues[KRX].is_final
    assert await close.bought(SESSION) == {
        "000001": 4000,
        "000002": 4001,
        "000003": 4002,
    }
    flows = await close.archive.flows(KRX, SESSION)
    assert flows is not None
    assert flows.is_final


async def test_what_is_kept_as_final_is_not_read_again() -> None:
    close = Close()
    close.clock.set("21:00")
    await close.harvest(SESSION)
    close.investors.asked.clear()
    again = await close.harvest(SESSION)
    assert close.investors.asked == []
    assert again.venues[KRX].owners == 3


async def test_krx_is_final_before_nxt_is() -> None:
    close = Close()
    close.clock.set("19:00")
    harvested = await close.harvest(SESSION)
    assert harvested.venues[KRX].is_final
    assert not harvested.venues[NXT].is_final


async def test_industry_indices_of_both_markets_are_kept_on_the_day_alone() -> None:
    close = Close()
    assert (await close.harvest(SESSION)).indices == 2
    assert set(close.archive.indices_kept[SESSION]) == {"0001", "1001"}
    assert (await close.harvest(BEFORE)).indices == 0


async def test_indices_that_fail_do_not_keep_the_flows() -> None:
    close = Close()
    close.indices.error = MarketDataUnavailableError("지수 없음")
    assert (await close.harvest(SESSION)).indices == 0
    assert [event for event, _ in close.journal.said] == ["harvest.no_indices"]
    assert len(await close.bought(SESSION)) == 3


async def test_a_stock_that_fails_is_named_and_unknown() -> None:
    close = Close()
    close.investors.fails = {"000002"}
    harvested = await close.harvest(SESSION)
    assert harvested.venues[KRX].failed == ("000002",)
    assert set(await close.bought(SESSION)) == {"000001", "000003"}


async def test_a_refusal_stops_at_once() -> None:
    close = Close()
    close.investors.fails = {"000002"}
    close.investors.error = MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")
    with pytest.raises(MarketDataRefusedError):
        await close.harvest(SESSION)
    assert set(await close.bought(SESSION)) == {"000003"}


async def test_a_stock_the_broker_knows_nothing_of_stays_unknown() -> None:
    close = Close()
    del close.investors.amounts[KRX, "000002"]
    harvested = await close.harvest(SESSION)
    assert harvested.venues[KRX].owners == 2
    assert harvested.venues[KRX].failed == ()


async def test_days_after_the_harvested_session_are_left_alone() -> None:
    close = Close()
    await close.harvest(BEFORE)
    assert {day for _, day in close.archive.flow_batches} == {BEFORE}


async def test_without_a_frame_the_morning_s_stocks_are_asked_by_ticker() -> None:
    close = Close()
    close.swept.clear()
    await close.harvest(SESSION)
    krx = [code for what, venue, code in close.investors.asked[:3]]
    assert krx == ["000001", "000002", "000003"], "no fund among them"


async def test_a_session_of_another_day_is_asked_by_its_own_archived_frame() -> None:
    close = Close()
    held = frame({A: 9, B: 1}, session=BEFORE, is_final=True)
    await close.archive.keep_frame(held)
    close.swept = {NXT: frame({A: 5}, venue=NXT, session=BEFORE)}
    harvested = await close.harvest(BEFORE)
    assert harvested.venues[KRX].listed == 2


async def test_before_nxt_there_was_krx_alone() -> None:
    close = Close()
    close.clock.set("21:00", date(2024, 8, 20))
    harvested = await close.harvest(date(2024, 8, 20))
    assert set(harvested.venues) == {KRX}


async def test_progress_counts_every_call() -> None:
    close, steps = Close(), list[Progress]()
    await close.harvest(SESSION, progress=steps.append)
    assert {step.total for step in steps} == {8}
    assert (steps[-1].done, steps[-1].stage) == (8, Stage.PROGRAMS)
    assert [step.done for step in steps] == sorted(step.done for step in steps)


async def run(archive: MemoryArchive, ends_at: int | None, clock: str) -> int:
    """A process that ends at its k-th act; how many acts it had."""
    fate = Fate(ends_at)
    archive.fate = fate
    close = Close(archive=archive, investors=FakeInvestors(fate=fate))
    close.clock.set(clock)
    try:
        await close.harvest(SESSION)
    except Killed:
        assert ends_at is not None
    return fate.acts


async def content(archive: MemoryArchive) -> object:
    found = {}
    for venue in (KRX, NXT):
        for day in (BEFORE, SESSION):
            flows = await archive.flows(venue, day)
            assert flows is not None
            found[venue, day] = (
                flows.is_final,
                {x: flows.known[x].tolist() for x in Investor},
                [flows.columns[x][n].tolist() for x in Investor for n in FLOW_COLUMNS],
            )
    return found


@pytest.mark.parametrize("provisional_first", [False, True])
async def test_killed_at_any_act_and_begun_again_it_comes_to_the_same(
    provisional_first: bool,
) -> None:
    async def fresh() -> MemoryArchive:
        archive = MemoryArchive()
        if provisional_first:
            await run(archive, None, "15:45")
        return archive

    unbroken = await fresh()
    acts = await run(unbroken, None, "21:00")
    for ends_at in range(1, acts + 1):
        archive = await fresh()
        await run(archive, ends_at, "21:00")
        await run(archive, None, "21:00")
        assert await content(archive) == await content(unbroken), ends_at
