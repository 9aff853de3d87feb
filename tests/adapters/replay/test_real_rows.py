"""Real multi-quote rows, recorded and answered."""

from pathlib import Path

import pytest

from adapters.kis.client import KisClient
from adapters.kis.payloads.multi_quote import MultiQuoteRows
from adapters.kis.transport import KisResponse
from tests.adapters.replay.tapes import Tape, at, quotes_request, replay

SLOTS = (("J", "005930"), ("J", "000660"), ("U", "0001"))


@pytest.fixture
def body(shared: Path) -> bytes:
    path = shared / "kis-samples" / "FHKST11300006-1.json"
    if not path.is_file():
        pytest.skip("no recorded multi-quote beside this checkout")
    return path.read_bytes()


async def answer(body: bytes, folder: Path, *slots: tuple[str, str]) -> MultiQuoteRows:
    """What the client makes of the sample, recorded and asked for in these slots."""
    tape = Tape(folder)
    response = KisResponse(status=200, body=body)
    tape.take(at("10:30"), quotes_request(*SLOTS), response)
    return await KisClient(replay(tape.done(), at("10:30"))).multi_quote(slots)


async def test_two_stocks_answer_with_their_figures(
    body: bytes, tmp_path: Path
) -> None:
    rows = await answer(body, tmp_path, *SLOTS)

    figures = [
        (x.inter_shrn_iscd, x.inter2_prpr, x.acml_vol, x.acml_tr_pbmn, x.inter2_sdpr)
        for x in rows.good
    ]
    assert figures == [  # as the sample has them
        ("005930", 77_400, 15_713_440, 1_221_686_345_500, 78_200),
        ("000660", 189_900, 2_758_944, 528_227_479_600, 193_000),
    ]
    assert rows.bad == ()


async def test_the_index_row_is_no_stock(body: bytes, tmp_path: Path) -> None:
    rows = await answer(body, tmp_path, *SLOTS)

    (index,) = rows.indices
    assert (index.inter_shrn_iscd, index.inter2_prpr) == ("0001", 2724.62)
    assert (index.acml_vol, index.acml_tr_pbmn) == (561_107, 10_288_958)


async def test_one_of_them_is_answered_alone(body: bytes, tmp_path: Path) -> None:
    rows = await answer(body, tmp_path, ("J", "000660"))

    assert [row.inter2_prpr for row in rows.good] == [189_900]
