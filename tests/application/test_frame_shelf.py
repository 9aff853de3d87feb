"""What the shelf holds, and what it gives for a session."""

from application.frame_shelf import FrameShelf
from application.sweeping import STOCKS
from domain.listing import Venue
from tests.application.scene import Scene
from tests.builders import BEFORE, SESSION, at, frame
from tests.fakes import FakeKeptFrames

POOL = (Venue.KRX, STOCKS)


def shelf() -> FrameShelf:
    return FrameShelf(kept=FakeKeptFrames(), timeliness=Scene().timeliness)


async def test_two_sessions_are_held_and_the_newest_is_given() -> None:
    held = shelf()
    for day in (BEFORE, SESSION):
        held.put(POOL, frame({"005930": 1}, session=day, as_of=at("10:00")))

    newest = held.newest(POOL)

    assert newest is not None
    assert newest.session == SESSION
    assert held.common_session([POOL]) == SESSION


async def test_the_same_parts_are_put_together_once() -> None:
    held = shelf()
    pools = [POOL, (Venue.NXT, STOCKS)]
    for venue, _ in pools:
        seen = frame({"005930": 1}, venue=venue, as_of=at("10:00"))
        held.put((venue, STOCKS), seen)

    first = held.whole(pools, SESSION, Venue.ALL)

    assert held.whole(pools, SESSION, Venue.ALL) is first


async def test_nothing_is_common_to_a_pool_without_a_frame() -> None:
    held = shelf()
    held.put(POOL, frame({"005930": 1}, as_of=at("10:00")))

    assert held.common_session([POOL, (Venue.NXT, STOCKS)]) is None
