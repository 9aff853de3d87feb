"""Real market days, served over the emulator's HTTP, rank as the exchange said."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from tests.acceptance.served import Answer, served
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.server import running_emulator

pytestmark = pytest.mark.slow

DAYS = (
    date(2021, 1, 11),  # the largest day KOSPI had seen
    date(2022, 1, 27),  # a listing traded more than any other stock
    date(2024, 2, 1),
)
EVENING = time(18, 30)  # after KRX's last trade; there was no other venue

Row = dict[str, Any]


class Day(NamedTuple):
    """A served day.

    Attributes:
        official: The exchange's rows of traded markets, with the close before.
        pages: The product's answer.
    """

    on: date
    official: list[Row]
    pages: list[Answer]

    @property
    def rows(self) -> list[Row]:
        return [row for page in self.pages for row in page["ranking"]]

    def total(self, market: str) -> int:
        return sum(row["amount"] for row in self.official if row["market"] == market)


def official_rows(path: Path, day: date) -> list[Row]:
    """KOSPI and KOSDAQ by amount down, then code; what did not open did not trade."""
    table = pq.read_table(path, filters=[("date", "<=", day.isoformat())]).to_pylist()
    sessions = sorted({row["date"] for row in table})
    assert sessions[-1] == day.isoformat()
    before = {r["code"]: r["close"] for r in table if r["date"] == sessions[-2]}
    rows = [
        {
            "code": row["code"],
            "market": row["market"].removesuffix(" GLOBAL"),
            "close": row["close"],
            "change": row["close"] - before.get(row["code"], row["close"]),
            "volume": row["volume"] if row["open"] else 0,
            "amount": int(row["amount"]) if row["open"] else 0,
        }
        for row in table
        if row["date"] == sessions[-1] and row["market"] != "KONEX"
    ]
    return sorted(rows, key=lambda row: (-row["amount"], row["code"]))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(
    request: pytest.FixtureRequest,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Day]:
    path = shared / "krx" / "official_amount_marcap_janfeb.parquet"
    if not path.is_file():
        pytest.skip("no official daily rows in ../shared/data/krx")
    on: date = request.param
    at = datetime.combine(on, EVENING, KST)
    folder = tmp_path_factory.mktemp(f"{on}") / "data"
    with (
        running_emulator(market=real_day(path, on), clock=EmulatorClock(at)) as broker,
        served(broker, folder) as product,
    ):
        yield Day(on, official_rows(path, on), product.pages())


def test_the_whole_market_stands_in_the_official_order(day: Day) -> None:
    ranked = [row["stock_code"] for row in day.rows]
    assert ranked == [row["code"] for row in day.official]
    assert [row["rank"] for row in day.rows] == list(range(1, len(ranked) + 1))


def test_every_trading_value_is_the_official_one_to_the_won(day: Day) -> None:
    figures = [(row["stock_code"], row["trading_value"]) for row in day.rows]
    assert figures == [(row["code"], row["amount"]) for row in day.official]


def test_volumes_prices_and_changes_are_the_official_ones(day: Day) -> None:
    columns = ("stock_code", "volume", "current_price", "change", "market_type")
    official = ("code", "volume", "close", "change", "market")
    answered = [tuple(row[name] for name in columns) for row in day.rows]
    assert answered == [tuple(row[name] for name in official) for row in day.official]


def test_sums_are_the_official_ones(day: Day) -> None:
    kospi, kosdaq = day.total("KOSPI"), day.total("KOSDAQ")
    summary = day.pages[0]["summary"]
    assert summary["kospi_trading_value"] == kospi
    assert summary["kosdaq_trading_value"] == kosdaq
    assert summary["total_trading_value"] == kospi + kosdaq
    assert summary["official_kospi_trading_value"] == kospi // 10**6 * 10**6
    assert summary["official_kosdaq_trading_value"] == kosdaq // 10**6 * 10**6


def test_the_answer_is_that_days_final_one_of_krx_alone(day: Day) -> None:
    meta = day.pages[0]["meta"]
    assert (meta["session"], meta["is_final"]) == (day.on.isoformat(), True)
    assert (meta["phase"], meta["stale"]) == ("final", False)
    assert {row["nxt_trading_value"] for row in day.rows} == {0}
