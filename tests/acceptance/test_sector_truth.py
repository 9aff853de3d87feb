"""The ranking of industries, at every instant, equals the emulator's truth."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.acceptance.expected import FLAGS
from tests.acceptance.expected_sectors import (
    Nets,
    Row,
    index_change,
    kept_nets,
    live_nets,
    no_nets,
    sectors_expected,
)
from tests.acceptance.instants import (
    ALL_KINDS,
    AT_ONE,
    CLOSED,
    EVENING,
    EXAM,
    FROM_BARS,
    OPEN,
    UNIVERSES,
    Asked,
)
from tests.acceptance.prepared import THURSDAY
from tests.acceptance.served import Answer
from tests.acceptance.standing import Scene, scene_on
from tests.kis_emulator.sectors import sector_at, sector_on

pytestmark = pytest.mark.slow

TOOL = "get_sector_volume_ranking"
NET = ("foreign_net_buy", "institution_net_buy")
SCREENS: list[dict[str, Any]] = [
    {"exclude": list(FLAGS)},
    {"min_price": 5_000, "max_price": 20_000},
    {"min_trading_value": 1_000_000_000},
]


def indices(asked: Asked, scene: Scene) -> Callable[[str], float | None]:
    """The industries' own changes: as they stand, or at the session's end."""

    def change(code: str) -> float | None:
        if code == "0000":
            return None
        if asked.instant.is_final:
            index = sector_on(asked.truth, code, scene.session)
        else:
            index = sector_at(asked.truth, code, asked.instant.at)
        return index_change(index.level, index.previous)

    return change


def nets(asked: Asked, scene: Scene, universe: dict[str, Any]) -> Nets:
    """Kept flows after the close, the running sums before, NXT's never alone."""
    venue = universe.get("venue", "ALL")
    if asked.instant in {OPEN, AT_ONE}:
        if venue == "NXT":
            return no_nets
        return live_nets(asked.truth, scene, universe, asked.instant.at)
    if scene.session != asked.instant.session:
        return no_nets  # NXT alone, before the open
    return kept_nets(asked.truth, scene, venue, asked.instant.at)


def whole(asked: Asked, **question: Any) -> tuple[list[Row], Answer]:
    """Every row; asked again until what is asked behind has come."""
    deadline = time.monotonic() + 20
    rows, first = asked.pages(TOOL, **question)
    while first.seconds > 3 and time.monotonic() < deadline:
        rows, first = asked.pages(TOOL, **question)
    return rows, first


def check(asked: Asked, universe: dict[str, Any], **more: Any) -> Answer:
    """Asks for every row and compares; the first page."""
    scene = asked.scene(universe.get("venue", "ALL"))
    rows, first = whole(asked, **universe, **more)
    truth = sectors_expected(
        scene,
        universe,
        indices=indices(asked, scene),
        nets=nets(asked, scene, universe),
        **more,
    )
    assert rows == truth
    total = sum(row["trading_value"] for row in truth)
    assert first["summary"] == {"total_trading_value": total}
    assert first["meta"]["session"] == scene.session.isoformat()
    return first


@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
def test_leaves_tile_the_market_with_their_sums_leaders_indices_and_nets(
    asked: Asked, market: str, venue: str
) -> None:
    first = check(asked, {"market": market, "venue": venue})
    if venue != "NXT" or not asked.instant.is_early:
        assert first["meta"]["is_final"] == asked.instant.is_final


@pytest.mark.parametrize("asked", [CLOSED, EVENING], indirect=True)
def test_large_industries_tile_it_too(asked: Asked) -> None:
    check(asked, {}, level="large")


@pytest.mark.parametrize("asked", [CLOSED], indirect=True)
@pytest.mark.parametrize("leaders", [1, 10])
def test_as_many_leaders_as_are_asked_for(asked: Asked, leaders: int) -> None:
    check(asked, {"market": "KOSDAQ"}, leaders=leaders)


@pytest.mark.parametrize("asked", [CLOSED, EVENING], indirect=True)
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_leaves_sums_of_those_that_pass(
    asked: Asked, screen: dict[str, Any]
) -> None:
    check(asked, {}, **screen)


@pytest.mark.parametrize("asked", [CLOSED], indirect=True)
def test_funds_have_no_industry_and_no_flows(asked: Asked) -> None:
    check(asked, {"kinds": ["ETF", "ETN"]})
    check(asked, {"kinds": ALL_KINDS})


@pytest.mark.parametrize("asked", [AT_ONE], indirect=True)
@pytest.mark.parametrize(
    ("session", "named"), [(EXAM, EXAM), (FROM_BARS, THURSDAY)], ids=["kept", "bars"]
)
def test_a_past_sessions_sectors_are_its_own(
    asked: Asked, session: date, named: date
) -> None:
    scene = scene_on(asked.truth, session, named=named)
    rows, first = asked.pages(TOOL, session=session.isoformat())

    def change(code: str) -> float | None:
        if session != EXAM or code == "0000":
            return None
        index = sector_on(asked.truth, code, session)
        return index_change(index.level, index.previous)

    flows = kept_nets(asked.truth, scene, "ALL", asked.instant.at)
    truth = sectors_expected(scene, {}, indices=change, nets=flows)
    assert rows == truth
    assert first["meta"]["session"] == session.isoformat()


@pytest.mark.parametrize("asked", [CLOSED], indirect=True)
def test_named_stocks_ask_for_the_sectors_that_hold_them(asked: Asked) -> None:
    rows, _ = asked.pages(TOOL)
    named = [rows[index]["leading_stocks"][0]["stock_name"] for index in (2, 9)]
    answer = asked.product.call(TOOL, stocks=named)
    assert answer["ranking"] == [rows[2], rows[9]]


@pytest.mark.parametrize("asked", [CLOSED], indirect=True)
def test_concise_leaves_the_details_out(asked: Asked) -> None:
    rows, _ = asked.pages(TOOL)
    short, _ = asked.pages(TOOL, response_format="concise")
    gone = ("trading_volume", "average_change_rate", *NET)
    assert short == [{**row, **dict.fromkeys(gone)} for row in rows]
