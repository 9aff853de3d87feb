"""What past minutes, profiles, indices and headlines look like."""

from collections import Counter
from datetime import timedelta

from adapters.kis.evidence import DISCLOSING, DISCLOSING_SOURCES, FULL_PAGE
from adapters.kis.facts.asking import Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees
from adapters.kis.facts.raw import RawAnswer, Row, number, shown, text
from adapters.kis.index_names import FILE, parse_index_names
from adapters.kis.index_requests import (
    INDEX_CATEGORIES,
    INDEX_DAYS,
    index_categories_params,
    index_days_params,
)
from adapters.kis.masters import unzip_master
from adapters.kis.stock_requests import (
    DATED_MINUTES,
    NEWS_TITLES,
    STOCK_PRICE,
    dated_minutes_params,
    news_titles_params,
    stock_price_params,
)
from domain.listing import Venue
from domain.session import opens_at

FIVE_MINUTES = timedelta(minutes=5)


async def _minutes(asking: Asking) -> Answer:
    """The first five minutes of the session before: labels, order, values."""
    session = asking.calendar.previous(asking.clock.now().date())
    opening = opens_at(session, Venue.KRX)
    until = (opening + FIVE_MINUTES).time()
    params = dated_minutes_params("J", await asking.leader(), session.day, until)
    answer = await asking.get(DATED_MINUTES, params)
    rows = answer.rows("output2")
    fields = ("stck_bsop_date", "stck_cntg_hour", "acml_tr_pbmn")
    ends = [shown(row, *fields) for row in (rows[:1] + rows[-1:])]
    labels = [text(row, "stck_cntg_hour") for row in rows]
    values = [number(row, "acml_tr_pbmn") for row in rows]
    days = {text(row, "stck_bsop_date") for row in rows}
    as_assumed = (
        days == {f"{session.day:%Y%m%d}"}
        and (labels[0], labels[-1]) == (f"{until:%H%M}00", f"{opening:%H%M}00")
        and values == sorted(values, reverse=True)
    )
    return agrees(as_assumed, f"{answer.told}, {len(rows)}줄: {ends}")


async def _etn(asking: Asking) -> Answer:
    etn = [code for code in await asking.listed() if code.startswith("Q")]
    if not etn:
        return Answer(Verdict.UNDECIDED, "ETN이 마스터에 없음")
    answer = await asking.get(STOCK_PRICE, stock_price_params("J", etn[0]))
    output = answer.body.get("output")
    row: Row = output if isinstance(output, dict) else {}
    fields = ("stck_shrn_iscd", "lstn_stcn", "eps", "bps", "frgn_hldn_qty")
    same = text(row, "stck_shrn_iscd").removeprefix("Q") == etn[0].removeprefix("Q")
    nothing = not (text(row, "eps") + text(row, "bps")).strip("0.")
    said = f"{answer.told}, {etn[0]}: {shown(row, *fields)}"
    return agrees(same and nothing and number(row, "lstn_stcn") > 0, said)


async def _index_days(asking: Asking) -> Answer:
    last = asking.calendar.previous(asking.clock.now().date()).day
    answer = await asking.get(INDEX_DAYS, index_days_params("0001", last))
    days = [text(row, "stck_bsop_date") for row in answer.rows("output2")]
    ends = f", {days[0]}~{days[-1]}" if days else ""
    as_assumed = days[:1] == [f"{last:%Y%m%d}"] and days == sorted(days, reverse=True)
    said = f"{answer.told}, {last:%Y%m%d}부터 {len(days)}줄{ends}"
    return agrees(as_assumed and len(days) == 100, said)


async def _industries(asking: Asking) -> Answer:
    found: set[str] = set()
    told = []
    for letter, code in (("K", "0001"), ("Q", "1001")):
        params = index_categories_params(letter, code)
        answer = await asking.get(INDEX_CATEGORIES, params)
        rows = answer.rows("output2")
        found |= {text(row, "bstp_cls_code") for row in rows}
        told.append(f"{letter}: {answer.told} {len(rows)}줄")
    missing = sorted(await _industry_codes(asking) - found)
    told.append(f"마스터에만 있는 업종 {len(missing)}개 {missing[:5]}")
    return agrees(not missing, ", ".join(told))


