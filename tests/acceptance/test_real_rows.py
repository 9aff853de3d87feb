"""Real quote rows, recorded: the tool answers with just those figures."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from adapters.kis.master_layouts import KOSDAQ
from adapters.kis.transport import KisRequest, KisResponse
from adapters.mcp_server.server import build_server
from bootstrap.replay import replay
from bootstrap.serve import request_scope
from bootstrap.settings import ReplaySettings
from tests.adapters.kis.fakes import good
from tests.adapters.kis.master_lines import master_line, zipped
from tests.adapters.replay.tapes import QUOTATIONS, Tape, at, quotes_request

DAY = date(2024, 6, 11)  # before NXT; the sample does not say its own day
NOW = at("10:30", DAY)
SAMPLE = "FHKST11300006-1.json"


def bars_request() -> KisRequest:
    """As the witness of a morning is asked for: thirty calendar days, raw prices."""
    return KisRequest(
        path=f"{QUOTATIONS}/inquire-daily-itemchartprice",
        tr_id="FHKST03010100",
        params={
            "FID_COND_MRKT_DIV_CODE": "J",
            "FID_INPUT_ISCD": "005930",
            "FID_INPUT_DATE_1": "20240512",
            "FID_INPUT_DATE_2": "20240611",
            "FID_PERIOD_DIV_CODE": "D",
            "FID_ORG_ADJ_PRC": "1",
        },
    )


def todays_bar() -> KisResponse:
    """The sample's own opening price, and less volume than its quote has."""
    bar = {
        "stck_bsop_date": "20240611",
        "stck_clpr": "77400",
        "stck_oprc": "78600",
        "stck_hgpr": "78800",
        "stck_lwpr": "77200",
        "acml_vol": "15000000",
        "acml_tr_pbmn": "1166000000000",
    }
    return good(output1={}, output2=[bar])


def masters(tape: Tape, when: datetime) -> None:
    day = (DAY.year, DAY.month, DAY.day)
    kospi = (
        master_line("005930", hts_kor_isnm="삼성전자"),
        master_line("000660", hts_kor_isnm="SK하이닉스"),
    )
    files = {
        "kospi_code": zipped(*kospi, day=day),
        # One beneficiary certificate, which is out of scope: no KOSDAQ stock.
        "kosdaq_code": zipped(
            master_line("F99100", KOSDAQ, scrt_grp_cls_code="BC"), day=day
        ),
        "nxt_kospi_code": zipped(day=day),
        "nxt_kosdaq_code": zipped(day=day),
    }
    for name, body in files.items():
        tape.file(when, f"/common/master/{name}.mst.zip", body)


@pytest.fixture
def recording(shared: Path, tmp_path: Path) -> Path:
    sample = shared / "kis-samples" / SAMPLE
    if not sample.is_file():
        pytest.skip(f"no {SAMPLE} beside this checkout")
    tape = Tape(tmp_path)
    masters(tape, NOW)
    tape.take(NOW, bars_request(), todays_bar())
    slots = (("J", "005930"), ("J", "000660"), ("U", "0001"))
    body = KisResponse(status=200, body=sample.read_bytes())
    tape.take(NOW, quotes_request(*slots), body)
    tape.writer.mark(NOW)
    return tape.done().path


@pytest.fixture
async def client(recording: Path) -> AsyncIterator[Client]:
    settings = ReplaySettings(replay_recording=recording)
    async with replay(settings) as product:
        server = build_server(product.use_cases, version="0", scope=request_scope)
        async with Client(server) as client:
            yield client


async def ranked(client: Client, **arguments: Any) -> dict[str, Any]:
    answer = await client.call_tool("get_volume_ranking", arguments)
    assert not answer.is_error, answer.content
    structured: dict[str, Any] | None = answer.structured_content
    assert structured is not None
    return structured


async def test_real_stocks_rank_with_their_real_figures(client: Client) -> None:
    answer = await ranked(client)

    keys = ("rank", "stock_code", "current_price", "change", "change_rate")
    assert [[row[key] for key in keys] for row in answer["ranking"]] == [
        [1, "005930", 77_400, -800, -1.02],  # as the sample's own prdy_ctrt says
        [2, "000660", 189_900, -3_100, -1.61],
    ]
    assert [(x["volume"], x["trading_value"]) for x in answer["ranking"]] == [
        (15_713_440, 1_221_686_345_500),
        (2_758_944, 528_227_479_600),
    ]


async def test_the_index_among_them_is_no_stock(client: Client) -> None:
    answer = await ranked(client)

    assert answer["total"] == 2
    assert answer["meta"]["coverage"]["missing"] == []
    assert answer["summary"]["total_trading_value"] == 1_749_913_825_100  # their sum


async def test_what_was_not_recorded_is_null_with_a_note(client: Client) -> None:
    answer = await ranked(client)

    assert answer["summary"]["official_kospi_trading_value"] is None
    assert any("공식 합계" in note for note in answer["meta"]["notes"])
