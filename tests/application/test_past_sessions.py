"""Questions about a past session, and the archive in place of a broker that is gone."""

from datetime import date

import pytest

from application.find_unusual_volume import UnusualVolumeQuery
from application.question import Question
from application.rank_by_growth import GrowthQuery
from application.rank_by_investor import InvestorQuery
from application.rank_by_trading_value import RankingQuery
from application.rank_sectors import SectorQuery
from domain.errors import InvalidRequestError, MarketDataUnavailableError
from domain.investors import Investor
from domain.listing import Shares, Venue
from domain.profile import Profile
from domain.screening import Universe
from tests.application.archive_fake import flow, investor_flows
from tests.application.question_scene import PastScene
from tests.application.scene import KRX, NXT
from tests.builders import BEFORE, SESSION, at, listing
from tests.fakes import FakeCalendar

FOUR = {"005930": 400, "000660": 500, "086520": 100, "196170": 600}
SATURDAY = date(2026, 8, 15)


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (date(2026, 8, 21), "아직 열리지 않은 날"),
        (date.max, "아직 열리지 않은 날"),
        (SATURDAY, "가까운 거래일은 2026-08-14, 2026-08-17"),
        (date(2026, 8, 18), "가까운 거래일은 2026-08-17, 2026-08-19"),
        (date(1999, 1, 4), "2005-01-27"),
        (date.min, "2005-01-27"),
    ],
)
async def test_a_session_is_a_trading_day_that_has_been(
    session: date, told: str
) -> None:
    scene = PastScene(calendar=FakeCalendar(closed=[date(2026, 8, 18)]))

    with pytest.raises(InvalidRequestError, match=told) as caught:
        await scene.rank(RankingQuery(session=session))

    assert caught.value.parameter == "session"


async def test_a_weekend_that_is_over_is_not_a_day_to_come() -> None:
    scene = PastScene()
    scene.clock.set("12:00", date(2026, 8, 16))

    with pytest.raises(InvalidRequestError, match="거래일이 아닙니다") as caught:
        await scene.rank(RankingQuery(session=SATURDAY))

    assert str(caught.value).endswith("2026-08-14입니다.")


async def test_today_before_the_open_is_still_to_come() -> None:
    scene = PastScene()
    scene.clock.set("08:30")

    with pytest.raises(InvalidRequestError, match="가장 최근 거래일 2026-08-19"):
        await scene.rank(RankingQuery(session=SESSION))


async def test_nxt_alone_has_no_session_before_it_was() -> None:
    scene = PastScene()

    with pytest.raises(InvalidRequestError, match="NXT는 2025-03-04부터"):
        await scene.rank(RankingQuery(session=date(2025, 2, 3), universe=NXT))


async def test_before_nxt_krx_is_the_whole_market() -> None:
    scene = PastScene()
    day = date(2025, 2, 3)
    scene.archived(FOUR, day=day)

    answer = await scene.rank(RankingQuery(session=day))

    assert [x.quote.listing.ticker for x in answer.rows] == [
        "196170",
        "000660",
        "005930",  # which trades on NXT today
        "086520",
    ]
    assert answer.totals.total == 1_600
    assert answer.as_of.venue is Venue.ALL


async def test_a_session_without_its_nxt_part_is_not_half_answered() -> None:
    scene = PastScene()
    scene.archived(FOUR)

    with pytest.raises(MarketDataUnavailableError, match="backfill"):
        await scene.rank(RankingQuery(session=BEFORE))

    assert (await scene.rank(RankingQuery(session=BEFORE, universe=KRX))).total == 4


async def test_a_past_session_asks_the_broker_for_no_quote() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)

    said = (await scene.rank(RankingQuery(session=BEFORE))).as_of

    assert (said.session, said.is_final, said.stale) == (BEFORE, True, False)
    assert not {x for x in scene.quotes.calls if x.startswith("sweep")}


async def test_the_newest_session_is_the_current_market() -> None:
    scene = PastScene()

    assert (await scene.rank(RankingQuery(session=SESSION))).total == 4


async def test_another_session_never_answers_for_the_one_asked_for() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    scene.broker_is_gone()

    with pytest.raises(MarketDataUnavailableError, match="아직 받지 못했습니다"):
        await scene.rank(RankingQuery(session=SESSION))


