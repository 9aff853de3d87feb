from datetime import date

import pytest

from adapters.kis.client import KisClient
from adapters.kis.errors import (
    KisParameterError,
    KisTokenRejectedError,
    KisTransientError,
    KisUnreachableError,
)
from adapters.kis.payloads.rows import RejectedRow
from adapters.kis.requests import RankMeasure
from adapters.kis.transport import KisResponse, Priority
from domain.errors import (
    MarketDataMalformedError,
    MarketDataRefusedError,
    MarketDataUnavailableError,
)
from tests.adapters.kis.fakes import (
    Answer,
    ScriptedTransport,
    answered,
    failed,
    good,
    quote_row,
)

INVALID = {"rt_cd": "2", "msg_cd": "OPSQ2001", "msg1": "ERROR INVALID FID_X"}
TIME = {"today": "20261120", "time": "103000"}


async def test_a_multi_quote_sends_a_division_and_a_code_per_slot() -> None:
    transport = ScriptedTransport([good(output=[quote_row("000010")])])

    answer = await KisClient(transport).multi_quote(
        [("J", "000010"), ("NX", "0004V0")], priority=Priority.BACKGROUND
    )

    (request,) = transport.requests
    assert request.params == {
        "FID_COND_MRKT_DIV_CODE_1": "J",
        "FID_INPUT_ISCD_1": "000010",
        "FID_COND_MRKT_DIV_CODE_2": "NX",
        "FID_INPUT_ISCD_2": "0004V0",
    }
    assert (request.tr_id, request.priority) == ("FHKST11300006", Priority.BACKGROUND)
    assert request.path == "/uapi/domestic-stock/v1/quotations/intstock-multprice"
    assert [row.inter_shrn_iscd for row in answer.good] == ["000010"]


@pytest.mark.parametrize(
    "codes", [[], [f"{number:06d}" for number in range(31)], ["000010", "000010"]]
)
async def test_a_multi_quote_is_of_one_to_thirty_different_codes(
    codes: list[str],
) -> None:
    with pytest.raises(ValueError, match="slot"):
        await KisClient(ScriptedTransport()).multi_quote(
            [("J", code) for code in codes]
        )


async def test_rows_that_nobody_asked_for_are_set_apart() -> None:
    rows = [
        quote_row("000010", acml_vol="1"),
        quote_row("999999"),
        quote_row("000010", acml_vol="2"),
        quote_row("000020"),
    ]
    client = KisClient(ScriptedTransport([good(output=rows)]))

    answer = await client.multi_quote([("J", "000010"), ("J", "000020")])

    assert [(row.inter_shrn_iscd, row.acml_vol) for row in answer.good] == [
        ("000010", 1),
        ("000020", 300),
    ]
    assert answer.bad == tuple(
        RejectedRow(code=code, field="inter_shrn_iscd", value=code)
        for code in ("999999", "000010")
    )


async def test_a_ranking_is_asked_by_trading_value_with_all_ten_digits() -> None:
    transport = ScriptedTransport([good(output=[])])
    await KisClient(transport).volume_rank(
        "NX", market_code="1001", excluded="0000001100", min_price=1000
    )
    params = transport.requests[0].params
    assert (params["FID_COND_MRKT_DIV_CODE"], params["FID_INPUT_ISCD"]) == (
        "NX",
        "1001",
    )
    assert params["FID_BLNG_CLS_CODE"] == RankMeasure.TRADING_VALUE.value == "3"
    assert params["FID_TRGT_EXLS_CLS_CODE"] == "0000001100"
    assert (params["FID_INPUT_PRICE_1"], params["FID_INPUT_PRICE_2"]) == (
        "1000",
        "999999999",
    )


async def test_a_ranking_of_every_price_leaves_both_bounds_blank() -> None:
    transport = ScriptedTransport([good(output=[{"mksc_shrn_iscd": ""}])])
    answer = await KisClient(transport).volume_rank("J")
    params = transport.requests[0].params
    assert (params["FID_INPUT_PRICE_1"], params["FID_INPUT_PRICE_2"]) == ("", "")
    assert (answer.good, len(answer.bad)) == ((), 1)


