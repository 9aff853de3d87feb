"""Flows and programs over scripted answers; expected numbers are by hand."""

from datetime import date, datetime

import pytest
from structlog.testing import capture_logs

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.investors import KisInvestors
from adapters.kis.transport import Priority
from domain.errors import MarketDataMalformedError, MarketDataUnavailableError
from domain.investors import Flow, Investor
from domain.listing import Market, Shares, Ticker, Venue, Won
from tests.adapters.kis.fakes import (
    KST,
    Answer,
    HandClock,
    ScriptedTransport,
    good,
)
from tests.adapters.kis.flow_rows import (
    blank_day,
    investors_day,
    owners,
    program_day,
    program_moment,
)

STOCK = Ticker("000010")
AT_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=KST)


def asked(*answers: Answer) -> tuple[KisInvestors, ScriptedTransport]:
    transport = ScriptedTransport(list(answers))
    return KisInvestors(KisFlowClient(transport), HandClock(AT_NOON)), transport


def flow(buy: int, sell: int, bought: int, sold: int) -> Flow:
    return Flow(
        buy_amount=Won(buy),
        sell_amount=Won(sell),
        buy_volume=Shares(bought),
        sell_volume=Shares(sold),
    )


async def test_daily_flows_are_in_won_newest_first() -> None:
    investors, _ = asked(
        good(output=[investors_day("20261118"), investors_day("20261119")])
    )

    days = await investors.daily_flows(STOCK, Venue.KRX)

    assert [day.session for day in days] == [date(2026, 11, 19), date(2026, 11, 18)]
    assert days[0].flows == {
        Investor.FOREIGN: flow(50_000_000, 40_000_000, 500, 400),
        Investor.INSTITUTION: flow(20_000_000, 27_000_000, 200, 270),
        Investor.INDIVIDUAL: flow(30_000_000, 33_000_000, 300, 330),
    }
    assert (days[0].ticker, days[0].venue) == (STOCK, Venue.KRX)


@pytest.mark.parametrize(("venue", "sent"), [(Venue.KRX, "J"), (Venue.NXT, "NX")])
async def test_daily_flows_are_of_one_venue_and_wait_behind_others(
    venue: Venue, sent: str
) -> None:
    investors, transport = asked(good(output=[investors_day()]))

    (day,) = await investors.daily_flows(STOCK, venue)

    (request,) = transport.requests
    assert request.params == {
        "FID_COND_MRKT_DIV_CODE": sent,
        "FID_INPUT_ISCD": "000010",
    }
    assert request.path == "/uapi/domestic-stock/v1/quotations/inquire-investor"
    assert (request.tr_id, request.priority) == ("FHKST01010900", Priority.BACKGROUND)
    assert day.venue is venue


async def test_nobody_gives_both_venues_days_in_one() -> None:
    investors, transport = asked(good(output=[]))
    with pytest.raises(ValueError, match="per venue"):
        await investors.daily_flows(STOCK, Venue.ALL)
    with pytest.raises(ValueError, match="per venue"):
        await investors.daily_programs(STOCK, Venue.ALL)
    assert transport.requests == []


async def test_a_session_without_figures_yet_is_left_out() -> None:
    investors, _ = asked(good(output=[blank_day(), investors_day("20261119")]))
    days = await investors.daily_flows(STOCK, Venue.KRX)
    assert [day.session for day in days] == [date(2026, 11, 19)]


async def test_an_investor_with_a_blank_side_is_left_out_of_the_session() -> None:
    investors, _ = asked(good(output=[investors_day(orgn_seln_vol="")]))
    (day,) = await investors.daily_flows(STOCK, Venue.KRX)
    assert set(day.flows) == {Investor.FOREIGN, Investor.INDIVIDUAL}


async def test_a_halted_stocks_zeros_are_real() -> None:
    zeros = dict.fromkeys(owners(), "0")
    investors, _ = asked(good(output=[{"stck_bsop_date": "20261119", **zeros}]))
    (day,) = await investors.daily_flows(STOCK, Venue.KRX)
    assert day.flows[Investor.FOREIGN] == flow(0, 0, 0, 0)


