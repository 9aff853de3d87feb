"""Interruptions behind the port: the recorded sample, and what a list may hold."""

from datetime import date, datetime
from pathlib import Path

import orjson
import pytest

from adapters.kis.interruptions import KisInterruptions
from adapters.kis.transport import Priority
from domain.causes_in_prices import Interruption, InterruptionKind
from domain.errors import MarketDataMalformedError
from domain.listing import Ticker, Won
from domain.session import KST
from tests.adapters.kis.fakes import ScriptedTransport, good

SESSION = date(2026, 11, 20)
TICKER = Ticker("000010")


def row(clock: str = "101200", **changes: str) -> dict[str, str]:
    return {
        "hts_kor_isnm": "가상전자",
        "mksc_shrn_iscd": "000010",
        "vi_cls_code": "N",
        "bsop_date": "20261120",
        "cntg_vi_hour": clock,
        "vi_cncl_hour": "101404",
        "vi_kind_code": "1",
        "vi_prc": "11000",
        "vi_stnd_prc": "10000",
        "vi_dprt": "10.00",
        "vi_dmc_stnd_prc": "0",
        "vi_dmc_dprt": "0.00",
        "vi_count": "1",
        **changes,
    }


async def found(*rows: dict[str, str]) -> list[Interruption]:
    source = KisInterruptions(ScriptedTransport([good(output=list(rows))]))
    return list(await source.interruptions(TICKER, SESSION))


async def test_one_stock_of_one_day_is_asked_for_as_documented() -> None:
    transport = ScriptedTransport([good(output=[])])
    await KisInterruptions(transport).interruptions(TICKER, SESSION)

    (request,) = transport.requests
    assert request.tr_id == "FHPST01390000"
    assert request.path.endswith("/quotations/inquire-vi-status")
    assert request.priority is Priority.INTERACTIVE
    assert request.params == {
        "FID_DIV_CLS_CODE": "0",
        "FID_COND_SCR_DIV_CODE": "20139",
        "FID_MRKT_CLS_CODE": "0",
        "FID_INPUT_ISCD": "000010",
        "FID_RANK_SORT_CLS_CODE": "0",
        "FID_INPUT_DATE_1": "20261120",
        "FID_TRGT_CLS_CODE": "",
        "FID_TRGT_EXLS_CLS_CODE": "",
    }


async def test_they_come_newest_first() -> None:
    first, second = await found(
        row("091000", vi_kind_code="2"), row("101200", vi_prc="12000")
    )

    assert first.at == datetime(2026, 11, 20, 10, 12, tzinfo=KST)
    assert (first.kind, first.price) == (InterruptionKind.STATIC, Won(12_000))
    assert second.kind is InterruptionKind.DYNAMIC


async def test_other_stocks_and_days_are_left_out() -> None:
    others = row(mksc_shrn_iscd="000020"), row(bsop_date="20261119")
    assert await found(*others) == []


async def test_a_kind_that_is_not_documented_is_not_known() -> None:
    (one,) = await found(row(vi_kind_code="7"))
    assert one.kind is None


async def test_a_bad_row_loses_no_other() -> None:
    assert len(await found(row(cntg_vi_hour="25시"), row())) == 1


async def test_nothing_but_bad_rows_is_malformed() -> None:
    with pytest.raises(MarketDataMalformedError):
        await found(row(vi_prc="많음"))


SAMPLE = (
    Path(__file__)
    .resolve()
    .parents[3]
    .parent.joinpath("shared", "data", "kis-samples", "FHPST01390000-2.json")
)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the recorded samples are not here")
async def test_the_recorded_rows_are_read() -> None:
    body = orjson.loads(SAMPLE.read_bytes())
    source = KisInterruptions(ScriptedTransport([good(output=body["output"])]))
    (one,) = await source.interruptions(Ticker("069330"), date(2024, 1, 26))

    assert (one.kind, one.price) == (InterruptionKind.DYNAMIC, Won(1_523))
