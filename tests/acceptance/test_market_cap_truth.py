"""The ranking by market capitalisation, at every instant, equals the truth."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.expected import FLAGS
from tests.acceptance.expected_caps import Row, caps_expected, caps_summary
from tests.acceptance.instants import (
    ALL_KINDS,
    AT_ONE,
    CLOSED,
    EXAM,
    FROM_BARS,
    HOLIDAY,
    OPEN,
    UNIVERSES,
    Asked,
    asked_at,
)
from tests.acceptance.prepared import THURSDAY, Prepared, Stage
from tests.acceptance.served import Answer
from tests.acceptance.standing import Scene, scene_on

pytestmark = pytest.mark.slow

TOOL = "get_market_cap_ranking"
KINDS = [["ETF"], ["ETN"], ALL_KINDS]
SCREENS: list[dict[str, Any]] = [
    {"exclude": list(FLAGS)},
    {"min_price": 5_000, "max_price": 20_000},
    {"min_trading_value": 1_000_000_000},
]


def before(asked: Asked, scene: Scene) -> Scene | None:
    """The session before, by its own shares and names; bars alone know no shares."""
    if asked.instant is HOLIDAY:
        return None
    day = asked.truth.days.previous(scene.session)
    return scene_on(asked.truth, day, named=day)


def check(
    asked: Asked, universe: dict[str, Any], scene: Scene | None = None, **screen: Any
) -> Answer:
    """Asks for every row and compares; the first page."""
    session = {} if scene is None else {"session": scene.session.isoformat()}
    scene = scene or asked.scene(universe.get("venue", "ALL"))
    rows, first = asked.pages(TOOL, **universe, **screen, **session)
    earlier = before(asked, scene)
    assert rows == caps_expected(asked.truth, scene, earlier, universe, **screen)
    assert first["summary"] == caps_summary(asked.truth, scene, universe)
    assert first["meta"]["session"] == scene.session.isoformat()
    return first


@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
def test_every_capitalisation_is_price_times_shares_and_stands_where_it_should(
    asked: Asked, market: str, venue: str
) -> None:
    if asked.instant.is_early and venue == "NXT":
        check_bare(asked, {"market": market, "venue": venue})
        return
    first = check(asked, {"market": market, "venue": venue})
    assert first["meta"]["is_final"] == asked.instant.is_final


def check_bare(asked: Asked, universe: dict[str, Any]) -> None:
    """What needs no profile of a day that KRX has not opened."""
    scene = asked.scene("NXT")
    rows, first = asked.pages(TOOL, **universe)
    truth = caps_expected(asked.truth, scene, before(asked, scene), universe)
    details = ("foreign_ratio", "per", "pbr")
    assert without(rows, *details) == without(truth, *details)
    assert first["meta"]["session"] == asked.instant.day.isoformat()


@pytest.mark.parametrize("asked", [OPEN, CLOSED], indirect=True)
@pytest.mark.parametrize("kinds", KINDS, ids="+".join)
def test_funds_have_capitalisations_too(asked: Asked, kinds: list[str]) -> None:
    check(asked, {"kinds": kinds})


@pytest.mark.parametrize("asked", [OPEN, CLOSED], indirect=True)
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_leaves_changes_weights_and_sums_alone(
    asked: Asked, screen: dict[str, Any]
) -> None:
    check(asked, {}, **screen)


@pytest.mark.parametrize("asked", [AT_ONE], indirect=True)
def test_a_past_session_has_its_own_prices_shares_and_profiles(asked: Asked) -> None:
    day = EXAM
    scene = scene_on(asked.truth, day, named=day)
    rows, first = asked.pages(TOOL, session=day.isoformat())
    truth = caps_expected(asked.truth, scene, None, {})
    assert without(rows, "market_cap_rank_change") == without(
        truth, "market_cap_rank_change"
    )
    assert first["summary"] == caps_summary(asked.truth, scene, {})


def without(rows: list[Row], *columns: str) -> list[Row]:
    return [{k: v for k, v in row.items() if k not in columns} for row in rows]


@pytest.mark.parametrize("asked", [OPEN], indirect=True)
def test_concise_leaves_the_details_out(asked: Asked) -> None:
    full = asked.product.call(TOOL, count=30)
    short = asked.product.call(TOOL, count=30, response_format="concise")
    gone = ("trading_value_rank", "foreign_ratio", "per", "pbr")
    assert without(short["ranking"], *gone) == without(full["ranking"], *gone)
    assert all(row[name] is None for row in short["ranking"] for name in gone)


@pytest.mark.parametrize("asked", [OPEN], indirect=True)
def test_named_stocks_keep_their_rank(asked: Asked) -> None:
    truth = caps_expected(asked.truth, asked.scene(), before(asked, asked.scene()), {})
    wanted = [truth[4], truth[120]]
    named = [wanted[1]["stock_name"], wanted[0]["stock_code"]]
    assert asked.product.call(TOOL, stocks=named)["ranking"] == wanted


@pytest.fixture(scope="module")
def unread(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Answer]:
    """The first answer of a server whose archive holds bars alone."""
    folder = tmp_path_factory.mktemp("unread")
    with asked_at(prepared, OPEN, folder, stage=Stage.BARS) as asked:
        yield asked.product.call(TOOL, count=100)


def test_before_a_profile_is_read_caps_have_the_masters_precision(
    unread: Answer, prepared: Prepared
) -> None:
    shares = {
        x.code: x.listed_shares // 1_000 * 1_000
        for x in scene_on(prepared.market, OPEN.day, named=OPEN.day).standings()
    }
    for row in unread["ranking"]:
        shown = row["current_price"] * shares[row["stock_code"]]
        assert row["market_cap"] == shown
    assert any("천주" in note for note in unread["meta"]["notes"])


def test_before_a_profile_is_read_what_it_would_say_is_null_and_told(
    unread: Answer,
) -> None:
    details = ("foreign_ratio", "per", "pbr", "market_cap_rank_change")
    assert all(row[name] is None for row in unread["ranking"] for name in details)
    assert unread["summary"]["average_per"] is None
    notes = " ".join(unread["meta"]["notes"])
    assert "100종목은 종목 상세" in notes
    assert f"직전 거래일({THURSDAY})" in notes


@pytest.mark.parametrize("asked", [AT_ONE], indirect=True)
def test_a_session_whose_shares_nobody_kept_is_refused_in_a_line(asked: Asked) -> None:
    answer = asked.product.call(TOOL, session=FROM_BARS.isoformat())
    assert answer.is_error
    assert "상장주식수" in answer.text
    assert "\n" not in answer.text