async def test_a_bad_row_is_counted_and_the_others_stand() -> None:
    rows = [investors_day("20261119", frgn_shnu_vol="5O0"), investors_day("20261118")]
    investors, _ = asked(good(output=rows))

    with capture_logs() as logs:
        days = await investors.daily_flows(STOCK, Venue.KRX)

    assert [day.session for day in days] == [date(2026, 11, 18)]
    assert [(line["event"], line["rows"]) for line in logs] == [("kis.bad_rows", 1)]


async def test_a_list_of_which_nothing_can_be_read_is_no_empty_list() -> None:
    investors, _ = asked(good(output=[investors_day(prsn_shnu_vol="3x0")]))
    with pytest.raises(MarketDataMalformedError, match="prsn_shnu_vol"):
        await investors.daily_flows(STOCK, Venue.KRX)


async def test_a_stock_of_which_nothing_is_known_has_no_sessions() -> None:
    investors, _ = asked(good(output=[]))
    assert await investors.daily_flows(STOCK, Venue.NXT) == ()


async def test_rounding_by_one_raises_no_doubt() -> None:
    row = investors_day(frgn_ntby_tr_pbmn="11", orgn_ntby_qty="-71")
    investors, _ = asked(good(output=[row]))

    with capture_logs() as logs:
        (day,) = await investors.daily_flows(STOCK, Venue.KRX)

    assert logs == []
    assert day.flows[Investor.FOREIGN].net_amount == 10_000_000


async def test_a_net_that_its_sides_do_not_give_is_kept_and_told() -> None:
    row = investors_day(frgn_ntby_tr_pbmn="12", prsn_ntby_qty="-32")
    investors, _ = asked(good(output=[row]))

    with capture_logs() as logs:
        (day,) = await investors.daily_flows(STOCK, Venue.KRX)

    assert day.flows[Investor.FOREIGN].net_amount == 10_000_000
    (line,) = logs
    assert (line["event"], line["code"]) == ("kis.doubtful_flows", "000010")
    assert line["first"] == ["2026-11-19:FOREIGN", "2026-11-19:INDIVIDUAL"]


async def test_what_no_stock_can_have_is_not_known() -> None:
    investors, _ = asked(good(output=[investors_day(frgn_shnu_tr_pbmn="9" * 12)]))

    with capture_logs() as logs:
        (day,) = await investors.daily_flows(STOCK, Venue.KRX)

    assert Investor.FOREIGN not in day.flows
    assert [line["event"] for line in logs] == ["kis.doubtful_flows"]


async def test_daily_programs_are_in_won_already() -> None:
    investors, transport = asked(
        good(output=[program_day("20261119"), program_day("20261118")])
    )

    days = await investors.daily_programs(STOCK, Venue.NXT)

    assert [day.session for day in days] == [date(2026, 11, 19), date(2026, 11, 18)]
    assert days[0].flows == {Investor.PROGRAM: flow(3_000_000, 2_000_000, 300, 200)}
    assert transport.requests[0].params == {
        "FID_COND_MRKT_DIV_CODE": "NX",
        "FID_INPUT_ISCD": "000010",
        "FID_INPUT_DATE_1": "",
    }
    assert transport.requests[0].priority is Priority.BACKGROUND


async def test_a_blank_day_of_programs_is_left_out() -> None:
    investors, _ = asked(
        good(output=[program_day("20261120", whol_smtn_seln_vol=""), program_day()])
    )
    days = await investors.daily_programs(STOCK, Venue.KRX)
    assert [day.session for day in days] == [date(2026, 11, 19)]


