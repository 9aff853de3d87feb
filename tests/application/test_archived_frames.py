"""What goes to the archive beside the kept frames, and what a bad archive costs."""

import asyncio
from datetime import timedelta

from typing_extensions import override

from application.archived_frames import ArchivedFrames
from application.sweeping import STOCKS
from domain.frame import MarketFrame
from domain.listing import Venue
from tests.application.archive_fake import PastArchive
from tests.application.past_fakes import NotedJournal
from tests.application.scene import Scene, settled
from tests.builders import BEFORE, SESSION, at, frame
from tests.fakes import FakeKeptFrames


class SlowArchive(PastArchive):
    """Keeps nothing before its gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    @override
    async def keep_frame(self, frame: MarketFrame) -> None:
        await self.gate.wait()
        await super().keep_frame(frame)


def frames_over(archive: PastArchive) -> ArchivedFrames:
    return ArchivedFrames(
        kept=FakeKeptFrames(),
        archive=archive,
        timeliness=Scene().timeliness,
        journal=NotedJournal(),
        patience=timedelta(milliseconds=20),
    )


def swept(clock: str, *, is_final: bool = False) -> MarketFrame:
    return frame({"005930": 1}, as_of=at(clock), kinds=STOCKS, is_final=is_final)


async def test_one_frame_of_each_slot_is_archived_and_every_one_kept() -> None:
    archive = PastArchive()
    frames = frames_over(archive)

    for clock in ("10:30", "10:31", "10:34", "10:35", "10:36"):
        await frames.keep(swept(clock))

    instants = await archive.instants(Venue.KRX, STOCKS, SESSION)
    assert instants == (at("10:30"), at("10:35"))
    (last,) = await frames.last(Venue.KRX, STOCKS)
    assert last.as_of == at("10:36")


async def test_another_process_knows_the_slots_that_are_taken() -> None:
    archive = PastArchive()
    await frames_over(archive).keep(swept("10:30"))

    await frames_over(archive).keep(swept("10:32"))

    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == (at("10:30"),)


async def test_final_frames_are_always_archived() -> None:
    archive = PastArchive()
    frames = frames_over(archive)

    await frames.keep(swept("20:11", is_final=True))
    await frames.keep(swept("20:12", is_final=True))

    found = await archive.final_frame(Venue.KRX, STOCKS, SESSION)
    assert found is not None
    assert found.as_of == at("20:12")


async def test_an_archive_that_fails_is_noted_and_the_slot_tried_again() -> None:
    archive = PastArchive()
    frames = frames_over(archive)
    archive.is_lost = True
    await frames.keep(swept("10:30"))
    archive.is_lost = False

    await frames.keep(swept("10:31"))

    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == (at("10:31"),)
    assert isinstance(frames.journal, NotedJournal)
    assert [event for event, _ in frames.journal.said] == ["archive.frame_not_kept"]


async def test_an_archive_that_hangs_holds_up_nobody() -> None:
    archive = SlowArchive()
    frames = frames_over(archive)

    await frames.keep(swept("10:30"))
    await frames.keep(swept("10:35"))  # left out: the one before is still on its way
    await frames.keep(swept("20:11", is_final=True))
    archive.gate.set()
    await settled()

    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == (at("10:30"),)
    assert await archive.final_frame(Venue.KRX, STOCKS, SESSION) is not None
    await frames.close()


async def test_a_day_without_a_session_is_not_archived() -> None:
    archive = PastArchive()
    frames = frames_over(archive)
    saturday = BEFORE.replace(day=15)

    await frames.keep(frame({"005930": 1}, session=saturday, kinds=STOCKS))

    assert not archive.reads


async def test_what_is_archived_outlives_the_frames_that_are_let_go() -> None:
    archive = PastArchive()
    frames = frames_over(archive)
    await frames.keep(swept("10:30"))

    assert await frames.forget() == 1

    assert await frames.last(Venue.KRX, STOCKS) == ()
    assert await archive.instants(Venue.KRX, STOCKS, SESSION) == (at("10:30"),)
