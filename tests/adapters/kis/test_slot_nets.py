"""The nets of slots over scripted answers; expected numbers are by hand."""

from datetime import datetime, time

import pytest

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.investors import KisInvestors
from adapters.kis.transport import KisRequest, KisResponse, Priority
from application.ports.past_data import SlotNets
from domain.errors import MarketDataMalformedError
from domain.investors import Investor, SlotNet
from domain.listing import Market, Shares, Ticker, Won
from tests.adapters.kis.fakes import KST, HandClock, ScriptedTransport, good
from tests.adapters.kis.flow_rows import estimate, leader

FOREIGN, INSTITUTION = Investor.FOREIGN, Investor.INSTITUTION
STOCK = Ticker("000010")
LIST = "FHPTJ04400000"

Rows = list[dict[str, str]]


def scripted(leaders: Rows, estimates: Rows) -> ScriptedTransport:
    def answer(request: KisRequest) -> KisResponse:
        if request.tr_id == LIST:
            return good(output=leaders)
        return good(output2=estimates)

    return ScriptedTransport([answer])


def at(hour: int, minute: int, transport: ScriptedTransport) -> KisInvestors:
    clock = HandClock(datetime(2026, 11, 20, hour, minute, tzinfo=KST))
    return KisInvestors(KisFlowClient(transport), clock)


def net(code: str, millions: int) -> SlotNet:
    return SlotNet(
        ticker=Ticker(code),
        net_volume=Shares(millions * 1_000),
        net_amount=Won(millions * 1_000_000),
    )


def entered(upto: int) -> Rows:
    """Slots up to one, newest first: foreigners -1,000 a slot, institutions 2,000.

    Foreigners keep their first figure in the second; institutions have no first.
    """
    foreign = [-1_000, -1_000, -3_000, -4_000, -5_000]
    institution = [0, 4_000, 6_000, 8_000, 10_000]
    slots = [
        estimate(slot, foreign[slot - 1], institution[slot - 1])
        for slot in range(1, upto + 1)
    ]
    return slots[::-1]


async def test_net_buyers_are_asked_by_amount_on_the_papers_screen() -> None:
    transport = scripted([leader("000010", foreign=5)], entered(3))

    await at(12, 0, transport).slot_leaders(Market.KOSPI, FOREIGN, selling=False)

    listed, slots = transport.requests
    assert listed.params == {
        "FID_COND_MRKT_DIV_CODE": "V",
        "FID_COND_SCR_DIV_CODE": "16449",
        "FID_INPUT_ISCD": "0001",
        "FID_DIV_CLS_CODE": "1",
        "FID_RANK_SORT_CLS_CODE": "0",
        "FID_ETC_CLS_CODE": "1",
    }
    assert (slots.tr_id, slots.params) == (
        "HHPTJ04160200",
        {"MKSC_SHRN_ISCD": "000010"},
    )
    assert {listed.priority, slots.priority} == {Priority.INTERACTIVE}


async def test_institutions_selling_on_kosdaq_are_asked_as_such() -> None:
    transport = scripted([leader("000010", foreign=0, institution=-5)], entered(3))

    await at(12, 0, transport).slot_leaders(Market.KOSDAQ, INSTITUTION, selling=True)

    params = transport.requests[0].params
    assert params["FID_INPUT_ISCD"] == "1001"
    assert (params["FID_RANK_SORT_CLS_CODE"], params["FID_ETC_CLS_CODE"]) == ("1", "2")


async def test_net_buyers_come_largest_first_with_their_slot() -> None:
    leaders = [leader("000010", foreign=7), leader("000020", foreign=9)]
    investors = at(12, 0, scripted(leaders, entered(3)))

    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=False)

    assert nets == SlotNets(
        slot=time(11, 20), rows=(net("000020", 9), net("000010", 7))
    )


async def test_rows_on_the_wrong_side_only_fill_the_list() -> None:
    leaders = [
        leader("000010", foreign=-9),
        leader("000020", foreign=0),
        leader("000030", foreign=4),
        leader("000010", foreign=-9),
    ]
    investors = at(12, 0, scripted(leaders, entered(3)))

    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=True)

    assert nets.rows == (net("000010", -9),)


async def test_a_net_of_less_than_a_million_won_is_still_on_its_side() -> None:
    leaders = [{**leader("000010", foreign=1), "frgn_ntby_tr_pbmn": "0"}]
    investors = at(12, 0, scripted(leaders, entered(3)))
    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=False)
    assert nets.rows == (
        SlotNet(ticker=STOCK, net_volume=Shares(1_000), net_amount=Won(0)),
    )


async def test_an_investors_own_columns_are_read() -> None:
    leaders = [leader("000010", foreign=-9, institution=4)]
    investors = at(12, 0, scripted(leaders, entered(3)))
    nets = await investors.slot_leaders(Market.KOSPI, INSTITUTION, selling=False)
    assert nets.rows == (net("000010", 4),)


