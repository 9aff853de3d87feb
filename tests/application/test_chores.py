"""Which chore comes when, over a day of the market."""

from dataclasses import dataclass, field
from datetime import timedelta

from application.fill_history import FillHistory
from application.frame_chores import ForgetInstants, SweepFinals
from application.harvest_session import HarvestSession
from application.keep_profiles import ProfileBook
from application.past_chores import FillPast, FillProfiles, HarvestFlows
from application.reading import Manner
from application.sweeping import PRODUCTS, STOCKS
from application.timeliness import Timeliness
from application.upkeep import Chore, Upkeep
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Kind, Venue
from domain.screening import Universe
from tests.application.memory_archive import MemoryArchive
from tests.application.past_fakes import (
    FakeBars,
    FakeIndices,
    FakeInvestors,
    FakeProfiles,
    NotedJournal,
    OneLease,
)
from tests.application.scene import next_session, settled
from tests.builders import BEFORE, SESSION, frame, listing
from tests.fakes import FakeCalendar, FakeClock, FakeQuotes

A = listing("000001", on_nxt=True)
FUND = listing("069500", kind=Kind.ETF)
BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")
POOLS = [(v, k) for v in (Venue.KRX, Venue.NXT) for k in (STOCKS, PRODUCTS)]


@dataclass(kw_only=True)
class House:
    """A stock and a fund, three sessions of history wanted."""

    archive: MemoryArchive = field(default_factory=MemoryArchive)
    clock: FakeClock = field(default_factory=FakeClock)
    lease: OneLease = field(default_factory=OneLease)
    turn: OneLease = field(default_factory=OneLease)
    journal: NotedJournal = field(default_factory=NotedJournal)
    seconds: float = 0.0
    swept: list[Universe] = field(default_factory=list)
    breaks: bool = False
    archives: bool = True

    def __post_init__(self) -> None:
        timeliness = Timeliness(clock=self.clock, calendar=FakeCalendar())
        quotes = FakeQuotes({A: 0, FUND: 0}, {A.ticker: 0}, clock=self.clock)
        self.bars, self.investors = FakeBars(), FakeInvestors()
        self.profiles = FakeProfiles()
        self.book = ProfileBook(
            source=self.profiles,
            archive=self.archive,
            quotes=quotes,
            timeliness=timeliness,
            journal=self.journal,
        )
        harvest = HarvestSession(
            quotes=quotes,
            investors=self.investors,
            indices=FakeIndices(),
            archive=self.archive,
            timeliness=timeliness,
            frame_of=self.frame_of,
            journal=self.journal,
        )
        fill = FillHistory(
            quotes=quotes,
            bars=self.bars,
            archive=self.archive,
            timeliness=timeliness,
            journal=self.journal,
            manner=Manner(rate=6000),
        )
        frames = self.archive
        chores: list[Chore] = [
            SweepFinals(sweep=self.sweep, frames=frames, timeliness=timeliness),
            ForgetInstants(frames=frames, timeliness=timeliness),
            HarvestFlows(harvest=harvest, timeliness=timeliness),
            FillProfiles(
                book=self.book,
                quotes=quotes,
                frame_of=self.frame_of,
                timeliness=timeliness,
            ),
            FillPast(fill=fill, timeliness=timeliness, turn=self.turn, sessions=3),
        ]
        self.upkeep = Upkeep(
            chores=chores,
            lease=self.lease,
            journal=self.journal,
            elapsed=lambda: self.seconds,
        )

    async def frame_of(self, venue: Venue) -> MarketFrame | None:
        return None

    async def sweep(self, universe: Universe) -> None:
        """As the market does: every pool of it, kept by whoever publishes it."""
        self.swept.append(universe)
        if self.breaks:
            raise BROKEN
        venues = (
            (Venue.KRX, Venue.NXT) if universe.venue is Venue.ALL else (universe.venue,)
        )
        day = self.clock.now().date()
        for venue in venues if self.archives else ():
            taken = frame(
                {A: 1},
                venue=venue,
                session=day,
                kinds=universe.kinds,
                as_of=self.clock.now(),
                is_final=universe.venue is not Venue.ALL,
            )
            await self.archive.keep_frame(taken)

    async def steps(self, count: int = 12) -> list[str]:
        """What some steps begin; each long chore comes to its end between them."""
        begun = []
        for _ in range(count):
            name = await self.upkeep.step()
            begun += [name] if name else []
            await settled()
        return begun


async def test_nothing_is_swept_before_the_last_trade() -> None:
    house = House()
    for clock in ("08:30:00", "11:00:00", "15:36:00", "18:00:00"):
        house.clock.set(clock)
        await house.steps(6)
    house.clock.set("11:00", SESSION + timedelta(days=2))
    await house.steps(6)
    assert house.swept == []


