"""Past sessions behind the port, by hand."""

from datetime import date, time

import numpy as np
import pytest
from structlog.testing import capture_logs

from adapters.kis.transport import KisResponse, Priority
from domain.errors import MarketDataMalformedError
from domain.listing import Market, Ticker, Venue
from domain.marks import Mark
from tests.adapters.kis.fakes import good
from tests.adapters.kis.past_wire import scripted

TICKER = Ticker("000010")
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 19)
THURSDAY, WEDNESDAY = date(2026, 11, 19), date(2026, 11, 18)


def bar(day: str = "20261119", **changes: str) -> dict[str, str]:
    """Rose by 100 to 10,100 on 300 shares."""
    return {
        "stck_bsop_date": day,
        "stck_clpr": "10100",
        "stck_oprc": "10000",
        "stck_hgpr": "10200",
        "stck_lwpr": "9900",
        "acml_vol": "300",
        "acml_tr_pbmn": "3030000",
        "flng_cls_code": "00",
        "prtt_rate": "0.00",
        "mod_yn": "N",
        "prdy_vrss_sign": "2",
        "prdy_vrss": "100",
        "revl_issu_reas": "",
        **changes,
    }


def answer(*rows: object, code: str = "000010") -> KisResponse:
    head = {"stck_shrn_iscd": code, "lstn_stcn": "1234567"}
    return good(output1=head, output2=list(rows))


async def test_bars_come_oldest_first_with_the_base_price_of_the_day() -> None:
    wire, transport = scripted(
        answer(
            bar("20261119"),
            bar("20261118", prdy_vrss="-300", prdy_vrss_sign="5", flng_cls_code="01"),
            {},
        )
    )

    bars = await wire.bars.daily_bars(TICKER, Venue.NXT, FIRST, LAST)

    assert bars.sessions == (WEDNESDAY, THURSDAY)
    assert bars.base_price.tolist() == [10_400, 10_000]
    assert bars.price.tolist() == [10_100, 10_100]
    assert (bars.open[0], bars.high[0], bars.low[0]) == (10_000, 10_200, 9_900)
    assert (bars.volume[0], bars.trading_value[0]) == (300, 3_030_000)
    assert bars.marks.tolist() == [int(Mark.EX_RIGHTS), 0]
    assert (bars.ticker, bars.venue, bars.listed_shares) == (
        TICKER,
        Venue.NXT,
        1_234_567,
    )
    assert all(
        getattr(bars, name).dtype == np.int64 for name in ("price", "volume", "marks")
    )
    (request,) = transport.requests
    assert (request.priority, request.params["FID_ORG_ADJ_PRC"]) == (
        Priority.BACKGROUND,
        "1",
    )


@pytest.mark.parametrize(
    ("change", "sign", "base"),
    [
        ("100", "2", 10_000),
        ("100", "1", 10_000),
        ("100", "5", 10_200),
        ("100", "4", 10_200),
        ("-100", "5", 10_200),
        ("-100", "", 10_200),
        ("0", "3", 10_100),
        ("0", "", 10_100),
    ],
)
async def test_a_change_without_a_minus_falls_where_its_sign_says_so(
    change: str, sign: str, base: int
) -> None:
    wire, _ = scripted(answer(bar(prdy_vrss=change, prdy_vrss_sign=sign)))
    bars = await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)
    assert bars.base_price.tolist() == [base]


async def test_a_day_without_a_trade_has_its_price_alone() -> None:
    halted = bar(
        stck_oprc="10100",
        stck_hgpr="10100",
        stck_lwpr="10100",
        acml_vol="0",
        acml_tr_pbmn="0",
        mod_yn="Y",
        prdy_vrss="0",
        prdy_vrss_sign="3",
    )
    wire, _ = scripted(answer(halted))

    bars = await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)

    assert (bars.price.tolist(), bars.base_price.tolist()) == ([10_100], [10_100])
    assert [
        int(getattr(bars, name)[0])
        for name in ("open", "high", "low", "volume", "trading_value")
    ] == [0] * 5


