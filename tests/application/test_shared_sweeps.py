"""Several processes on one publication: one sweeps, the others take its frame."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from typing_extensions import override

from application.current_market import CurrentMarket
from application.frame_shelf import FrameShelf
from application.ports.turns import Turn, Turns
from application.shared_sweeps import SharedSweeper, Swept
from application.sweeping import STOCKS
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Venue
from tests.application.scene import BROKEN, KRX, Scene, settled, values
from tests.builders import BEFORE, SESSION, at
from tests.fakes import FakeKeptFrames

POOL = (Venue.KRX, STOCKS)
SOON = 20.0


@dataclass
class OneTurn(Turns, Turn):
    """One turn for every name, which a test may have itself.

    Attributes:
        is_free: Nobody has it.
        tries: How often it was asked for.
    """

    is_free: bool = True
    tries: int = 0
    asked: list[str] = field(default_factory=list)

    @override
    async def take(self, name: str) -> Turn | None:
        self.tries += 1
        self.asked.append(name)
        if not self.is_free:
            return None
        self.is_free = False
        return self

    @override
    async def end(self) -> None:
        self.is_free = True


@dataclass
class Processes:
    """Any number of them over one broker, one publication and one turn."""

    scene: Scene = field(default_factory=Scene)
    turn: OneTurn = field(default_factory=OneTurn)

    def process(self) -> CurrentMarket:
        return CurrentMarket(
            sweeper=self.scene.sweeper,
            kept=self.scene.kept,
            timeliness=self.scene.timeliness,
            turns=self.turn,
        )

    def sweeper(self, longest_wait: float = SOON) -> SharedSweeper:
        return SharedSweeper(
            sweeper=self.scene.sweeper,
            kept=self.scene.kept,
            turns=self.turn,
            longest_wait=longest_wait,
        )

    async def published(self, clock: str, **moves: int) -> MarketFrame:
        """What another process has swept and published at a time."""
        now = self.scene.clock.instant
        self.scene.clock.set(clock)
        self.scene.moves(**moves)
        frame = await self.scene.sweeper.sweep(POOL, None)
        await self.scene.kept.keep(frame)
        self.scene.clock.instant = now
        self.scene.quotes.calls.clear()
        return frame

    async def waits(self) -> None:
        """Until somebody has asked for the turn and was told to wait."""
        before = self.turn.tries
        async with asyncio.timeout(SOON):
            while self.turn.tries < before + 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def looks_at_every_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.frame_shelf.LOOK_SECONDS", 0.0)


# -- one sweep -----------------------------------------------------------------------


async def test_three_cold_processes_cost_one_sweep() -> None:
    many = Processes()
    markets = [many.process() for _ in range(3)]

    seen = await asyncio.gather(*(market.seen(KRX) for market in markets))

    assert many.scene.sweeps == {"KRX": 1}
    assert [values(one.frame)["005930"] for one in seen] == [900_000] * 3
    assert len(many.scene.kept.kept) == 1
    assert many.turn.is_free


async def test_a_pools_turn_bears_its_name() -> None:
    many = Processes()
    await many.process().seen(KRX)
    assert many.turn.asked == ["sweep-krx-stock"]


async def test_who_waits_takes_the_frame_before_the_turn_is_let_go() -> None:
    many = Processes(turn=OneTurn(is_free=False))
    waiting = asyncio.create_task(many.process().seen(KRX))
    await many.waits()

    await many.published("10:30", k005930=950_000)

    assert values((await waiting).frame)["005930"] == 950_000
    assert not many.scene.sweeps
    assert not many.turn.is_free, "the other has it still"


async def test_what_is_published_already_is_taken_without_a_turn() -> None:
    many = Processes()
    theirs = await many.published("10:29:30")
    assert await many.sweeper().sweep(POOL, None) == Swept(theirs, is_ours=False)
    assert not many.turn.tries


async def test_a_turn_that_nobody_gives_up_is_not_waited_for_for_ever() -> None:
    many = Processes(turn=OneTurn(is_free=False))
    swept = await many.sweeper(longest_wait=0.2).sweep(POOL, None)
    assert swept.is_ours
    assert not many.turn.is_free, "it was another's, and still is"


async def test_a_dead_holders_turn_passes_on() -> None:
    many = Processes(turn=OneTurn(is_free=False))
    waiting = asyncio.create_task(many.sweeper().sweep(POOL, None))
    await many.waits()
    many.turn.is_free = True
    assert (await waiting).is_ours
    assert many.turn.is_free


async def test_a_sweep_that_fails_lets_the_turn_go() -> None:
    many = Processes()
    many.scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await many.sweeper().sweep(POOL, None)
    assert many.turn.is_free
    assert not many.scene.kept.kept


async def test_a_sweep_that_is_cut_short_lets_the_turn_go() -> None:
    many = Processes()
    many.scene.quotes.gates["sweep"] = asyncio.Event()
    market = many.process()
    asking = asyncio.create_task(market.seen(KRX))
    await settled()
    assert not many.turn.is_free
    await market.close()
    await asyncio.gather(asking, return_exceptions=True)
    assert many.turn.is_free


# -- what serves in place of a sweep ---------------------------------------------------


async def test_a_published_frame_that_is_not_fresh_is_what_a_sweep_follows() -> None:
    many = Processes()
    await many.published("10:28", k005930=950_000)
    many.scene.quotes.lost.add("005930")

    swept = await many.sweeper().sweep(POOL, None)

    assert swept.is_ours
    row = swept.frame.listings.row_of["005930"]
    assert swept.frame.carried[row], "its gaps are filled from the published one"
    assert int(swept.frame.trading_value[row]) == 950_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": at("10:30:01")},
        {"session": at("10:30").date().replace(day=21)},
        {"venue": Venue.NXT},
        {"kinds": frozenset[object]()},
    ],
)
async def test_a_frame_of_a_time_to_come_or_of_another_pool_is_not_taken(
    wrong: dict[str, object],
) -> None:
    many = Processes()
    theirs = replace(await many.published("10:30"), **wrong)  # type: ignore[arg-type]

    class Any(FakeKeptFrames):
        @override
        async def newer(self, *_: object) -> MarketFrame:
            return theirs

    swept = await replace(many.sweeper(), kept=Any()).sweep(POOL, None)
    assert swept.is_ours


async def test_a_frame_whose_values_ran_back_is_not_taken() -> None:
    many = Processes()
    held = await many.published("10:28")
    fallen = dict.fromkeys(("k005930", "k000660", "k086520", "k196170"), 1)
    await many.published("10:29:45", **fallen)
    many.scene.moves(k005930=900_000, k000660=700_000, k086520=500_000, k196170=300_000)
    swept = await many.sweeper().sweep(POOL, held)
    assert swept.is_ours


async def test_listings_that_are_the_same_stay_the_same_object() -> None:
    many = Processes()
    held = await many.published("10:28")
    held = replace(held, listings=replace(held.listings))
    theirs = await many.published("10:29:45")
    taken = (await many.sweeper().sweep(POOL, held)).frame
    assert taken == theirs
    assert taken.listings is held.listings
    assert taken.listings is not theirs.listings


# -- forced sweeps ---------------------------------------------------------------------


async def test_another_processs_older_sweep_is_no_forced_one() -> None:
    many = Processes()
    await many.published("10:29:59")
    assert (await many.sweeper().sweep(POOL, None, since=at("10:30"))).is_ours


async def test_a_forced_sweep_does_not_take_what_was_there_before() -> None:
    many = Processes()
    await many.published("10:29:59")
    await many.process().refresh(KRX)
    assert many.scene.sweeps == {"KRX": 1}


async def test_a_forced_sweep_takes_one_that_began_after_it_was_asked_for() -> None:
    many = Processes(turn=OneTurn(is_free=False))
    asking = asyncio.create_task(many.process().refresh(KRX))
    await many.waits()
    many.scene.clock.advance(5)
    await many.published("10:30:02")
    await asking
    assert not many.scene.sweeps


async def test_a_forced_sweep_is_made_though_one_that_ran_took_an_older_frame() -> None:
    many = Processes(turn=OneTurn(is_free=False))
    market = many.process()
    seeing = asyncio.create_task(market.seen(KRX))
    await many.waits()
    forced = asyncio.create_task(market.refresh(KRX))
    await settled()
    await many.published("10:29:59")
    many.turn.is_free = True
    await asyncio.gather(seeing, forced)
    assert many.scene.sweeps == {"KRX": 1}


# -- following another process ---------------------------------------------------------


async def test_an_idle_process_follows_without_sweeping() -> None:
    many = Processes()
    market = many.process()
    await market.seen(KRX)
    for minute in (32, 34, 36):
        await many.published(f"10:{minute}", k005930=900_000 + minute)
        many.scene.clock.set(f"10:{minute}")
        seen = await market.seen(KRX)
        assert seen.frame.as_of == at(f"10:{minute}")
        assert not seen.stale
    assert not many.scene.sweeps
    assert len(many.scene.kept.kept) == 1, "taken, not published again"


async def test_a_fresh_frame_is_not_looked_behind() -> None:
    many = Processes()
    market = many.process()
    await market.seen(KRX)
    await many.published("10:30:20", k005930=950_000)
    many.scene.clock.set("10:30:40")
    assert values((await market.seen(KRX)).frame)["005930"] == 900_000


async def test_anothers_frame_ends_our_failure() -> None:
    many = Processes()
    market = many.process()
    many.scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await market.seen(KRX)
    assert market.failure(KRX) is not None
    many.scene.quotes.fails.clear()
    await many.published("10:30")
    assert not (await market.seen(KRX)).stale
    assert market.failure(KRX) is None


async def test_before_the_open_anothers_final_frame_is_found() -> None:
    many = Processes()
    many.scene.clock.set("19:00", BEFORE)
    many.scene.quotes.day = BEFORE
    market = many.process()
    await market.seen(KRX)
    many.scene.clock.set("21:00", BEFORE)
    await many.process().seen(KRX)
    many.scene.clock.set("07:30", SESSION)
    many.scene.quotes.calls.clear()
    seen = await market.seen(KRX)
    assert (seen.frame.session, seen.frame.is_final, seen.stale) == (
        BEFORE,
        True,
        False,
    )
    assert not many.scene.sweeps


async def test_many_questions_in_a_row_look_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("application.frame_shelf.LOOK_SECONDS", 3600.0)
    many = Processes()
    looks: list[object] = []

    class Counted(FakeKeptFrames):
        @override
        async def newer(self, *asked: object) -> None:
            looks.append(asked)

    shelf = FrameShelf(kept=Counted(), timeliness=many.scene.timeliness)
    for _ in range(5):
        await shelf.recall([POOL])
    assert len(looks) == 1


async def test_a_frame_of_a_time_to_come_does_not_replace_ours() -> None:
    """Another replica's clock may be ahead, or ours was set back."""
    many = Processes()
    market = many.process()
    ours = (await market.seen(KRX)).frame
    many.scene.clock.advance(61)
    await many.published("10:31:02", k005930=950_000)
    await market.holds(KRX)
    assert market.newest(KRX) == (ours,)
