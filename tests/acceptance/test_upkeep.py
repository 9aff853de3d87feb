"""A server left alone keeps house: frames, flows and profiles, nobody asking."""

import time as waiting
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

import anyio
import pytest

from adapters.archive.archive_url import file_url
from adapters.archive.sql_archive import SqlArchive
from application.sweeping import PRODUCTS, STOCKS
from domain.investors import Flow, Investor, InvestorFlows
from domain.listing import Venue
from tests.acceptance.expected_flows import FlowDay, harvested_day
from tests.acceptance.served import Served, served
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

pytestmark = [pytest.mark.slow, pytest.mark.long]

FRIDAY = date(2026, 11, 20)
PATIENCE = 60  # of a loaded machine; usually a few seconds
"""Seconds; a server steps every ten."""


@contextmanager
def left_alone(
    folder: Path, clock: str, market: SimulatedMarket
) -> Iterator[tuple[Served, RunningEmulator]]:
    """A server and a broker whose clocks run."""
    at = datetime.combine(FRIDAY, time.fromisoformat(clock), KST)
    with (
        running_emulator(market=market, clock=EmulatorClock(at, speed=1.0)) as broker,
        served(broker, folder) as product,
    ):
        yield product, broker


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=30, etf=2, etn=2, nxt=8)


@pytest.fixture(scope="module")
def houses(
    market: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Served, RunningEmulator]]]:
    """One server of the morning and one of the afternoon, at the same time."""
    folder = tmp_path_factory.mktemp("houses")
    clocks = {"morning": "09:59:50", "afternoon": "15:44:50"}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(left_alone(folder / name, clock, market))
            for name, clock in clocks.items()
        }


@contextmanager
def archive_of(product: Served) -> Iterator[SqlArchive]:
    """The server's own archive, read from outside, once it is there."""
    deadline = waiting.monotonic() + PATIENCE
    while waiting.monotonic() < deadline:
        found = list(product.data_dir.glob("broker-*/archive.sqlite3"))
        if found:
            yield SqlArchive(file_url(found[0]))
            return
        waiting.sleep(0.5)
    raise AssertionError(f"no archive in {product.data_dir}:\n{product.printed()}")


async def test_frames_are_taken_for_the_slots_of_the_session(
    houses: dict[str, tuple[Served, RunningEmulator]],
) -> None:
    product, _ = houses["morning"]
    with archive_of(product) as archive:
        deadline = waiting.monotonic() + PATIENCE
        stocks: tuple[datetime, ...] = ()
        funds: tuple[datetime, ...] = ()
        while waiting.monotonic() < deadline and not (len(stocks) > 1 and funds):
            await anyio.sleep(0.5)
            stocks = await archive.instants(Venue.KRX, STOCKS, FRIDAY)
            funds = await archive.instants(Venue.KRX, PRODUCTS, FRIDAY)
        nxt = await archive.instants(Venue.NXT, STOCKS, FRIDAY)
        await archive.close()
    assert [(at.hour, at.minute) for at in stocks[:2]] == [(9, 59), (10, 0)]
    assert len(nxt) >= 2
    assert funds


async def test_a_slots_frame_is_the_market_of_its_instant(
    houses: dict[str, tuple[Served, RunningEmulator]], market: SimulatedMarket
) -> None:
    product, _ = houses["morning"]
    with archive_of(product) as archive:
        instants = await archive.instants(Venue.KRX, STOCKS, FRIDAY)
        frame, _ = await archive.frames_around(Venue.KRX, STOCKS, instants[-1])
        await archive.close()
    assert frame is not None
    # The broker's clock began to run while the server still started.
    before = market.snapshot("J", frame.as_of_from)
    after = market.snapshot("J", frame.as_of + timedelta(seconds=15))
    for row, item in enumerate(frame.listings):
        place = before.row_of[item.ticker]
        low, high = before.trading_value[place], after.trading_value[place]
        assert low <= frame.trading_value[row] <= high


async def test_flows_are_harvested_after_the_close_the_heaviest_first(
    houses: dict[str, tuple[Served, RunningEmulator]], market: SimulatedMarket
) -> None:
    product, broker = houses["afternoon"]
    truth = of_the_afternoon(market)
    with archive_of(product) as archive:
        flows = await harvested(archive, len(truth.universe("ALL", "KRX")))
        await archive.close()
    assert not flows.is_final
    assert (flows.as_of.hour, flows.as_of.minute) == (15, 45)
    expected = [truth.of(item, "KRX", "FOREIGN") for item in items(truth, flows)]
    assert [flows.flow(Investor.FOREIGN, row) for row in range(len(expected))] == [
        side and Flow(**asdict(side)) for side in expected
    ]
    asked = [call.params["FID_INPUT_ISCD"] for call in broker.calls("FHKST01010900")]
    values = {x.code: truth.trading_value(x, "ALL") for x in truth.listed}
    assert values[asked[0]] > values[asked[20]] > 0


async def test_every_profile_is_read_without_a_question(
    houses: dict[str, tuple[Served, RunningEmulator]], market: SimulatedMarket
) -> None:
    product, _ = houses["afternoon"]
    listed = {x.code for x in market.listings_on(FRIDAY) if x.kind != "OUT"}
    listed -= {x.code for x in market.listings() if x.market == "KONEX"}
    found: set[str] = set()
    with archive_of(product) as archive:
        deadline = waiting.monotonic() + PATIENCE
        while waiting.monotonic() < deadline and found != listed:
            await anyio.sleep(0.5)
            found = set(await archive.profiles_of(FRIDAY))
        await archive.close()
    assert found == listed


def test_what_was_harvested_answers_the_next_question(
    houses: dict[str, tuple[Served, RunningEmulator]], market: SimulatedMarket
) -> None:
    product, _ = houses["afternoon"]
    truth = of_the_afternoon(market)
    answer = product.call("get_investor_ranking", investor_type="INDIVIDUAL", count=100)
    assert answer["meta"]["session"] == FRIDAY.isoformat()
    assert not answer["meta"]["is_final"]
    assert [(row["stock_code"], row["net_amount"]) for row in answer["ranking"]] == [
        (row["stock_code"], row["net_amount"])
        for row in truth.ranking(investor_type="INDIVIDUAL")
    ]


def of_the_afternoon(market: SimulatedMarket) -> FlowDay:
    """Flows and quotes at a quarter to four."""
    at = datetime.combine(FRIDAY, time(15, 45), KST)
    return harvested_day(market, at, at)


def items(truth: FlowDay, flows: InvestorFlows) -> list[Listed]:
    """The emulator's own listings in the rows of the flows."""
    by_code = {item.code: item for item in truth.listed}
    return [by_code[item.ticker] for item in flows.listings]


async def harvested(archive: SqlArchive, count: int) -> InvestorFlows:
    """KRX's flows, once they are known of so many stocks; programs too."""
    deadline = waiting.monotonic() + PATIENCE
    flows: InvestorFlows | None = None
    while waiting.monotonic() < deadline:
        flows = await archive.flows(Venue.KRX, FRIDAY)
        if flows and all(flows.known[x].sum() == count for x in Investor):
            break
        await anyio.sleep(0.5)
    assert flows is not None
    return flows