async def test_a_volume_on_a_day_marked_without_a_trade_is_told() -> None:
    wire, _ = scripted(answer(bar(mod_yn="Y")))
    with capture_logs() as lines:
        bars = await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)
    assert bars.volume.tolist() == [0]
    assert [
        line["first"] for line in lines if line["event"] == "kis.volume_without_trade"
    ] == [["2026-11-19"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"acml_vol": "12a4"}, "acml_vol"),
        ({"stck_clpr": ""}, "stck_clpr"),
        ({"stck_clpr": "0", "prdy_vrss": "0"}, "stck_clpr"),
        ({"prdy_vrss": ""}, "prdy_vrss"),
        ({"prdy_vrss": "10100"}, "prdy_vrss"),
        ({"prdy_vrss_sign": "3"}, "prdy_vrss_sign"),
        ({"prdy_vrss_sign": ""}, "prdy_vrss_sign"),
        ({"flng_cls_code": "0A"}, "flng_cls_code"),
        ({"acml_tr_pbmn": "9" * 25}, "acml_tr_pbmn"),
        ({"stck_bsop_date": "20261118"}, "stck_bsop_date"),
        ({"stck_bsop_date": "20261131"}, "stck_bsop_date"),
    ],
)
async def test_one_bad_bar_spoils_the_whole_answer(
    changes: dict[str, str], field: str
) -> None:
    wire, _ = scripted(answer(bar("20261119") | changes, bar("20261118")))
    with pytest.raises(MarketDataMalformedError) as caught:
        await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)
    assert caught.value.field == field


async def test_another_stocks_bars_are_refused() -> None:
    wire, _ = scripted(answer(bar(), code="000020"))
    with pytest.raises(MarketDataMalformedError, match="stck_shrn_iscd"):
        await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)


async def test_an_etn_may_come_without_its_q() -> None:
    wire, _ = scripted(answer(bar(), code="530036"))
    bars = await wire.bars.daily_bars(Ticker("Q530036"), Venue.KRX, FIRST, LAST)
    assert bars.ticker == "Q530036"


async def test_no_bars_are_an_answer() -> None:
    wire, _ = scripted(good(output1={}, output2=[]))
    bars = await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)
    assert (bars.sessions, bars.price.shape, bars.listed_shares) == ((), (0,), None)


async def test_days_that_were_not_asked_for_are_left_out() -> None:
    wire, _ = scripted(answer(bar("20261120"), bar("20261119"), bar("20261030")))
    bars = await wire.bars.daily_bars(TICKER, Venue.KRX, FIRST, LAST)
    assert bars.sessions == (THURSDAY,)


def minute(label: str, value: str, day: str = "20261119") -> dict[str, str]:
    return {
        "stck_bsop_date": day,
        "stck_cntg_hour": label,
        "stck_prpr": "10000",
        "stck_oprc": "10000",
        "stck_hgpr": "10000",
        "stck_lwpr": "10000",
        "cntg_vol": "1",
        "acml_tr_pbmn": value,
    }


def minutes(*rows: object) -> KisResponse:
    return good(output1={}, output2=list(rows))


async def test_a_value_so_far_is_that_of_the_newest_bar_by_then() -> None:
    wire, transport = scripted(
        minutes(minute("103100", "9"), minute("102900", "7"), minute("090000", "5"))
    )

    value = await wire.bars.value_at(TICKER, Venue.KRX, THURSDAY, time(10, 30, 59))

    assert value == 7
    (request,) = transport.requests
    assert request.priority is Priority.INTERACTIVE
    assert request.params["FID_INPUT_HOUR_1"] == "103000"


async def test_a_bar_off_the_grid_counts_for_its_minute() -> None:
    wire, _ = scripted(minutes(minute("103011", "9"), minute("102911", "7")))
    assert await wire.bars.value_at(TICKER, Venue.KRX, THURSDAY, time(10, 30)) == 9