async def test_named_stocks_are_found_on_the_day_they_were_listed() -> None:
    scene = PastScene()
    gone = listing("900000", name="사라진회사")
    scene.quotes.listed = type(scene.quotes.listed).of([*scene.quotes.listed, gone])
    scene.archived(FOUR | {"900000": 550})
    scene.quotes.listed = type(scene.quotes.listed).of(
        x for x in scene.quotes.listed if x is not gone
    )

    answer = await scene.rank(
        RankingQuery(session=BEFORE, universe=KRX, stocks=("사라진회사",))
    )

    assert [(x.rank, x.quote.listing.ticker) for x in answer.rows] == [(2, "900000")]


# -- the broker is gone ------------------------------------------------------------


def filled(scene: PastScene) -> None:
    """Everything a server archives of a day."""
    scene.whole_days(dict.fromkeys(FOUR, 200_000_000), *scene.sessions_before(21)[:-1])
    scene.whole_days(dict.fromkeys(FOUR, 900_000_000), BEFORE)
    for venue in (Venue.KRX, Venue.NXT):
        stocks = scene.stocks(venue)
        both = {x.ticker: flow(6_000_000, 4_000_000) for x in stocks}
        flows = dict.fromkeys(Investor, both)
        scene.archive.hold_flows(investor_flows(stocks, BEFORE, flows, venue=venue))
    scene.profiles.found = {
        x.ticker: Profile(
            ticker=x.ticker, read_at=at("16:00", BEFORE), listed_shares=Shares(9)
        )
        for x in scene.stocks()
    }


@pytest.mark.parametrize("stocks", [(), ("000660",)])
async def test_from_a_filled_archive_every_question_is_answered_and_marked(
    stocks: tuple[str, ...],
) -> None:
    scene = PastScene()
    filled(scene)
    scene.broker_is_gone()

    ranked = await scene.rank(RankingQuery(stocks=stocks))
    grown = await scene.growth(GrowthQuery(stocks=stocks))
    flows = await scene.by_investor(InvestorQuery(stocks=stocks))
    sectors = await scene.sectors(SectorQuery(stocks=stocks))
    caps = await scene.caps(Question(stocks=stocks))
    unusual = await scene.unusual(UnusualVolumeQuery(stocks=stocks))

    answers = (ranked, grown, flows, sectors, caps, unusual)
    for said in [answer.as_of for answer in answers]:
        assert (said.session, said.is_final, said.stale) == (BEFORE, True, True)
        assert f"보관된 {BEFORE} 확정 시세" in said.notes[0]
    rows = [ranked.rows, grown.rows, flows.rows, sectors.rows, caps.rows]
    assert all(rows)
    assert unusual.scanned == 4


async def test_before_the_open_the_archive_answers_and_is_not_stale() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    scene.clock.set("08:00")

    said = (await scene.rank(RankingQuery())).as_of

    assert (said.session, said.is_final, said.stale) == (BEFORE, True, False)


async def test_the_archive_goes_before_what_was_kept_of_an_older_day() -> None:
    scene = PastScene()
    day = scene.sessions_before(2)[0]
    scene.clock.set("14:00", day)
    scene.quotes.day = day
    await scene.market.seen(Universe())
    scene.clock.set("10:30", SESSION)
    scene.whole_days(FOUR, BEFORE)
    scene.broker_is_gone()

    said = (await scene.rank(RankingQuery())).as_of

    assert (said.session, said.is_final, said.stale) == (BEFORE, True, True)


async def test_when_the_archive_is_lost_too_the_broker_is_the_news() -> None:
    scene = PastScene()
    scene.archive.is_lost = True
    scene.broker_is_gone()

    with pytest.raises(MarketDataUnavailableError, match="증권사가 답하지"):
        await scene.rank(RankingQuery())


async def test_a_lost_archive_keeps_nobody_from_the_current_market() -> None:
    scene = PastScene()
    scene.archive.is_lost = True
    scene.profiles.found = {
        "005930": Profile(
            ticker=listing("005930").ticker,
            read_at=at("09:00"),
            listed_shares=Shares(9),
        )
    }

    by_value = await scene.rank(RankingQuery())
    by_sector = await scene.sectors(SectorQuery())
    by_cap = await scene.caps(Question())

    assert (by_value.total, len(by_sector.rows), by_cap.total) == (4, 2, 1)
    for answer in (by_value, by_sector, by_cap):
        assert not answer.as_of.stale
        assert any("보관소가 답하지" in note for note in answer.as_of.notes)
