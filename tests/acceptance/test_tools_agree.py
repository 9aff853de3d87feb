"""All tools, asked of one frame, say the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.acceptance.expected import percent
from tests.acceptance.expected_sectors import sector_of
from tests.acceptance.instants import EVENING, Asked, Row, asked_at
from tests.acceptance.prepared import THURSDAY, Prepared
from tests.acceptance.served import Answer

pytestmark = pytest.mark.slow

ByCode = dict[str, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Every row of a tool, by stock, and its first page."""

    rows: list[Row]
    first: Answer

    @property
    def of(self) -> ByCode:
        """The rows by code."""
        return {row["stock_code"]: row for row in self.rows}

    def sum(self, column: str, **where: str) -> int:
        """Over the rows that fit."""
        return sum(
            row[column]
            for row in self.rows
            if all(row[name] == value for name, value in where.items())
        )


@pytest.fixture(scope="module")
def asked(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("agree")
    with asked_at(prepared, EVENING, folder) as served_then:
        yield served_then


def said(asked: Asked, tool: str, key: str = "ranking", **question: Any) -> Said:
    rows, first = asked.pages(tool, key, **question)
    return Said(rows=rows, first=first)


def test_all_tools_agree_on_one_frame(asked: Asked) -> None:
    values = said(asked, "get_volume_ranking")
    before = said(asked, "get_volume_ranking", session=THURSDAY.isoformat())
    caps = said(asked, "get_market_cap_ranking")
    caps_before = said(asked, "get_market_cap_ranking", session=THURSDAY.isoformat())
    sectors = said(asked, "get_sector_volume_ranking", leaders=10)
    growth = said(asked, "get_volume_change_ranking", min_trading_value=0)
    unusual = said(asked, "get_unusual_volume", "unusual_stocks", threshold=100)
    flows = said(asked, "get_investor_ranking", investor_type="FOREIGN")
    one_frame = (values, caps, sectors, growth, unusual, flows)
    assert len({answer.first["timestamp"] for answer in one_frame}) == 1
    assert {answer.first["meta"]["session"] for answer in one_frame} == {"2026-11-20"}
    agree_on_stocks(values, caps, growth, unusual, flows)
    agree_on_totals(values, sectors)
    agree_on_caps(values, caps, caps_before)
    agree_on_the_day_before(values, before, growth)
    agree_on_sectors(asked, values, sectors, flows)
    agree_on_flows(values, flows)


def agree_on_stocks(values: Said, caps: Said, *others: Said) -> None:
    """Each stock's own figures, wherever it stands."""
    same = {"price_change_rate": "change_rate", "current_volume": "volume"}
    columns = (
        *("stock_name", "market_type", "trading_value", "current_price"),
        *("change_rate", *same),
    )
    for other in (caps, *others):
        assert other.rows
        for row in other.rows:
            known = values.of[row["stock_code"]]
            for column in columns:
                if column in row:
                    assert row[column] == known[same.get(column, column)]
    assert caps.of.keys() == values.of.keys()


def agree_on_totals(values: Said, sectors: Said) -> None:
    """The market's sum, by stock, by market and by sector."""
    summary = values.first["summary"]
    total = values.sum("trading_value")
    assert summary["total_trading_value"] == total
    assert sectors.first["summary"]["total_trading_value"] == total
    assert sectors.sum("trading_value") == total
    for market in ("KOSPI", "KOSDAQ"):
        part = values.sum("trading_value", market_type=market)
        assert summary[f"{market.lower()}_trading_value"] == part
        assert sectors.sum("trading_value", market_type=market) == part
    assert sectors.sum("trading_volume") == values.sum("volume")
    assert sectors.sum("stock_count") == len(values.rows)
    assert sectors.sum("advancers") == sum(row["change"] > 0 for row in values.rows)
    assert sectors.sum("decliners") == sum(row["change"] < 0 for row in values.rows)
    top = sum(row["trading_value"] for row in values.rows[:10])
    assert summary["top10_concentration"] == percent(top, total)


def agree_on_caps(values: Said, caps: Said, before: Said) -> None:
    """Ranks, caps, weights and multiples."""
    summary = caps.first["summary"]
    total = caps.sum("market_cap")
    assert summary["total_market_cap"] == total
    top = sum(row["market_cap"] for row in caps.rows[:10])
    assert summary["top10_concentration"] == percent(top, total)
    for row in caps.rows:
        known = values.of[row["stock_code"]]
        assert row["trading_value_rank"] == known["rank"]
        for column in ("market_cap", "foreign_ratio", "per"):
            assert row[column] == known[column]
        own = caps.sum("market_cap", market_type=row["market_type"])
        assert row["weight_in_market"] == percent(row["market_cap"], own)
        was = before.of.get(row["stock_code"])
        change = row["market_cap_rank_change"]
        assert change == (was["rank"] - row["rank"] if was else None)
    assert summary["per_counted"] == sum(row["per"] is not None for row in caps.rows)
    assert summary["pbr_counted"] == sum(row["pbr"] is not None for row in caps.rows)


def agree_on_the_day_before(values: Said, before: Said, growth: Said) -> None:
    """Movement and growth against the answer for the session before."""
    for row in values.rows:
        was = before.of.get(row["stock_code"])
        assert row["previous_rank"] == (was["rank"] if was else None)
        if was:
            assert row["rank_change"] == was["rank"] - row["rank"]
    for row in growth.rows:
        was = before.of[row["stock_code"]]
        assert row["baseline_trading_value"] == was["trading_value"]
    assert len(growth.rows) == sum(
        before.of.get(row["stock_code"], {}).get("trading_value", 0) > 0
        for row in values.rows
    )


def agree_on_sectors(asked: Asked, values: Said, sectors: Said, flows: Said) -> None:
    """Leaders, counts and nets, stock by stock."""
    listed = {item.code: item for item in asked.truth.listings_on(EVENING.session)}
    key_of = {code: sector_of(listed[code], "leaf") for code in values.of}
    counts = Counter(key_of.values())
    for sector in sectors.rows:
        key = (sector["market_type"], sector["sector_code"])
        assert sector["stock_count"] == counts[key]
        own = [row for row in values.rows if key_of[row["stock_code"]] == key]
        leaders = sector["leading_stocks"]
        assert [x["stock_code"] for x in leaders] == [
            row["stock_code"] for row in own[:10]
        ]
        for leader, row in zip(leaders, own, strict=False):
            share = percent(row["trading_value"], sector["trading_value"])
            assert leader["contribution"] == share
        bought = [
            row["net_amount"] for row in flows.rows if key_of[row["stock_code"]] == key
        ]
        assert sector["foreign_net_buy"] == sum(bought)


def agree_on_flows(values: Said, flows: Said) -> None:
    """Two sides make a net, and a net an impact."""
    for row in flows.rows:
        assert row["buy_amount"] - row["sell_amount"] == row["net_amount"]
        assert row["buy_volume"] - row["sell_volume"] == row["net_volume"]
        value = values.of[row["stock_code"]]["trading_value"]
        assert row["impact_ratio"] == percent(abs(row["net_amount"]), value)