async def test_a_blank_amount_is_not_given_and_blank_shares_are_no_row() -> None:
    leaders = [
        {**leader("000010", foreign=3), "frgn_ntby_tr_pbmn": ""},
        {**leader("000020", foreign=2), "frgn_ntby_qty": ""},
    ]
    investors = at(12, 0, scripted(leaders, entered(3)))

    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=False)

    assert nets.rows == (SlotNet(ticker=STOCK, net_volume=Shares(3_000)),)


async def test_an_empty_list_has_no_slot_and_asks_no_further() -> None:
    transport = scripted([], entered(5))
    nets = await at(9, 10, transport).slot_leaders(Market.KOSPI, FOREIGN, selling=False)
    assert nets == SlotNets(slot=None, rows=())
    assert len(transport.requests) == 1


async def test_yesterdays_list_before_the_first_slot_is_none_of_todays() -> None:
    investors = at(9, 10, scripted([leader("000010", foreign=5)], entered(5)))
    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=False)
    assert nets == SlotNets(slot=None, rows=())


async def test_a_list_whose_first_stock_has_no_slots_takes_the_seconds() -> None:
    rows = [leader("069500", foreign=9), leader("000010", foreign=8)]

    def answer(request: KisRequest) -> KisResponse:
        if request.tr_id == LIST:
            return good(output=rows)
        is_fund = request.params["MKSC_SHRN_ISCD"] == "069500"
        return good(output2=[] if is_fund else entered(4))

    investors = at(14, 0, ScriptedTransport([answer]))

    nets = await investors.slot_leaders(Market.KOSPI, FOREIGN, selling=False)

    assert (nets.slot, len(nets.rows)) == (time(13, 20), 2)


@pytest.mark.parametrize("investor", [Investor.INDIVIDUAL, Investor.PROGRAM])
async def test_of_others_nothing_is_entered(investor: Investor) -> None:
    investors = at(12, 0, scripted([], []))
    with pytest.raises(ValueError, match=investor.name):
        await investors.slot_leaders(Market.KOSPI, investor, selling=False)
    with pytest.raises(ValueError, match=investor.name):
        await investors.slot_net(STOCK, investor)


@pytest.mark.parametrize(
    ("hour", "minute", "upto", "foreign", "institution"),
    [
        (9, 15, 0, None, None),
        (9, 40, 1, (time(9, 30), -1_000), None),
        (10, 5, 2, (time(9, 30), -1_000), (time(10), 4_000)),
        (11, 30, 3, (time(11, 20), -3_000), (time(11, 20), 6_000)),
        (14, 0, 4, (time(13, 20), -4_000), (time(13, 20), 8_000)),
        (14, 22, 5, (time(14, 30), -5_000), (time(14, 30), 10_000)),
        (19, 0, 5, (time(14, 30), -5_000), (time(14, 30), 10_000)),
    ],
)
async def test_a_net_is_of_the_newest_slot_of_its_investor(
    hour: int,
    minute: int,
    upto: int,
    foreign: tuple[time, int] | None,
    institution: tuple[time, int] | None,
) -> None:
    investors = at(hour, minute, scripted([], entered(upto)))
    for investor, expected in ((FOREIGN, foreign), (INSTITUTION, institution)):
        slot, found = await investors.slot_net(STOCK, investor)
        assert (slot, found) == (
            (expected[0], SlotNet(ticker=STOCK, net_volume=Shares(expected[1])))
            if expected
            else (None, None)
        )


async def test_a_figure_that_changed_at_ten_was_entered_at_ten() -> None:
    rows = [estimate(2, -38_000, 22_000), estimate(1, -23_000, 0)]  # as recorded
    slot, found = await at(10, 5, scripted([], rows)).slot_net(STOCK, FOREIGN)
    assert (slot, found) == (
        time(10),
        SlotNet(ticker=STOCK, net_volume=Shares(-38_000)),
    )


async def test_a_blank_is_not_entered_yet() -> None:
    rows = [{**estimate(3, 0, 6_000), "frgn_fake_ntby_qty": " "}, *entered(2)]
    slot, found = await at(11, 18, scripted([], rows)).slot_net(STOCK, FOREIGN)
    assert slot == time(9, 30)
    assert found == SlotNet(ticker=STOCK, net_volume=Shares(-1_000))


async def test_slots_of_which_none_can_be_read_are_not_none() -> None:
    rows = [{**estimate(1, 1, 1), "frgn_fake_ntby_qty": "1O"}]
    with pytest.raises(MarketDataMalformedError):
        await at(12, 0, scripted([], rows)).slot_net(STOCK, FOREIGN)
