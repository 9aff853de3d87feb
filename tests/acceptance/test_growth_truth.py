"""The ranking by growth, at every instant, equals the emulator's truth."""

import time
from datetime import date, datetime
from itertools import pairwise, product
from typing import Any

import pytest

from tests.acceptance.expected import FLAGS
from tests.acceptance.expected_growth import Growth, growth_of, signed
from tests.acceptance.instants import (
    ALL_KINDS,
    AT_ONE,
    CLOSED,
    EXAM,
    FROM_BARS,
    OPEN,
    OWN_FINAL,
    UNIVERSES,
    VENUES,
    WEEKEND,
    Asked,
    Row,
)
from tests.acceptance.past_values import PastValues
from tests.acceptance.prepared import THURSDAY
from tests.acceptance.served import Answer
from tests.acceptance.standing import Scene, scene_on, screened
from tests.kis_emulator.clock import KST
from tests.kis_emulator.headlines import headlines_on

pytestmark = pytest.mark.slow

TOOL = "get_volume_change_ranking"
FLOOR = 1_000_000_000
PAST_SESSIONS = [(OWN_FINAL, OWN_FINAL), (EXAM, EXAM), (FROM_BARS, THURSDAY)]
SCREENS: list[dict[str, Any]] = [
    {"kinds": ["ETF"]},
    {"kinds": ["ETN"], "venue": "KRX"},
    {"kinds": ALL_KINDS, "period": "5D"},
    {"exclude": list(FLAGS)},
    {"min_price": 5_000, "max_price": 20_000, "period": "5D"},
    {"min_trading_value": FLOOR},
    {"min_trading_value": 300_000_000, "market": "KOSDAQ", "period": "20D"},
]


def expected(
    past: PastValues,
    first: Answer,
    scene: Scene,
    *,
    period: str = "1D",
    min_baseline: int = 0,
    **question: Any,
) -> Growth:
    """The truth of a question, on the basis and by the instant that it tells."""
    names = [name for name in ("market", "venue", "kinds") if name in question]
    universe = {name: question.pop(name) for name in names}
    as_of = datetime.fromisoformat(first["timestamp"])
    return growth_of(
        past,
        screened(scene.standings(**universe), **question),
        venue=universe.get("venue", "ALL"),
        session=scene.session,
        period=period,
        as_of=as_of if first["basis"] == "same_time" else None,
        by_minute=first.basis == "candidates",
        min_baseline=min_baseline,
    )


def agree(rows: list[Row], first: Answer, truth: Growth) -> None:
    """Every row, its rank and the counts."""
    assert {row["stock_code"] for row in rows} == set(truth.ranked)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert first["summary"] == {
        "ranked": len(truth.ranked),
        "too_short_history": truth.too_short,
    }
    agree_in_part(rows, truth)


def agree_in_part(rows: list[Row], truth: Growth) -> None:
    """Every row, and their order."""
    for row in rows:
        grown = truth.ranked[row["stock_code"]]
        stands = grown.row
        assert row["stock_name"] == stands.item.name
        assert row["market_type"] == stands.item.market
        assert row["current_price"] == stands.price
        assert row["trading_value"] == stands.value
        assert row["price_change_rate"] == signed(stands.change_rate)
        low, high = grown.baselines
        assert low <= row["baseline_trading_value"] <= high
        least, most = grown.percents
        assert least <= row["trading_value_change_rate"] <= most
    for above, below in pairwise(rows):
        upper, lower = (truth.ranked[row["stock_code"]] for row in (above, below))
        assert upper.rates[1] >= lower.rates[0]
        if upper.rates == lower.rates:
            assert above["stock_code"] < below["stock_code"]


def check(asked: Asked, past: PastValues, scene: Scene, **question: Any) -> Answer:
    """Asks for every row and compares; the first page."""
    question = {"min_trading_value": 0, **question}
    rows, first = asked.pages(TOOL, response_format="concise", **question)
    question.pop("session", None)
    question.pop("basis", None)
    agree(rows, first, expected(past, first, scene, **question))
    return first


def test_the_basis_is_the_same_time_while_open_and_whole_days_after(
    asked: Asked,
) -> None:
    answer = asked.product.call(TOOL, response_format="concise")
    wanted = "same_time" if asked.instant.is_running else "full_day"
    assert answer["basis"] == wanted
    assert answer["meta"]["session"] == asked.instant.session.isoformat()
    assert answer["meta"]["is_final"] == asked.instant.is_final
    assert not answer["meta"]["stale"]
    assert answer["min_trading_value"] == FLOOR


