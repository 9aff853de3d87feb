"""What multi-quotes answer to odd questions."""

from adapters.kis.facts.asking import Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees
from adapters.kis.facts.raw import RawAnswer, Row, number, shown, text

UNLISTED = ("999990", "999980", "999970")
"""Codes that nobody bears; the first that no master knows is asked."""

DELISTED = "117930"
"""한진해운, delisted in 2017."""

_SHOWN = ("inter_shrn_iscd", "inter2_prpr", "acml_vol", "acml_tr_pbmn")


def _of(answer: RawAnswer, code: str) -> list[Row]:
    return [row for row in answer.rows() if text(row, "inter_shrn_iscd") == code]


def _told(answer: RawAnswer, rows: list[Row]) -> str:
    first = f": {shown(rows[0], *_SHOWN)}" if rows else ""
    return f"{answer.told}, 전체 {len(answer.rows())}줄, 이 종목 {len(rows)}줄{first}"


def _empty_row(answer: RawAnswer, code: str) -> Answer:
    """Whether a code comes back as one row without a price."""
    rows = _of(answer, code)
    empty = len(rows) == 1 and not number(rows[0], "acml_vol")
    return agrees(answer.is_good and empty, _told(answer, rows))


async def _unknown(asking: Asking) -> Answer:
    listed = await asking.listed()
    leader = await asking.leader()
    code = next(code for code in UNLISTED if code not in listed)
    return _empty_row(await asking.quotes(("J", code), ("J", leader)), code)


async def _delisted(asking: Asking) -> Answer:
    if DELISTED in await asking.listed():
        return Answer(Verdict.UNDECIDED, f"{DELISTED}: 마스터에 있는 코드")
    leader = await asking.leader()
    answer = await asking.quotes(("J", DELISTED), ("J", leader))
    return _empty_row(answer, DELISTED)


async def _duplicate(asking: Asking) -> Answer:
    leader = await asking.leader()
    answer = await asking.quotes(("J", leader), ("J", leader))
    return Answer(Verdict.LEARNED, _told(answer, _of(answer, leader)))


async def _index(asking: Asking) -> Answer:
    told, served = [], False
    for division in ("J", "U"):
        answer = await asking.quotes((division, "0001"))
        rows = answer.rows()
        kind = text(rows[0], "kospi_kosdaq_cls_name") if rows else ""
        served = served or kind == "업종"
        price = text(rows[0], "inter2_prpr") if rows else ""
        told.append(f"{division}: {answer.told} 구분명={kind!r} 현재가={price!r}")
    return agrees(served, "; ".join(told))


async def _not_on_nxt(asking: Asking) -> Answer:
    masters = await asking.masters()
    on_nxt = {*masters["nxt_kospi_code"].records, *masters["nxt_kosdaq_code"].records}
    krx_only = {
        code: record
        for code, record in (await asking.listed()).items()
        if code not in on_nxt and record["scrt_grp_cls_code"] == "ST"
    }
    if not krx_only:
        return Answer(Verdict.UNDECIDED, "넥스트레이드에 없는 주식이 마스터에 없음")
    code = max(krx_only, key=lambda code: krx_only[code]["prdy_vol"])
    return _empty_row(await asking.quotes(("NX", code)), code)


QUOTE_FACTS = (
    Fact(
        "멀티시세에 없는 종목코드를 물으면 오류가 아니라 빈 줄이 온다",
        "0이나 빈 값으로 채운 한 줄",
        _unknown,
    ),
    Fact(
        "멀티시세에 상장폐지된 종목코드를 물으면 없는 종목처럼 답한다",
        "정해지지 않음(제품은 없는 종목과 같은 빈 줄로 봄)",
        _delisted,
    ),
    Fact(
        "멀티시세에 같은 종목을 두 번 물으면 어떻게 답하는가",
        "정해지지 않음(제품은 겹쳐 묻지 않음)",
        _duplicate,
    ),
    Fact(
        "멀티시세가 업종지수(0001)도 답하고, 그 줄은 스스로 업종이라 한다",
        "업종 줄이 옴. 어느 시장 구분(J, U)으로 물었는지는 기록이 없음",
        _index,
    ),
    Fact(
        "넥스트레이드에 없는 종목을 NX로 물으면 빈 줄이 온다",
        "기록 없음(제품은 KRX 값이 대신 오지 않는다고 봄)",
        _not_on_nxt,
    ),
)