@pytest.mark.parametrize(
    "rows", [(), (minute("153000", "9", day="20261118"),), (minute("103100", "9"),)]
)
async def test_nothing_traded_by_then_is_none(rows: tuple[dict[str, str], ...]) -> None:
    wire, _ = scripted(minutes(*rows))
    found = await wire.bars.value_at(TICKER, Venue.KRX, THURSDAY, time(10, 30))
    assert found is None


@pytest.mark.parametrize(
    "bad", [minute("103000", "12a4"), minute("", "9"), minute("103000", "9" * 25)]
)
async def test_a_bad_bar_that_may_be_the_newest_is_an_error(
    bad: dict[str, str],
) -> None:
    wire, _ = scripted(minutes(bad, minute("102900", "7")))
    with pytest.raises(MarketDataMalformedError):
        await wire.bars.value_at(TICKER, Venue.KRX, THURSDAY, time(10, 30))


async def test_a_bad_bar_before_the_newest_does_no_harm() -> None:
    wire, _ = scripted(minutes(minute("103000", "9"), minute("102900", "1 2")))
    assert await wire.bars.value_at(TICKER, Venue.KRX, THURSDAY, time(10, 30)) == 9


async def test_both_venues_at_once_are_refused() -> None:
    wire, transport = scripted(minutes())
    with pytest.raises(ValueError, match="venue"):
        await wire.bars.value_at(TICKER, Venue.ALL, THURSDAY, time(10, 30))
    with pytest.raises(ValueError, match="venue"):
        await wire.bars.daily_bars(TICKER, Venue.ALL, FIRST, LAST)
    assert transport.requests == []


def index_day(day: str, millions: str = "8000000") -> dict[str, str]:
    return {"stck_bsop_date": day, "acml_tr_pbmn": millions}


async def test_totals_are_paged_back_to_the_first_day() -> None:
    wire, transport = scripted(
        good(output2=[index_day("20261119", "10"), index_day("20261118", "9")]),
        good(output2=[index_day("20261117", "8"), index_day("20261030", "7")]),
    )

    totals = await wire.bars.official_totals(Market.KOSDAQ, FIRST, LAST)

    assert totals == {
        date(2026, 11, 19): 10_000_000,
        date(2026, 11, 18): 9_000_000,
        date(2026, 11, 17): 8_000_000,
    }
    assert [
        (request.params["FID_INPUT_ISCD"], request.params["FID_INPUT_DATE_1"])
        for request in transport.requests
    ] == [("1001", "20261119"), ("1001", "20261117")]
    assert {request.priority for request in transport.requests} == {Priority.BACKGROUND}


async def test_totals_end_where_the_list_ends_or_repeats() -> None:
    ended, first = scripted(good(output2=[index_day("20261119")]), good(output2=[]))
    same, second = scripted(good(output2=[index_day("20261119")]))

    assert list(await ended.bars.official_totals(Market.KOSPI, FIRST, LAST)) == [LAST]
    assert list(await same.bars.official_totals(Market.KOSPI, FIRST, LAST)) == [LAST]
    assert (len(first.requests), len(second.requests)) == (2, 2)


async def test_a_bad_total_and_one_of_zero_are_missing() -> None:
    rows = [
        index_day("20261119", "0"),
        index_day("20261118", "12a4"),
        index_day("20261102", "5"),
    ]
    wire, _ = scripted(good(output2=rows))
    totals = await wire.bars.official_totals(Market.KOSPI, FIRST, LAST)
    assert totals == {date(2026, 11, 2): 5_000_000}


async def test_a_page_without_one_good_total_is_an_error() -> None:
    wire, _ = scripted(good(output2=[index_day("20261118", "12a4")]))
    with pytest.raises(MarketDataMalformedError, match="acml_tr_pbmn"):
        await wire.bars.official_totals(Market.KOSPI, FIRST, LAST)
