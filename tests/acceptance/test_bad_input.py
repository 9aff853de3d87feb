"""What no tool can answer is refused in one line: what is wrong, what is allowed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.friday import instant, serving
from tests.acceptance.prepared import FRIDAY, Prepared, Stage
from tests.acceptance.served import Served

pytestmark = pytest.mark.slow

HUGE = 10**30
CHOICES = "다음 중 하나여야 합니다: {}"
LIST = "담은 목록이어야 합니다: {}"
WHOLE = "0 이상의 정수여야 합니다"
BETWEEN = "{} 이상 {} 이하의 정수여야 합니다"
DATE = "YYYY-MM-DD 꼴의 거래일이어야 합니다"
TEXTS = "글자 목록이어야 합니다(최대 100개)"
FLAGS = LIST.format("PREFERRED, SPAC, REIT")

Case = tuple[str, Any, str]
"""A parameter, what it is given, and what is said to be allowed (or to do next)."""


def cases(name: str, allowed: str, *wrong: Any) -> list[Case]:
    return [(name, value, allowed) for value in wrong]


NUMBERS = (-1, -HUGE, "many", 1.5, True, [1])
TEXTUAL = ("", 7, ["ALL"], "all of it")
SHARED: list[Case] = [
    *cases("market", CHOICES.format("ALL, KOSPI, KOSDAQ"), "NASDAQ", None, *TEXTUAL),
    *cases("venue", CHOICES.format("ALL, KRX, NXT"), "NYSE", None, *TEXTUAL),
    *cases("kinds", LIST.format("STOCK, ETF, ETN"), [], "", "ELW", ["STOCK", "X"], 5),
    *cases("count", BETWEEN.format(1, 100), 0, 101, HUGE, None, *NUMBERS),
    *cases("offset", WHOLE, None, *NUMBERS),
    *cases("min_price", WHOLE, None, *NUMBERS),
    *cases("max_price", WHOLE, *NUMBERS),
    *cases("min_trading_value", WHOLE, None, *NUMBERS),
    *cases("exclude", FLAGS, "NOPE", ["SPAC", "NOPE"], 5, None),
    *cases("stocks", TEXTS, 5, [5], ["005930"] * 101, None),
    *cases("stocks", "종목코드나 정확한 종목명으로", ["없는회사"], ["A" * 300], [""]),
    *cases("stocks", "6자리 코드(ETN은 Q+6자리)인지 확인", ["000000"], ["Q000000"]),
    *cases("session", DATE, "20261119", "19-11-2026", "2026-13-01", "2026-11-31"),
    *cases("session", DATE, "어제", "", "2026-11-19T00:00", 20261119, -1, ["x"]),
    *cases("session", "최근 거래일 2026-11-20 이하", "2026-11-23", "9999-12-31"),
    *cases("session", "2026-11-13, 2026-11-16", "2026-11-14", "2026-11-15"),
    *cases("session", "2026-10-08, 2026-10-12", "2026-10-09"),
    *cases("session", "backfill", "2026-01-05"),
    *cases("session", "그 뒤의 거래일로", "1900-01-02", "0001-01-01"),
    *cases("response_format", CHOICES.format("detailed, concise"), None, *TEXTUAL),
    *cases("foo", "쓸 수 있는 인자: market, venue, kinds", 1),
    *cases("sesion", "혹시 session", "2026-11-19"),
]
OWN: dict[str, list[Case]] = {
    "get_volume_ranking": [
        *cases(
            "sort_by",
            CHOICES.format("trading_value, volume, turnover_rate"),
            *("price", None, *TEXTUAL),
        ),
        *cases("include_details", "true 또는 false", "maybe", None, 7, []),
    ],
    "get_volume_change_ranking": [
        *cases("period", CHOICES.format("1D, 5D, 20D"), "2D", 1, None, ""),
        *cases("basis", CHOICES.format("same_time, full_day"), "now", 1, ""),
        *cases("min_baseline_trading_value", WHOLE, None, *NUMBERS),
    ],
    "get_investor_ranking": [
        *cases(
            "investor_type",
            CHOICES.format("FOREIGN, INSTITUTION, INDIVIDUAL, PROGRAM"),
            *("ALIEN", None, *TEXTUAL),
        ),
        *cases("trade_type", CHOICES.format("NET, BUY, SELL"), "HOLD", None, *TEXTUAL),
        *cases("side", CHOICES.format("top, bottom"), "left", None, *TEXTUAL),
    ],
    "get_sector_volume_ranking": [
        *cases("level", CHOICES.format("leaf, large"), "medium", None, *TEXTUAL),
        *cases("leaders", BETWEEN.format(1, 10), 0, 11, HUGE, None, *NUMBERS),
    ],
    "get_market_cap_ranking": [],
    "get_unusual_volume": [
        *cases("threshold", BETWEEN.format(100, 1000), 99, 1001, HUGE, *NUMBERS),
        *cases(
            "sensitivity", CHOICES.format("strict, normal, wide"), "mad", None, *TEXTUAL
        ),
        *cases("min_history", BETWEEN.format(20, 60), 19, 61, HUGE, *NUMBERS),
        *cases("level", CHOICES.format("notable, strong, extreme"), "huge", *TEXTUAL),
        *cases("pattern", CHOICES.format("spike, ramp, level_shift"), "blob", 7),
        *cases("reasons", LIST.format("major_disclosure"), ["x"], 5, None),
    ],
}
TOOLS = tuple(OWN)
QUESTIONS = [
    pytest.param(tool, *case, id=f"{tool}-{case[0]}-{case[1]!r:.24}")
    for tool in TOOLS
    for case in (*SHARED, *OWN[tool])
]


@pytest.fixture(scope="module")
def product_served(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A product in the evening, all of whose tools can answer."""
    folder = tmp_path_factory.mktemp("bad-input")
    with serving(prepared, folder, instant("20:31"), Stage.EVENING) as product_served:
        yield product_served


