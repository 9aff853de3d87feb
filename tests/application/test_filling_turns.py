"""A server's slow filling beside a command that fills at once."""

from application.sweeping import STOCKS
from domain.listing import Venue
from tests.application.test_chores import House
from tests.builders import BEFORE


async def test_nothing_is_filled_while_somebody_else_fills_at_once() -> None:
    house = House()
    house.clock.set("08:10")
    house.turn.is_free = False
    assert "history" not in await house.steps()
    house.turn.is_free = True
    assert "history" in await house.steps()
    assert not house.turn.held, "looked at, never taken"


async def test_filling_gives_way_to_somebody_who_fills_at_once() -> None:
    house = House()
    house.clock.set("08:10")
    house.bars.has("000001", BEFORE, value=5)
    hold, looks = house.turn.hold, iter((True, True, False))

    async def looked_at() -> bool:
        return next(looks, False) and await hold()

    house.turn.hold = looked_at  # type: ignore[method-assign]
    await house.steps()
    assert not house.archive.finals
    assert not house.journal.said, "no failure"
    house.turn.hold = hold  # type: ignore[method-assign]
    await house.steps()
    assert await house.archive.sessions(Venue.KRX, STOCKS) == (BEFORE,)
