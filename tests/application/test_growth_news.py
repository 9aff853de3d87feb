"""News and disclosures beside the rows of growth."""

import asyncio

from application.rank_by_growth import GrowthQuery, GrowthRanking
from application.timeliness import Freshness
from tests.application.question_scene import PastScene
from tests.application.scene import IMPATIENT, settled
from tests.builders import BEFORE, SESSION, at


def compared(scene: PastScene) -> PastScene:
    """With a session to be compared with; 086520 has grown most."""
    values = {"005930": 4, "000660": 5, "086520": 1, "196170": 6}
    scene.whole_days(values, BEFORE, clock="10:30")
    return scene


def notes(answer: GrowthRanking) -> str:
    return "\n".join(answer.as_of.notes)


async def test_titles_are_counted_since_the_close_before() -> None:
    scene = compared(PastScene())
    scene.titles.of = {"086520"}

    first, second, *_ = (await scene.growth(GrowthQuery())).rows

    assert first.news is not None
    assert (first.news.news, first.news.disclosures) == (1, 2)
    assert second.news is not None
    assert (second.news.news, second.news.disclosures) == (0, 0)
    assert {x[1:] for x in scene.titles.windows} == {
        (at("15:30", BEFORE), at("10:30", SESSION))
    }


async def test_titles_that_come_late_are_null_and_counted_the_next_time() -> None:
    scene = compared(PastScene(freshness=Freshness(patience=IMPATIENT)))
    scene.titles.gate = asyncio.Event()

    late = await scene.growth(GrowthQuery())
    scene.titles.gate.set()
    await settled()
    later = await scene.growth(GrowthQuery())

    assert [x.news for x in late.rows] == [None] * 4
    assert "4종목은 뉴스를 제때 받지 못해" in notes(late)
    assert all(x.news is not None for x in later.rows)


async def test_pages_that_were_cut_are_said() -> None:
    scene = compared(PastScene())
    scene.titles.is_cut = True

    assert "news_count는 그 이상" in notes(await scene.growth(GrowthQuery()))


async def test_titles_that_nobody_wants_are_not_asked_for() -> None:
    scene = compared(PastScene())

    answer = await scene.growth(GrowthQuery(with_news=False))

    assert not scene.titles.windows
    assert "뉴스" not in notes(answer)
