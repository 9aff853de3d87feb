"""The watcher over the market itself: what questions find, what is kept of a day."""

import contextlib

from application.archived_frames import ArchivedFrames
from application.current_market import CurrentMarket
from application.frame_chores import SweepFinals
from application.sweeping import PRODUCTS, STOCKS
from application.watch_market import WatchMarket
from domain.listing import Venue
from tests.application.memory_archive import MemoryArchive
from tests.application.past_fakes import OneLease
from tests.application.scene import ALL, FUNDS, SAMSUNG, Scene, values
from tests.application.watch_scene import Journal, PassingTime, at_work
from tests.builders import SESSION, at


class Watched:
    """The market of a scene, its archive and its watcher."""

    def __init__(self, clock: str) -> None:
        self.scene = Scene()
        self.scene.clock.set(clock)
        self.time = PassingTime(clock=self.scene.clock)
        self.archive, self.journal = MemoryArchive(), Journal()
        self.market = CurrentMarket(
            sweeper=self.scene.sweeper,
            kept=ArchivedFrames(
                kept=self.scene.kept,
                archive=self.archive,
                timeliness=self.scene.timeliness,
                journal=self.journal,
            ),
            timeliness=self.scene.timeliness,
        )
        self.watcher = WatchMarket(
            market=self.market,
            lease=OneLease(),
            timeliness=self.scene.timeliness,
            journal=self.journal,
            want=self.scene.profiles.want,
            finals=SweepFinals(
                sweep=self.market.refresh,
                frames=self.archive,
                timeliness=self.scene.timeliness,
            ),
            elapsed=lambda: self.time.seconds,
            sleep=self.time.sleep,
        )

    def running(self) -> contextlib.AbstractAsyncContextManager[PassingTime]:
        return at_work(self.watcher, self.time)


async def test_a_question_finds_a_fresh_frame_and_sweeps_nothing() -> None:
    watched = Watched("10:00")
    async with watched.running() as time:
        for clock in ("10:05:30", "10:17:50", "10:44:10"):
            watched.scene.moves(k005930=int(clock[3:5]) * 1_000_000)
            await time.until(clock)
            before = watched.scene.sweeps
            sighting = await watched.market.seen(ALL)
            assert not sighting.stale
            assert watched.scene.timeliness.is_fresh(sighting.frame)
            assert values(sighting.frame)["005930"] > int(clock[3:5]) * 1_000_000
            assert watched.scene.sweeps == before


async def test_the_leaders_profiles_are_read_ahead() -> None:
    watched = Watched("10:00")
    async with watched.running() as time:
        await time.until("10:00:05")
    assert SAMSUNG.ticker in watched.scene.profiles.wanted


async def test_every_pool_gets_its_final_frame_once_and_then_there_is_silence() -> None:
    watched = Watched("18:00")
    async with watched.running() as time:
        await time.until("20:45")
        calls = watched.scene.quotes.calls.copy()
        await time.until("23:00")
        assert watched.scene.quotes.calls == calls
    # No product trades on NXT: a frame that lists nothing is not kept.
    for pool in ((Venue.KRX, STOCKS), (Venue.NXT, STOCKS), (Venue.KRX, PRODUCTS)):
        assert await watched.archive.sessions(*pool) == (SESSION,)
    sighting = await watched.market.seen(ALL)
    assert (sighting.frame.is_final, sighting.stale) == (True, False)
    assert sighting.frame.as_of == at("18:10")  # the older of both venues
    assert (await watched.market.seen(FUNDS)).frame.is_final


async def test_only_the_chore_sweeps_after_the_last_trade() -> None:
    watched = Watched("18:00")
    async with watched.running() as time:
        await time.until("18:09:30")
        before = watched.scene.sweeps["KRX"]
        await time.until("18:20")
    # stocks and products once each; another sweep may have begun before 18:10
    assert 2 <= watched.scene.sweeps["KRX"] - before <= 3