@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
def test_everybodys_growth_is_true_and_in_order(
    asked: Asked, past: PastValues, market: str, venue: str
) -> None:
    check(asked, past, asked.scene(venue), market=market, venue=venue)


@pytest.mark.parametrize(("venue", "period"), list(product(VENUES, ("5D", "20D"))))
def test_a_longer_period_is_the_mean_of_its_sessions(
    asked: Asked, past: PastValues, venue: str, period: str
) -> None:
    first = check(asked, past, asked.scene(venue), venue=venue, period=period)
    if asked.instant.is_running:
        assert first["basis"] == "same_time"


@pytest.mark.parametrize("asked", [OPEN, CLOSED], indirect=True)
@pytest.mark.parametrize("question", SCREENS, ids=str)
def test_a_screen_leaves_just_those_that_pass(
    asked: Asked, past: PastValues, question: dict[str, Any]
) -> None:
    check(asked, past, asked.scene(), **question)


@pytest.mark.parametrize("asked", [OPEN, CLOSED], indirect=True)
def test_a_floor_of_the_baseline_holds(asked: Asked, past: PastValues) -> None:
    rows, first = asked.pages(
        TOOL,
        period="5D",
        min_trading_value=0,
        min_baseline_trading_value=FLOOR,
        response_format="concise",
    )
    truth = expected(past, first, asked.scene(), min_baseline=FLOOR, period="5D")
    assert 0 < len(rows) < 250
    assert first["min_baseline_trading_value"] == FLOOR
    assert {row["stock_code"] for row in rows} == set(truth.ranked)


@pytest.mark.parametrize("asked", [OPEN, AT_ONE], indirect=True)
@pytest.mark.parametrize("venue", VENUES)
def test_whole_days_are_compared_where_they_are_asked_for(
    asked: Asked, past: PastValues, venue: str
) -> None:
    question = {"venue": venue, "period": "5D", "basis": "full_day"}
    first = check(asked, past, asked.scene(venue), **question)
    assert first["basis"] == "full_day"


@pytest.mark.parametrize("asked", [AT_ONE, WEEKEND], indirect=True)
@pytest.mark.parametrize(
    ("session", "named"), PAST_SESSIONS, ids=["swept", "begun late", "from bars"]
)
@pytest.mark.parametrize(("venue", "period"), list(product(VENUES, ("1D", "20D"))))
def test_a_past_sessions_growth_is_that_of_its_whole_day(  # noqa: PLR0913, PLR0917
    asked: Asked,
    past: PastValues,
    session: date,
    named: date,
    venue: str,
    period: str,
) -> None:
    scene = scene_on(asked.truth, session, named=named)
    question = {"venue": venue, "period": period, "session": session.isoformat()}
    first = check(asked, past, scene, **question)
    assert first["basis"] == "full_day"
    assert first["meta"]["session"] == session.isoformat()
    assert first["meta"]["is_final"]


def test_a_named_stock_keeps_its_rank_in_the_whole(asked: Asked) -> None:
    rows, _ = asked.pages(TOOL, response_format="concise")
    wanted = [rows[3], rows[len(rows) // 2]]
    names = [wanted[1]["stock_code"], wanted[0]["stock_name"]]
    answer = asked.product.call(TOOL, stocks=names, response_format="concise")
    shown = [(row["rank"], row["stock_code"]) for row in answer["ranking"]]
    assert shown == [(row["rank"], row["stock_code"]) for row in wanted]
    assert answer["total"] == 2


def test_titles_are_counted_since_the_close_before(
    asked: Asked, past: PastValues
) -> None:
    answer = counted(asked, count=10)
    before = past.before(asked.instant.session, 1)[0]
    since = datetime(before.year, before.month, before.day, 15, 30, tzinfo=KST)
    since += asked.truth.delay("J", before)
    until = min(asked.instant.at, datetime.fromisoformat(answer["timestamp"]))
    for row in answer["ranking"]:
        titles = [
            title
            for day in asked.truth.days.back(before, until.date(), 5)
            for title in headlines_on(asked.truth, day, row["stock_code"])
            if since <= title.at <= until
        ]
        disclosed = sum(title.is_disclosure for title in titles)
        assert row["disclosure_count"] == disclosed
        assert row["news_count"] == len(titles) - disclosed
    assert any(f"{since:%m-%d %H:%M}" in note for note in answer["meta"]["notes"])


def counted(asked: Asked, count: int) -> Answer:
    """Asks until every row's titles are counted."""
    deadline = time.monotonic() + 20
    while True:
        answer = asked.product.call(TOOL, count=count)
        if all(row["news_count"] is not None for row in answer["ranking"]):
            return answer
        assert time.monotonic() < deadline
        time.sleep(0.2)