@pytest.mark.parametrize(
    "changes",
    [
        {"whol_smtn_ntby_tr_pbmn": "1000002"},
        {"whol_smtn_ntby_qty": "98"},
        {"acml_vol": "299"},
        {"acml_tr_pbmn": "2999999"},
    ],
)
async def test_programs_that_cannot_be_are_told(changes: dict[str, str]) -> None:
    investors, _ = asked(good(output=[program_day(**changes)]))

    with capture_logs() as logs:
        (day,) = await investors.daily_programs(STOCK, Venue.KRX)

    assert Investor.PROGRAM in day.flows
    assert [line["first"] for line in logs] == [["2026-11-19:PROGRAM"]]


@pytest.mark.parametrize(
    ("venue", "sent"), [(Venue.KRX, "J"), (Venue.NXT, "NX"), (Venue.ALL, "UN")]
)
async def test_programs_so_far_are_the_newest_moments(venue: Venue, sent: str) -> None:
    investors, transport = asked(
        good(
            output=[
                program_moment("115958", whol_smtn_shnu_tr_pbmn="2500000"),
                program_moment("115959"),
                program_moment("115959", whol_smtn_shnu_tr_pbmn="2900000"),
            ]
        )
    )

    assert await investors.program_now(STOCK, venue) == flow(
        3_000_000, 2_000_000, 300, 200
    )

    (request,) = transport.requests
    assert request.params["FID_COND_MRKT_DIV_CODE"] == sent
    assert (request.tr_id, request.priority) == ("FHPPG04650101", Priority.INTERACTIVE)


async def test_no_programs_yet_are_none() -> None:
    investors, _ = asked(good(output=[]))
    assert await investors.program_now(STOCK, Venue.KRX) is None


async def test_programs_ahead_of_the_clock_are_of_another_day() -> None:
    investors, _ = asked(good(output=[program_moment("153004")]))
    assert await investors.program_now(STOCK, Venue.KRX) is None


async def test_a_broker_clock_some_seconds_ahead_is_no_other_day() -> None:
    investors, _ = asked(good(output=[program_moment("120003")]))
    assert await investors.program_now(STOCK, Venue.KRX) is not None


@pytest.mark.parametrize(
    ("market", "sector", "sent"),
    [
        (Market.KOSPI, None, ("KSP", "0001")),
        (Market.KOSDAQ, None, ("KSQ", "1001")),
        (Market.KOSPI, "0009", ("KSP", "0009")),
    ],
)
async def test_a_markets_flows_are_asked_by_market_and_industry(
    market: Market, sector: str | None, sent: tuple[str, str]
) -> None:
    investors, transport = asked(good(output=[owners()]))

    await investors.market_flows(market, sector)

    (request,) = transport.requests
    assert request.params == {"fid_input_iscd": sent[0], "fid_input_iscd_2": sent[1]}
    assert (request.tr_id, request.priority) == ("FHPTJ04030000", Priority.INTERACTIVE)


async def test_a_markets_flows_are_in_won_and_shares() -> None:
    investors, _ = asked(good(output=[owners(prsn_shnu_vol="")]))

    flows = await investors.market_flows(Market.KOSPI)

    assert flows == {
        Investor.FOREIGN: flow(50_000_000, 40_000_000, 500_000, 400_000),
        Investor.INSTITUTION: flow(20_000_000, 27_000_000, 200_000, 270_000),
    }


async def test_a_market_without_a_row_is_no_market_without_flows() -> None:
    investors, transport = asked(good(output=[]))
    with pytest.raises(MarketDataUnavailableError):
        await investors.market_flows(Market.KOSPI)
    assert len(transport.requests) == 4


async def test_a_doubtful_market_is_told_by_its_code() -> None:
    investors, _ = asked(good(output=[owners(orgn_ntby_tr_pbmn="-9")]))

    with capture_logs() as logs:
        await investors.market_flows(Market.KOSDAQ)

    assert [(line["code"], line["first"]) for line in logs] == [
        ("1001", ["INSTITUTION"])
    ]


async def test_a_blank_market_tells_nothing_of_anybody() -> None:
    investors, _ = asked(good(output=[dict.fromkeys(owners(), "")]))
    assert await investors.market_flows(Market.KOSPI) == {}