async def _industry_names(asking: Asking) -> Answer:
    names = parse_index_names(unzip_master(await asking.zipped(FILE)).data)
    missing = sorted(await _industry_codes(asking) - set(names))
    known = {code: names.get(code) for code in ("0001", "0009", "1001")}
    said = f"{len(names)}개, {known}, 이름 없는 업종 {len(missing)}개 {missing[:5]}"
    return agrees(not missing, said)


async def _industry_codes(asking: Asking) -> set[str]:
    """Every industry that a record of the masters bears."""
    levels = [f"bstp_{level}_div_code" for level in ("larg", "medm", "smal")]
    records = (await asking.listed()).values()
    return {record[level] for record in records for level in levels} - {"", "0000"}


async def _titles(asking: Asking) -> tuple[RawAnswer, str]:
    """The newest titles of the heaviest stock, and its code."""
    code = await asking.leader()
    params = news_titles_params(code, asking.clock.now())
    return await asking.get(NEWS_TITLES, params), code


async def _title_page(asking: Asking) -> Answer:
    answer, code = await _titles(asking)
    rows = answer.rows("output")
    naming = sum(
        code in [text(row, f"iscd{place}") for place in range(1, 11)] for row in rows
    )
    said = f"{answer.told}, {code}: {len(rows)}줄 중 그 종목코드를 단 줄 {naming}"
    return agrees(naming == len(rows) <= FULL_PAGE and answer.is_good, said)


async def _disclosers(asking: Asking) -> Answer:
    answer, code = await _titles(asking)
    who = Counter(
        (text(row, "news_ofer_entp_code"), text(row, "dorg")) for row in answer.rows()
    )
    coded = {(provider in DISCLOSING) for provider, _ in who}
    said = f"{answer.told}, {code}의 제공업체·자료원 {dict(who.most_common(12))}"
    if True not in coded:
        return Answer(Verdict.UNDECIDED, f"{said} (공시 코드가 없음)")
    strays = [
        provider
        for provider, source in who
        if provider not in DISCLOSING and any(x in source for x in DISCLOSING_SOURCES)
    ]
    return agrees(not strays, said)


PAST_FACTS = (
    Fact(
        "지난 거래일의 분봉은 HH:MM00부터 1분을 담고, 거래대금은 그날의 누적이다",
        "첫 봉이 개장 시각, 끝 봉이 물은 시각, 최신순",
        _minutes,
    ),
    Fact(
        "ETN의 현재가는 상장주수를 주고 EPS·BPS는 0이거나 비어 있다",
        "코드의 Q는 있을 수도 없을 수도 있음",
        _etn,
    ),
    Fact(
        "업종 일자별지수는 물은 날부터 거꾸로 100줄이 온다",
        "최신순 100줄(견본은 57줄이라 제품은 적어도 이어서 물음)",
        _index_days,
    ),
    Fact(
        "업종 구분별 조회(K 0001, Q 1001)에 마스터의 모든 업종이 있다",
        "모두 있음(없는 업종의 등락률은 비움)",
        _industries,
    ),
    Fact(
        "업종코드 파일(idxcode)은 1~4바이트가 코드, 5~44바이트가 이름이다",
        "마스터의 모든 업종에 이름이 있음",
        _industry_names,
    ),
    Fact(
        "종목코드로 물은 뉴스 제목은 40줄까지이고 모두 그 종목코드를 단다",
        "한 쪽 40줄, 코드가 없는 줄은 제품이 버림",
        _title_page,
    ),
    Fact(
        "공시는 뉴스 제공업체 코드 F·G·H·I·N으로 온다",
        "증권사의 코드 표대로(견본에는 공시가 없음)",
        _disclosers,
    ),
)
