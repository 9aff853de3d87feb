"""Answers over HTTP equal the emulator's truth, in order and to the won."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from mcp import Client

from tests.acceptance.expected import FLAGS, Expected
from tests.acceptance.served import Served, served
from tests.kis_emulator.server import RunningEmulator, running_emulator

pytestmark = pytest.mark.slow

VENUES = ("ALL", "KRX", "NXT")
UNIVERSES = list(product(("ALL", "KOSPI", "KOSDAQ"), VENUES))
KINDS = [["ETF"], ["ETN"], ["ETF", "ETN"], ["STOCK", "ETN"], ["STOCK", "ETF", "ETN"]]


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def expected(emulator: RunningEmulator) -> Expected:
    return Expected(emulator.truth, emulator.clock.now())


@pytest.fixture(scope="module")
def product_served(
    emulator: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(
        emulator, tmp_path_factory.mktemp("truth") / "data", UPKEEP="false"
    ) as product_served:
        product_served.whole(kinds=["STOCK", "ETF", "ETN"])
        yield product_served


def read_whole(product_served: Served, **question: Any) -> list[dict[str, Any]]:
    """The rows of every page, which must agree on how many there are."""
    pages = product_served.pages(**question)
    rows = [row for page in pages for row in page["ranking"]]
    assert {page["total"] for page in pages} == {len(rows)}
    assert all(len(page["ranking"]) == 100 for page in pages[:-1])
    return rows


def test_the_market_is_of_the_size_of_the_real_one(expected: Expected) -> None:
    assert len(expected.universe()) >= 2_700
    assert len(expected.universe(kinds=["ETF", "ETN"])) >= 1_200


@pytest.mark.parametrize("sort_by", ["trading_value", "volume"])
@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
def test_every_stock_stands_where_it_truly_stands_to_the_won(
    product_served: Served, expected: Expected, market: str, venue: str, sort_by: str
) -> None:
    question: dict[str, Any] = {"market": market, "venue": venue, "sort_by": sort_by}
    assert read_whole(product_served, **question) == expected.ranking(**question)


@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
def test_sums_concentrations_and_coverage_are_those_of_the_market(
    product_served: Served, expected: Expected, market: str, venue: str
) -> None:
    answer = product_served.whole(market=market, venue=venue)
    assert answer["summary"] == expected.summary(market=market, venue=venue)
    coverage = expected.coverage(market=market, venue=venue)
    assert answer["meta"]["coverage"] == coverage


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("kinds", KINDS, ids="+".join)
def test_funds_and_notes_are_ranked_alone_and_among_stocks(
    product_served: Served, expected: Expected, kinds: list[str], venue: str
) -> None:
    question: dict[str, Any] = {"kinds": kinds, "venue": venue}
    assert read_whole(product_served, **question) == expected.ranking(**question)
    answer = product_served.whole(**question)
    assert answer["summary"] == expected.summary(**question)
    assert answer["meta"]["coverage"] == expected.coverage(**question)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_excluded_leaves_out_just_the_stocks_that_bear_it(
    product_served: Served, expected: Expected, flag: str
) -> None:
    truth = expected.ranking(exclude=[flag])
    assert len(truth) < len(expected.universe())
    assert read_whole(product_served, exclude=[flag]) == truth


def test_all_flags_excluded_leave_the_plain_stocks(
    product_served: Served, expected: Expected
) -> None:
    flags = list(FLAGS)
    answer = product_served.whole(exclude=flags, count=100)
    truth = expected.ranking(exclude=flags)
    assert answer["total"] == len(truth)
    assert answer["ranking"] == truth[:100]
    assert answer["summary"] == expected.summary()


@pytest.mark.parametrize("venue", VENUES)
def test_price_bounds_are_of_the_venue_and_include_their_ends(
    product_served: Served, expected: Expected, venue: str
) -> None:
    prices = sorted(row["current_price"] for row in expected.ranking(venue=venue))
    low, high = prices[len(prices) // 4], prices[len(prices) // 2]
    bounds: dict[str, Any] = {"venue": venue, "min_price": low, "max_price": high}
    truth = expected.ranking(**bounds)
    assert {low, high} <= {row["current_price"] for row in truth}
    assert read_whole(product_served, **bounds) == truth


@pytest.mark.parametrize("venue", VENUES)
def test_a_value_bound_includes_its_end_and_leaves_the_sums_alone(
    product_served: Served, expected: Expected, venue: str
) -> None:
    least = expected.ranking(venue=venue)[149]["trading_value"]
    question: dict[str, Any] = {"venue": venue, "min_trading_value": least}
    truth = expected.ranking(**question)
    assert len(truth) >= 150
    assert read_whole(product_served, **question) == truth
    assert product_served.whole(**question)["summary"] == expected.summary(venue=venue)


def test_bounds_that_nothing_meets_leave_an_empty_ranking_and_the_sums(
    product_served: Served, expected: Expected
) -> None:
    answer = product_served.whole(min_trading_value=10**18)
    assert answer["ranking"] == []
    assert (answer["total"], answer["next_offset"]) == (0, None)
    assert answer["summary"] == expected.summary()


def test_named_stocks_keep_their_rank_in_the_whole(
    product_served: Served, expected: Expected
) -> None:
    truth = [expected.ranking()[place] for place in (0, 6, 411, -1)]
    by_code = [truth[3]["stock_code"], truth[0]["stock_code"].lower()]
    by_name = [truth[2]["stock_name"], f" {truth[1]['stock_name']} "]
    answer = product_served.whole(stocks=by_code + by_name)
    assert answer["ranking"] == truth
    assert answer["total"] == 4


def test_named_stocks_are_ranked_among_those_that_pass_the_screen(
    product_served: Served, expected: Expected
) -> None:
    question: dict[str, Any] = {"market": "KOSDAQ", "exclude": ["SPAC", "PREFERRED"]}
    truth = expected.ranking(**question)[50]
    answer = product_served.whole(stocks=[truth["stock_code"]], **question)
    assert answer["ranking"] == [truth]


def test_a_named_stock_that_the_screen_leaves_out_is_said_to_be_absent(
    product_served: Served, expected: Expected
) -> None:
    code = next(item.code for item in expected.universe() if item.spac)
    answer = product_served.whole(stocks=[code], exclude=["SPAC"])
    assert answer["ranking"] == []
    assert any(code in note for note in answer["meta"]["notes"])


def test_an_offset_past_the_end_is_an_empty_page_of_the_same_total(
    product_served: Served, expected: Expected
) -> None:
    answer = product_served.whole(offset=9_999)
    assert answer["ranking"] == []
    assert answer["total"] == len(expected.universe())
    assert answer["next_offset"] is None


def test_a_stock_on_krx_alone_has_no_nxt_share_but_zero(
    product_served: Served, expected: Expected
) -> None:
    alone = {item.code for item in expected.universe() if not item.on_nxt}
    rows = read_whole(product_served)
    shares = {row["nxt_share"] for row in rows if row["stock_code"] in alone}
    assert shares == {0.0}
    both = [row["nxt_share"] for row in rows if row["stock_code"] not in alone]
    assert max(share for share in both if share is not None) > 10


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_sdks_own_client_is_given_the_same_rows(
    product_served: Served, expected: Expected, mode: Any
) -> None:
    async with Client(product_served.url, mode=mode) as client:
        result = await client.call_tool(
            "get_volume_ranking", {"count": 50, "include_details": False}
        )
    assert result.structured_content is not None
    assert result.structured_content["ranking"] == expected.ranking()[:50]