async def test_after_the_last_trade_each_pool_gets_its_final_frame() -> None:
    house = House()
    house.clock.set("18:10:00")
    await house.steps()
    assert [(one.venue, one.kinds) for one in house.swept] == POOLS[:2]
    house.clock.set("20:10:00")
    await house.steps()
    assert [(one.venue, one.kinds) for one in house.swept] == POOLS
    assert await house.archive.sessions(Venue.NXT, STOCKS) == (SESSION,)


async def test_a_final_frame_with_gaps_is_tried_three_times_ten_minutes_apart() -> None:
    house = House(archives=False)
    for clock in ("20:10:00", "20:11:00", "20:21:00", "20:35:00", "20:50:00"):
        house.clock.set(clock)
        await house.steps()
    assert len(house.swept) == 3 * len(POOLS)


async def test_flows_are_harvested_at_a_quarter_to_four_and_when_they_are_final() -> (
    None
):
    house = House()
    house.investors.amounts[Venue.KRX, A.ticker] = {SESSION: 1000}
    runs = {"15:40": 0, "15:45": 1, "16:30": 0, "18:10": 1, "20:10": 1, "22:00": 0}
    found = {}
    for clock in runs:
        house.clock.set(clock)
        found[clock] = (await house.steps()).count("harvest")
    assert found == runs
    flows = await house.archive.flows(Venue.KRX, SESSION)
    assert flows is not None
    assert flows.is_final


async def test_before_the_open_the_day_before_is_harvested_as_final() -> None:
    house = House()
    house.clock.set("08:10")
    house.investors.amounts[Venue.KRX, A.ticker] = {BEFORE: 1000}
    assert "harvest" in await house.steps()
    flows = await house.archive.flows(Venue.KRX, BEFORE)
    assert flows is not None
    assert flows.is_final


async def test_profiles_leave_the_first_half_hour_to_the_sweeps() -> None:
    house = House()
    house.clock.set("09:10")
    assert "profiles" not in await house.steps()
    house.clock.set("09:31")
    assert "profiles" in await house.steps()
    assert sorted(house.profiles.asked) == ["000001", "069500"]
    assert "profiles" not in await house.steps(), "once a session"


async def test_missing_sessions_are_filled_once_for_each_newest_session() -> None:
    house = House()
    house.clock.set("08:10")
    house.bars.has("000001", BEFORE, value=5)
    assert (await house.steps()).count("history") == 1
    assert await house.archive.sessions(Venue.KRX, STOCKS) == (BEFORE,)
    asked = len(house.bars.asked)
    assert "history" not in await house.steps(), "two days had no bars: no use"
    house.clock.set("08:10", next_session())
    assert "history" in await house.steps()
    assert len(house.bars.asked) > asked


async def test_todays_bars_are_left_to_the_final_sweep() -> None:
    house = House(breaks=True)
    house.bars.has("000001", SESSION, value=5)
    house.clock.set("20:15")
    assert "history" not in await house.steps()
    house.clock.set("20:45")
    assert "history" in await house.steps()


async def test_frames_between_are_let_go_but_of_twenty_sessions_and_the_newest() -> (
    None
):
    house = House()
    house.clock.set("10:00")
    calendar, day = FakeCalendar(), SESSION
    for _ in range(22):
        await house.archive.keep_frame(frame({A: 1}, session=day, kinds=STOCKS))
        day = calendar.previous(day).day
    assert (await house.steps(20)).count("forget_instants") == 1
    assert len({day for _, day in house.archive.between}) == 20 + 1


async def test_only_the_holder_of_the_lease_keeps_house() -> None:
    house = House(lease=OneLease(is_free=False))
    house.clock.set("10:00")
    assert await house.steps(3) == []
    house.lease.is_free = True
    assert await house.steps(1) == ["forget_instants"]
    await house.upkeep.close()
    assert not house.lease.held


async def test_a_chore_that_fails_is_said_rests_and_the_others_go_on() -> None:
    house = House(breaks=True)
    house.clock.set("18:10:00")
    begun = await house.steps(4)
    assert begun[:2] == ["sweep_final", "forget_instants"]
    event, facts = house.journal.said[0]
    assert (event, facts["chore"], facts["rests_for"]) == (
        "upkeep.failed",
        "sweep_final",
        30,
    )
    house.seconds = 29
    assert "sweep_final" not in await house.steps(2)
    house.breaks, house.seconds = False, 30
    assert "sweep_final" in await house.steps(2)
