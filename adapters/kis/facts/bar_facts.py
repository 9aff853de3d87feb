"""What daily bars and quotes say of a day: padding, today's bar, after hours."""

import asyncio
from datetime import datetime, timedelta

from adapters.kis.facts.asking import Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees
from adapters.kis.facts.raw import Row, number, shown, text
from domain.listing import Venue
from domain.session import Phase, opens_at, phase_at

SPAN = timedelta(days=140)
"""Calendar days of fewer than a hundred sessions."""

PAUSE_SECONDS = 3.0


async def _padding(asking: Asking) -> Answer:
    today = asking.clock.now().date()
    since = f"{today - SPAN / 2:%Y%m%d}"
    young = {
        code: record["stck_lstn_date"]
        for code, record in (await asking.listed()).items()
        if since <= record["stck_lstn_date"] < f"{today:%Y%m%d}"
    }
    if not young:
        return Answer(Verdict.UNDECIDED, f"{since} 이후 상장한 종목이 마스터에 없음")
    code = max(young, key=lambda code: (young[code], code))
    answer = await asking.bars(code, today - SPAN, today)
    rows = answer.rows("output2")
    empty = sum(not any(row.values()) for row in rows)
    said = f"{answer.told}, {young[code]} 상장 {code}: {len(rows)}줄 중 빈 줄 {empty}"
    return agrees(answer.is_good and empty > 0, said)


async def _todays_bar(asking: Asking) -> Answer:
    now = asking.clock.now()
    code = await asking.leader()
    answer = await asking.bars(code, now.date() - timedelta(days=30), now.date())
    quoted = await asking.quotes(("J", code))
    bars = [row for row in answer.rows("output2") if text(row, "stck_bsop_date")]
    if not bars or not quoted.rows():
        said = f"일봉 {answer.told}, 시세 {quoted.told}"
        return Answer(Verdict.UNANSWERED, said)
    bar, quote = bars[0], quoted.rows()[0]
    said = (
        f"{now:%m-%d %H:%M} {code}"
        f" 최신 일봉 {shown(bar, 'stck_bsop_date', 'acml_vol')},"
        f" 시세 {shown(quote, 'acml_vol')}"
    )
    return agrees(_is_as_assumed(asking, now, bar, quote), said)


def _is_as_assumed(asking: Asking, now: datetime, bar: Row, quote: Row) -> bool:
    is_todays = text(bar, "stck_bsop_date") == f"{now:%Y%m%d}"
    session = asking.calendar.session_on(now.date())
    if session is None:
        return not is_todays
    if now < opens_at(session, Venue.KRX):
        return not is_todays or not number(bar, "acml_vol")
    return is_todays and number(bar, "acml_vol") <= number(quote, "acml_vol")


async def _after_hours(asking: Asking) -> Answer:
    now = asking.clock.now()
    phase = phase_at(now, Venue.KRX, asking.calendar.session_on(now.date()))
    codes = await asking.leaders()
    slots = [("J", code) for code in codes]
    before = await asking.quotes(*slots)
    await asyncio.sleep(PAUSE_SECONDS if phase is Phase.AFTER_HOURS else 0)
    after = await asking.quotes(*slots)
    was = {text(row, "inter_shrn_iscd"): row for row in before.rows()}
    moved = sum(
        number(row, "acml_vol")
        > number(was.get(text(row, "inter_shrn_iscd"), row), "acml_vol")
        for row in after.rows()
    )
    classes = sorted({text(row, "hour_cls_code") for row in after.rows()})
    said = (
        f"{now:%H:%M} {phase.value}: {len(codes)}종목 중 거래량이 늘어난 종목 {moved},"
        f" hour_cls_code={classes}"
    )
    if phase is not Phase.AFTER_HOURS:
        said += " (15:40~20:00에 다시 실행하면 판단할 수 있음)"
        return Answer(Verdict.UNDECIDED, said)
    return agrees(moved > 0, said)


BAR_FACTS = (
    Fact(
        "상장 전까지 걸친 기간의 일봉은 빈 줄로 채워져 온다",
        "빈 줄({})이 섞일 수 있음",
        _padding,
    ),
    Fact(
        "오늘의 일봉은 개장 뒤에 생기고, 거래량은 시세보다 많지 않다",
        "개장 전에는 오늘 줄이 없거나 거래량이 0",
        _todays_bar,
    ),
    Fact(
        "KRX 시간외 거래(20:00까지)가 J 시세의 누적 거래량에 더해진다",
        "2026년 거래시간 연장이 값의 뜻을 바꿨는지 기록 없음(제품은 더해진다고 봄)",
        _after_hours,
    ),
)
