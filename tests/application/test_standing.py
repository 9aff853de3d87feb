"""While what an answer stands on is the same, its token is; else it is another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from application.standing import LOOKED, Standing
from domain.errors import MarketDataUnavailableError
from tests.application.question_scene import PastScene
from tests.application.scene import ALL, BROKEN, KRX, next_session
from tests.builders import BEFORE, SESSION

TOOL = "get_volume_ranking"


@dataclass
class Grown:
    """What is filled behind answers."""

    version: int = 0


@dataclass(kw_only=True)
class Standings(PastScene):
    """A market, and who tells whether an answer of it still stands.

    Attributes:
        loop_time: By which a look is good for a while.
    """

    book: Grown = field(default_factory=Grown)
    news: Grown = field(default_factory=Grown)
    loop_time: float = 100.0

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.standing = Standing(
            view=self.view, grows={TOOL: (self.book, self.news), "other": (self.news,)}
        )

    async def token(self, tool: str = TOOL) -> str | None:
        """Of all stocks, seen anew."""
        self.loop_time += LOOKED
        return await self.standing.token(tool, ALL, None)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Standings:
    made = Standings()
    monkeypatch.setattr("application.standing.now", lambda: made.loop_time)
    return made


async def test_it_is_the_same_while_nothing_changes(scene: Standings) -> None:
    await scene.market.seen(ALL)
    first = await scene.token()
    scene.clock.advance(29)
    assert first is not None
    assert await scene.token() == first
    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def swept_again(scene: Standings) -> None:
    scene.clock.advance(1)
    await scene.market.refresh(ALL)


async def a_minute_later(scene: Standings) -> None:
    scene.clock.advance(60)


async def in_another_phase(scene: Standings) -> None:
    scene.clock.set("15:20")


async def with_more_profiles(scene: Standings) -> None:
    scene.book.version += 1


async def with_more_news(scene: Standings) -> None:
    scene.news.version += 1


async def after_a_failure(scene: Standings) -> None:
    scene.clock.advance(20)
    scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.refresh(ALL)
    scene.clock.advance(45)


@pytest.mark.parametrize(
    "change",
    [
        swept_again,
        a_minute_later,
        in_another_phase,
        with_more_profiles,
        with_more_news,
        after_a_failure,
    ],
)
async def test_it_is_another_once_something_did(
    scene: Standings, change: Callable[[Standings], Awaitable[None]]
) -> None:
    await scene.market.seen(ALL)
    first = await scene.token()
    await change(scene)
    assert await scene.token() != first


async def test_the_phase_alone_makes_another(
    scene: Standings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The morning's call auction begins over the last session's final figures."""
    monkeypatch.setattr("application.standing.MINUTE", 86_400)
    await scene.final_of_before()
    scene.clock.set("08:29:59")
    before = await scene.standing.token(TOOL, KRX, None)
    scene.clock.set("08:30")
    scene.loop_time += LOOKED
    after = await scene.standing.token(TOOL, KRX, None)
    assert before is not None
    assert after not in {None, before}


async def test_a_doubt_alone_makes_another(
    scene: Standings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.standing.MINUTE", 86_400)
    await scene.market.seen(ALL)
    before = await scene.token()
    scene.clock.advance(61)
    scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.refresh(ALL)
    assert await scene.token() not in {None, before}


async def test_what_a_tool_does_not_rest_on_is_nothing_to_it(scene: Standings) -> None:
    await scene.market.seen(ALL)
    other, plain = await scene.token("other"), await scene.token("plain")
    scene.book.version += 1
    assert await scene.token("other") == other
    scene.news.version += 1
    assert await scene.token("other") != other
    assert await scene.token("plain") == plain


async def test_another_universe_stands_on_frames_of_its_own(scene: Standings) -> None:
    await scene.market.seen(KRX)
    scene.quotes.gates["sweep"] = asyncio.Event()
    krx = await scene.standing.token(TOOL, KRX, None)
    assert krx is not None
    assert await scene.standing.token(TOOL, ALL, None) is None
    await scene.market.close()


async def test_while_nothing_is_swept_there_is_none(scene: Standings) -> None:
    scene.quotes.gates["sweep"] = asyncio.Event()
    assert await scene.token() is None
    assert scene.sweeps == {}


async def test_what_is_too_old_to_be_served_is_waited_for(scene: Standings) -> None:
    await scene.market.seen(ALL)
    scene.clock.advance(301)
    assert await scene.token() is None


async def test_before_the_open_with_nothing_kept_it_says_so(scene: Standings) -> None:
    scene.clock.set("07:00")
    with pytest.raises(MarketDataUnavailableError):
        await scene.token()


async def test_a_look_is_good_for_a_moment_and_versions_are_not_looked_up(
    scene: Standings,
) -> None:
    await scene.market.seen(ALL)
    first = await scene.token()
    await swept_again(scene)
    scene.loop_time += LOOKED * 0.99
    assert await scene.standing.token(TOOL, ALL, None) == first
    scene.book.version += 1
    assert await scene.standing.token(TOOL, ALL, None) != first
    scene.book.version -= 1
    scene.loop_time += LOOKED * 0.02
    assert await scene.standing.token(TOOL, ALL, None) != first


async def test_a_past_session_stands_whatever_is_swept(scene: Standings) -> None:
    first = await scene.standing.token(TOOL, ALL, BEFORE)
    await scene.market.seen(ALL)
    await swept_again(scene)
    scene.loop_time += LOOKED
    assert first is not None
    assert await scene.standing.token(TOOL, ALL, BEFORE) == first
    assert await scene.standing.token(TOOL, KRX, BEFORE) == first


async def test_a_past_session_is_found_anew_every_five_minutes_and_each_day(
    scene: Standings,
) -> None:
    first = await scene.standing.token(TOOL, ALL, BEFORE)
    scene.clock.advance(300)
    scene.loop_time += LOOKED
    second = await scene.standing.token(TOOL, ALL, BEFORE)
    scene.clock.set("10:31", next_session())
    scene.loop_time += LOOKED
    third = await scene.standing.token(TOOL, ALL, BEFORE)
    assert len({first, second, third}) == 3


async def test_the_running_session_by_its_date_is_the_current_market(
    scene: Standings,
) -> None:
    await scene.market.seen(ALL)
    assert await scene.standing.token(TOOL, ALL, SESSION) == await scene.token()