@pytest.mark.parametrize(("adjusted", "sent"), [(False, "1"), (True, "0")])
async def test_bars_are_raw_unless_asked_adjusted(adjusted: bool, sent: str) -> None:
    transport = ScriptedTransport([good(output1={}, output2=[])])
    bars = await KisClient(transport).daily_bars(
        "J", "000010", date(2026, 11, 2), date(2026, 11, 20), adjusted=adjusted
    )
    params = transport.requests[0].params
    assert params["FID_ORG_ADJ_PRC"] == sent
    assert (params["FID_INPUT_DATE_1"], params["FID_INPUT_DATE_2"]) == (
        "20261102",
        "20261120",
    )
    assert (bars.good, bars.head) == ((), None)


async def test_an_index_is_asked_in_its_own_division() -> None:
    output = {"bstp_nmix_prpr": "857.60", "acml_vol": "13", "acml_tr_pbmn": "11507962"}
    transport = ScriptedTransport([good(output=output)])
    index = await KisClient(transport).index_price("1001")
    assert (index.acml_tr_pbmn, index.bstp_nmix_prpr) == (11507962, 857.6)
    assert transport.requests[0].params["FID_COND_MRKT_DIV_CODE"] == "U"


async def test_an_unreadable_index_names_the_field() -> None:
    output = {"bstp_nmix_prpr": "857.60", "acml_vol": "13", "acml_tr_pbmn": "12a4"}
    client = KisClient(ScriptedTransport([good(output=output)]))
    with pytest.raises(MarketDataMalformedError, match="12a4") as caught:
        await client.index_price("0001")
    assert (caught.value.field, caught.value.value) == ("acml_tr_pbmn", "12a4")


async def test_holidays_and_the_market_clock() -> None:
    transport = ScriptedTransport(
        [
            good(output=[{"bass_dt": "20261120", "opnd_yn": "Y"}]),
            good(output1=TIME),
        ]
    )
    client = KisClient(transport)
    days = await client.holidays(date(2026, 11, 20))
    clock = await client.market_time()
    assert [row.opnd_yn for row in days.good] == ["Y"]
    assert (clock.today, clock.time) == (date(2026, 11, 20), "103000")
    assert transport.requests[0].params["BASS_DT"] == "20261120"


@pytest.mark.parametrize(
    "trouble",
    [
        failed("EGW00001"),
        failed("EGW00201"),
        failed("EGW00215"),
        KisResponse(status=200, body=b"<html>"),
        KisResponse(status=200, body=b'{"output1": {"today"'),
        KisResponse(status=200, body=b""),
        good(),
        good(output1={}),
        KisUnreachableError("reset"),
    ],
    ids=str,
)
async def test_trouble_is_retried_until_a_good_answer(trouble: Answer) -> None:
    transport = ScriptedTransport([trouble, trouble, good(output1=TIME)])
    await KisClient(transport).market_time()
    assert len(transport.requests) == 3


async def test_an_empty_list_of_quotes_is_retried() -> None:
    transport = ScriptedTransport([good(output=[]), good(output=[quote_row()])])
    assert len((await KisClient(transport).multi_quote([("J", "000010")])).good) == 1


async def test_four_tries_are_enough() -> None:
    transport = ScriptedTransport([failed("EGW00001")])
    with pytest.raises(KisTransientError, match="EGW00001"):
        await KisClient(transport).market_time()
    assert len(transport.requests) == 4


async def test_slow_failures_use_the_patience_up() -> None:
    transport = ScriptedTransport([KisUnreachableError("hung", waited=3.0)])
    with pytest.raises(KisUnreachableError):
        await KisClient(transport).market_time()
    assert len(transport.requests) == 2  # 3 + 3 seconds


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failed("EGW02004"), MarketDataRefusedError),
        (failed("EGW00123"), KisTokenRejectedError),
        (answered(200, dict(INVALID)), KisParameterError),
        (MarketDataUnavailableError("no token"), MarketDataUnavailableError),
    ],
    ids=["virtual key", "token", "parameter", "waiting for a token"],
)
async def test_what_no_retry_mends_is_tried_once(
    answer: Answer, error: type[Exception]
) -> None:
    transport = ScriptedTransport([answer])
    with pytest.raises(error):
        await KisClient(transport).market_time()
    assert len(transport.requests) == 1