def refused(product_served: Served, tool: str, **question: Any) -> str:
    """The one line that a question is refused with."""
    answer = product_served.call(tool, **question)
    assert answer.is_error
    assert answer.structured is None
    assert "\n" not in answer.text
    assert 0 < len(answer.text) <= 600
    assert "retry_after" not in answer.text
    return answer.text


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_answers_when_nothing_is_wrong(
    product_served: Served, tool: str
) -> None:
    answer = product_served.call(tool)
    assert not answer.is_error, answer.text


@pytest.mark.parametrize(("tool", "name", "wrong", "allowed"), QUESTIONS)
def test_a_wrong_argument_is_named_with_what_is_allowed(
    product_served: Served, tool: str, name: str, wrong: Any, allowed: str
) -> None:
    text = refused(product_served, tool, **{name: wrong})
    assert text.startswith(name)
    assert allowed in text


@pytest.mark.parametrize("tool", TOOLS)
def test_crossed_bounds_are_named_both(product_served: Served, tool: str) -> None:
    text = refused(product_served, tool, min_price=2_000, max_price=1_000)
    assert "min_price를 max_price 이하로" in text


@pytest.mark.parametrize("tool", TOOLS)
def test_nxt_is_refused_of_a_day_before_it_began(
    product_served: Served, tool: str
) -> None:
    text = refused(product_served, tool, session="2025-02-28", venue="NXT")
    assert text.startswith("session")
    assert "2025-03-04부터" in text
    assert "venue를 KRX나 ALL로" in text


@pytest.mark.parametrize("tool", TOOLS)
def test_a_name_of_several_stocks_is_refused_with_the_candidates(
    product_served: Served, prepared: Prepared, tool: str
) -> None:
    shared, names = shared_beginning(prepared)
    text = refused(product_served, tool, stocks=[shared])
    assert text.startswith("stocks")
    assert sum(name in text for name in names) >= 2


def shared_beginning(prepared: Prepared) -> tuple[str, list[str]]:
    """Letters that begin several names, and are none."""
    listed = prepared.market.listings_on(FRIDAY)
    names = [item.name for item in listed if item.kind == "STOCK"]
    for name in names:
        found = [other for other in names if other.startswith(name[:2])]
        if len(found) > 1 and name[:2] not in names:
            return name[:2], found
    raise AssertionError("no two names begin alike")


@pytest.mark.parametrize("tool", TOOLS)
def test_several_wrong_arguments_are_named_together(
    product_served: Served, tool: str
) -> None:
    text = refused(product_served, tool, market="X", count=0, session="soon")
    assert all(name in text for name in ("market=", "count=", "session="))


BEYOND = ("offset", "min_price", "max_price", "min_trading_value")
TOO_MUCH = [(tool, name) for tool in TOOLS for name in BEYOND]


@pytest.mark.parametrize(
    ("tool", "name"),
    [*TOO_MUCH, ("get_volume_change_ranking", "min_baseline_trading_value")],
)
def test_a_bound_beyond_everything_is_a_bound_all_the_same(
    product_served: Served, tool: str, name: str
) -> None:
    answer = product_served.call(tool, **{name: HUGE})
    assert not answer.is_error, answer.text
    assert (name == "max_price") == bool(rows_of(answer.structured))


def rows_of(structured: dict[str, Any] | None) -> list[Any]:
    """The rows, whatever the tool calls them."""
    found = structured or {}
    return list(found.get("ranking", found.get("unusual_stocks", ())))


def test_nothing_of_all_this_was_a_crash(product_served: Served) -> None:
    assert "Traceback" not in product_served.printed()
