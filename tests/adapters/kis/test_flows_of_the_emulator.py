"""Investors and programs over the wire, against a market whose truth is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.investors import KisInvestors
from domain.investors import Flow, Investor
from domain.listing import Market, Shares, Ticker, Venue, Won
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.flow_columns import Side
from tests.kis_emulator.flow_split import Investor as Who
from tests.kis_emulator.flows import flows_of, millions, thousands
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.market_flows import market_flows
from tests.kis_emulator.programs import PROGRAM, program_of, program_on
from tests.kis_emulator.server import running_emulator
from tests.kis_emulator.slots import estimates_of

TODAY, BEFORE = date(2026, 11, 20), date(2026, 11, 19)
MILLION = 1_000_000
PLACES = [(Venue.KRX, "J"), (Venue.NXT, "NX")]
OWNERS = {
    Investor.FOREIGN: Who.FOREIGN,
    Investor.INSTITUTION: Who.INSTITUTION,
    Investor.INDIVIDUAL: Who.INDIVIDUAL,
}


@pytest.fixture(scope="module")
def simulated() -> SimulatedMarket:
    return SimulatedMarket(stocks=300, etf=20, etn=10, nxt=60)


@pytest.fixture(scope="module")
def heavy(simulated: SimulatedMarket) -> Ticker:
    """The stock that trades most at NXT."""
    figures = simulated.snapshot("NX", at(10, 30))
    return Ticker(figures.codes[int(figures.trading_value.argmax())])


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=KST)


@asynccontextmanager
async def investors_at(
    simulated: SimulatedMarket, folder: Path, moment: datetime
) -> AsyncIterator[KisInvestors]:
    clock = EmulatorClock(moment)
    with running_emulator(market=simulated, clock=clock, rate_limit=500) as emulator:
        async with wired(emulator.base_url, folder, clock) as wire:
            yield KisInvestors(KisFlowClient(wire.transport), clock)


def exactly(side: Side | None) -> Flow:
    assert side is not None
    return Flow(
        buy_amount=Won(side.buy_amount),
        sell_amount=Won(side.sell_amount),
        buy_volume=Shares(side.buy_volume),
        sell_volume=Shares(side.sell_volume),
    )


def in_millions(side: Side | None, *, volumes_in: int = 1) -> Flow:
    assert side is not None
    return Flow(
        buy_amount=Won(millions(side.buy_amount) * MILLION),
        sell_amount=Won(millions(side.sell_amount) * MILLION),
        buy_volume=Shares(_rounded(side.buy_volume, volumes_in)),
        sell_volume=Shares(_rounded(side.sell_volume, volumes_in)),
    )


def _rounded(shares: int, unit: int) -> int:
    return shares if unit == 1 else thousands(shares) * unit


@pytest.mark.parametrize(("venue", "division"), PLACES)
@pytest.mark.parametrize(
    ("moment", "newest"),
    [(at(10, 30), BEFORE), (at(15, 45), TODAY), (at(20, 30), TODAY)],
)
async def test_daily_flows_are_what_is_shown_at_the_time(  # noqa: PLR0913
    simulated: SimulatedMarket,
    tmp_path: Path,
    heavy: Ticker,
    *,
    venue: Venue,
    division: str,
    moment: datetime,
    newest: date,
) -> None:
    async with investors_at(simulated, tmp_path, moment) as investors:
        with capture_logs() as logs:
            days = await investors.daily_flows(heavy, venue)

    true = flows_of(simulated, division, newest, moment)
    assert true is not None
    assert "kis.doubtful_flows" not in [line["event"] for line in logs]
    assert (days[0].session, len(days)) == (newest, 30 if newest == TODAY else 29)
    assert days[0].flows == {
        investor: in_millions(true.side(heavy, who)) for investor, who in OWNERS.items()
    }


@pytest.mark.parametrize(("venue", "division"), PLACES)
async def test_daily_programs_are_true_to_the_won(
    simulated: SimulatedMarket,
    tmp_path: Path,
    heavy: Ticker,
    venue: Venue,
    division: str,
) -> None:
    async with investors_at(simulated, tmp_path, at(20, 30)) as investors:
        with capture_logs() as logs:
            days = await investors.daily_programs(heavy, venue)

    assert "kis.doubtful_flows" not in [line["event"] for line in logs]
    assert [day.session for day in days[:2]] == [TODAY, BEFORE]
    for day in days[:2]:
        true = program_on(simulated, division, day.session)
        assert day.flows == {Investor.PROGRAM: exactly(true.side(heavy, PROGRAM))}


@pytest.mark.parametrize(("venue", "division"), [*PLACES, (Venue.ALL, "UN")])
async def test_programs_so_far_are_true_to_the_won(
    simulated: SimulatedMarket,
    tmp_path: Path,
    heavy: Ticker,
    venue: Venue,
    division: str,
) -> None:
    async with investors_at(simulated, tmp_path, at(13, 0)) as investors:
        now = await investors.program_now(heavy, venue)

    true = program_of(simulated, division, at(13, 0))
    assert now == exactly(true.side(heavy, PROGRAM))


async def test_before_the_open_there_are_no_programs_yet(
    simulated: SimulatedMarket, tmp_path: Path, heavy: Ticker
) -> None:
    async with investors_at(simulated, tmp_path, at(7, 30)) as investors:
        assert await investors.program_now(heavy, Venue.KRX) is None


@pytest.mark.parametrize("selling", [False, True])
@pytest.mark.parametrize("market", list(Market))
@pytest.mark.parametrize("investor", [Investor.FOREIGN, Investor.INSTITUTION])
async def test_slot_leaders_are_the_largest_entries(
    simulated: SimulatedMarket,
    tmp_path: Path,
    investor: Investor,
    market: Market,
    *,
    selling: bool,
) -> None:
    moment = at(13, 0)
    async with investors_at(simulated, tmp_path, moment) as investors:
        nets = await investors.slot_leaders(market, investor, selling=selling)

    entered = estimates_of(simulated, moment)
    assert entered is not None
    figures = simulated.snapshot("J", moment)
    column = entered.foreign if investor is Investor.FOREIGN else entered.institution
    worth = column * figures.price * (-1 if selling else 1)
    here = {
        item.code
        for item in simulated.listings()
        if item.market == market.name and item.kind != "OUT"
    }
    ranked = sorted(
        (row for row in range(len(worth)) if figures.codes[row] in here),
        key=lambda row: -int(worth[row]),
    )
    expected = [row for row in ranked if worth[row] > 0][:30]
    assert nets.slot == time(11, 20)
    assert [(net.ticker, net.net_volume, net.net_amount) for net in nets.rows] == [
        (
            figures.codes[row],
            int(column[row]),
            millions(int(column[row] * figures.price[row])) * MILLION,
        )
        for row in expected
    ]


@pytest.mark.parametrize(
    ("moment", "foreign", "institution"),
    [
        (at(9, 15), None, None),
        (at(9, 45), time(9, 30), None),
        (at(10, 15), time(9, 30), time(10)),
        (at(15, 0), time(14, 30), time(14, 30)),
    ],
)
async def test_a_list_bears_its_investors_slot(  # noqa: PLR0913
    simulated: SimulatedMarket,
    tmp_path: Path,
    heavy: Ticker,
    *,
    moment: datetime,
    foreign: time | None,
    institution: time | None,
) -> None:
    async with investors_at(simulated, tmp_path, moment) as investors:
        for investor, slot in (
            (Investor.FOREIGN, foreign),
            (Investor.INSTITUTION, institution),
        ):
            nets = await investors.slot_leaders(Market.KOSPI, investor, selling=False)
            assert (nets.slot, bool(nets.rows)) == (slot, slot is not None)
            assert (await investors.slot_net(heavy, investor))[0] == slot


async def test_a_stocks_net_is_its_entry(
    simulated: SimulatedMarket, tmp_path: Path, heavy: Ticker
) -> None:
    async with investors_at(simulated, tmp_path, at(15, 0)) as investors:
        _, net = await investors.slot_net(heavy, Investor.INSTITUTION)

    entered = estimates_of(simulated, at(15, 0))
    assert entered is not None
    assert net is not None
    assert net.net_volume == int(entered.institution[entered.row_of[heavy]])
    assert net.net_amount is None


@pytest.mark.parametrize(
    ("market", "sector", "code"),
    [
        (Market.KOSPI, None, "0001"),
        (Market.KOSDAQ, None, "1001"),
        (Market.KOSPI, "0009", "0009"),
    ],
)
async def test_a_markets_flows_are_its_members(
    simulated: SimulatedMarket,
    tmp_path: Path,
    market: Market,
    sector: str | None,
    code: str,
) -> None:
    async with investors_at(simulated, tmp_path, at(13, 0)) as investors:
        with capture_logs() as logs:
            flows = await investors.market_flows(market, sector)

    true = market_flows(simulated, code, at(13, 0))
    assert "kis.doubtful_flows" not in [line["event"] for line in logs]
    assert flows == {
        investor: in_millions(true.sides[who], volumes_in=1_000)
        for investor, who in OWNERS.items()
    }
