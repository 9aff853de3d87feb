"""What the broker's ranking does: filters, masks, pages, mornings."""

from datetime import timedelta

from adapters.kis.facts.asking import NO_ETP, Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees
from adapters.kis.facts.raw import RawAnswer, number, text
from domain.listing import Venue
from domain.session import opens_at

ALL_IN = "0000000000"
NO_PREFERRED = "0000100000"
NO_SUCH_INDUSTRY = "9999"
SAME_PAGE = 20
"""Codes in common that make two lists one page, though the market moves between."""

_ETP_GROUPS = {"EF", "FE", "EN"}


def _codes(answer: RawAnswer) -> list[str]:
    return [text(row, "mksc_shrn_iscd") for row in answer.rows()]


async def _market_filter(asking: Asking) -> Answer:
    masters = await asking.masters()
    told, right = [], True
    for code, name in (("0001", "kospi_code"), ("1001", "kosdaq_code")):
        answer = await asking.ranking(market=code)
        codes = _codes(answer)
        within = sum(one in masters[name].records for one in codes)
        right = right and bool(codes) and within == len(codes)
        told.append(f"{code}: {answer.told} {len(codes)}줄 중 그 시장 {within}줄")
    return agrees(right, "; ".join(told))


async def _mask(asking: Asking) -> Answer:
    listed = await asking.listed()
    etp = {code for code, x in listed.items() if x["scrt_grp_cls_code"] in _ETP_GROUPS}
    preferred = {c for c, x in listed.items() if x["prst_cls_code"] in {"1", "2"}}
    told, left = [], 0
    for mask, barred in ((ALL_IN, set()), (NO_ETP, etp), (NO_PREFERRED, preferred)):
        answer = await asking.ranking(excluded=mask)
        codes = set(_codes(answer))
        left += len(codes & barred) + (not answer.is_good)
        told.append(
            f"{mask}: {answer.code} {len(codes)}줄(ETF·ETN {len(codes & etp)},"
            f" 우선주 {len(codes & preferred)})"
        )
    return agrees(not left, "; ".join(told))


async def _next_page(asking: Asking) -> Answer:
    first = _codes(await asking.ranking())
    second = await asking.ranking(continued=True)
    same = len(set(first) & set(_codes(second)))
    said = f"{second.told}, {len(second.rows())}줄 중 첫 쪽과 같은 종목 {same}"
    return agrees(second.is_good and same >= min(SAME_PAGE, len(first)), said)


async def _reset(asking: Asking) -> Answer:
    now = asking.clock.now()
    rows = (await asking.ranking()).rows()
    if not rows:
        return agrees(False, f"{now:%m-%d %H:%M} 순위가 비어 있음")
    code, shown = text(rows[0], "mksc_shrn_iscd"), number(rows[0], "acml_tr_pbmn")
    bars = await asking.bars(code, now.date() - timedelta(days=30), now.date())
    past = [
        number(row, "acml_tr_pbmn")
        for row in bars.rows("output2")
        if "" < text(row, "stck_bsop_date") < f"{now:%Y%m%d}"
    ]
    last = past[0] if past else 0
    said = f"{now:%m-%d %H:%M} 순위 1위 {code} {shown:,}원, 직전 거래일 일봉 {last:,}원"
    session = asking.calendar.session_on(now.date())
    if session is None or now >= opens_at(session, Venue.KRX):
        said += " (거래일 07:30~09:00에 다시 실행하면 판단할 수 있음)"
        return Answer(Verdict.UNDECIDED, said)
    return agrees(shown == last, said)


async def _odd_parameter(asking: Asking) -> Answer:
    answer = await asking.ranking(market=NO_SUCH_INDUSTRY)
    empty = answer.is_good and not answer.rows()
    return agrees(empty, f"{answer.told}, {len(answer.rows())}줄")


RANKING_FACTS = (
    Fact(
        "거래량순위의 시장 필터(0001 코스피, 1001 코스닥)가 듣는다",
        "듣는다고 보되 줄마다 마스터로 시장을 확인",
        _market_filter,
    ),
    Fact(
        "거래량순위의 제외 자리는 10자리이고 5번째가 우선주, 7·8번째가 ETF·ETN이다",
        "10자리가 받아들여짐(공식 예제는 6자리)",
        _mask,
    ),
    Fact(
        "거래량순위에는 다음 쪽이 없어, tr_cont=N으로 다시 물어도 같은 30줄이 온다",
        "같은 30줄",
        _next_page,
    ),
    Fact(
        "개장 전 순위에는 지난 거래일의 값이 남아 있다(비워지는 시각은 미확인)",
        "08:30~09:00까지 지난 거래일 값",
        _reset,
    ),
    Fact(
        "이상한 값으로 물으면 오류보다 빈 목록과 rt_cd 0이 온다",
        f"빈 목록, rt_cd 0(없는 업종 {NO_SUCH_INDUSTRY}로 물음)",
        _odd_parameter,
    ),
)
