"""What the gateway itself does: the case of parameters, statuses of errors."""

from adapters.kis.facts.asking import Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees
from adapters.kis.facts.raw import shown
from adapters.kis.requests import MULTI_QUOTE

TOO_LONG = "0" * 40


async def _lower_case(asking: Asking) -> Answer:
    leader = await asking.leader()
    params = {"fid_cond_mrkt_div_code_1": "J", "fid_input_iscd_1": leader}
    answer = await asking.get(MULTI_QUOTE, params)
    rows = answer.rows()
    first = shown(rows[0], "inter_shrn_iscd", "acml_vol") if rows else "줄 없음"
    return Answer(Verdict.LEARNED, f"{answer.told}, {first}")


async def _refused_division(asking: Asking) -> Answer:
    answer = await asking.ranking("UN")
    said = f"{answer.told} {answer.body.get('msg1')!r}"
    status = answer.response.status
    return agrees(status == 200 and answer.code == "OPSQ2001", said)


async def _field_length(asking: Asking) -> Answer:
    answer = await asking.ranking(market=TOO_LONG)
    said = f"{answer.told} {answer.body.get('msg1')!r}, {len(answer.rows())}줄"
    status = answer.response.status
    return agrees(answer.code == "OPSQ2002" and status in {200, 500}, said)


GATEWAY_FACTS = (
    Fact(
        "파라미터 이름을 소문자로 보내도 받는가",
        "정해지지 않음(제품은 문서의 대문자대로 보냄)",
        _lower_case,
    ),
    Fact(
        "시장 구분이 틀리면 HTTP 200에 rt_cd 2, OPSQ2001이 온다",
        "HTTP 200, rt_cd 2, OPSQ2001(순위에 UN으로 물음)",
        _refused_division,
    ),
    Fact(
        "값이 너무 길면 OPSQ2002(FIELD_LENGTH)가 HTTP 200이나 500으로 온다",
        f"OPSQ2002, 상태는 200이나 500(업종코드를 {len(TOO_LONG)}자로 물음)",
        _field_length,
    ),
)
