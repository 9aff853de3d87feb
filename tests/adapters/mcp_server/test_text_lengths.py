"""Twenty rows of the longest names and figures stay within 1,500 tokens."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from application.news_counts import NewsCount
from application.totals import Totals
from domain.frame import Quote
from domain.listing import Market, Won
from domain.sectors import Leader
from tests.adapters.mcp_server import answers
from tests.adapters.mcp_server.served import RANKING, lines
from tests.adapters.mcp_server.tokens import tokens
from tests.adapters.mcp_server.told import CAPS, GROWTH, INVESTORS, SECTORS, UNUSUAL
from tests.builders import listing

HUGE = Won(9_876_543_210_000)
PAGE: dict[str, Any] = {"total": 2_750, "next_offset": 20}
NOTES = (
    "증권사에서 공식 합계를 아직 받지 못했거나 시세 합계와 크게 달라 비워 두었습니다"
    "(null).",
    "20종목은 종목 상세(외국인 보유, EPS, BPS)를 아직 읽지 않아 비워 두었습니다(null). "
    "곧 채워집니다.",
    "17종목은 이번에 시세를 받지 못해 앞서 받은 값입니다.",
)
"""As many as a usual answer has."""


def item(n: int) -> Any:
    name = f"삼성바이오로직스우선주{n:02d}"
    return listing(f"{n:06d}", name=name, market=Market(n % 2), on_nxt=True)


def quote(n: int) -> Quote:
    whole = answers.quote(
        item(n), price=1_234_000, base=1_100_000, volume=12_345_678, value=HUGE
    )
    return replace(whole, nxt_trading_value=Won(1_234_567_890_000))


def volumes() -> Any:
    details = answers.details(market_cap=Won(1_234_567_800_000_000))
    rows = (
        answers.ranked(rank=n, quote=quote(n), details=details, previous_rank=n + 12)
        for n in range(1, 21)
    )
    sums = Totals(
        total=HUGE, kospi=HUGE, kosdaq=HUGE, top5=0.2, top10=0.3, herfindahl=123.45
    )
    return answers.volumes(
        rows=tuple(rows), totals=sums, as_of=answers.as_of(notes=NOTES), **PAGE
    )


def growth() -> Any:
    (first, _) = answers.growth().rows
    news = NewsCount(news=100, disclosures=12, is_cut=True)
    rows = [
        replace(
            first, rank=n, quote=quote(n), baseline=HUGE, growth_rate=123.4, news=news
        )
        for n in range(1, 21)
    ]
    return answers.growth(rows, as_of=answers.as_of(notes=NOTES), **PAGE)


def investors() -> Any:
    sides = answers.flow(HUGE, 2 * HUGE, 1, 1)
    rows = tuple(
        answers.invested(
            rank=n, quote=quote(n), flow=sides, net_amount=-HUGE, impact=0.1234
        )
        for n in range(1, 21)
    )
    return answers.investors(
        rows=rows, slot=time(14, 30), as_of=answers.as_of(notes=NOTES), **PAGE
    )


def sectors() -> Any:
    (first, _) = answers.sectors().rows
    leaders = tuple(
        Leader(listing=item(n), trading_value=HUGE, contribution=0.1234)
        for n in range(3)
    )
    sector = answers.sector(
        trading_value=HUGE, advancers=123, decliners=234, leaders=leaders
    )
    rows = [
        replace(
            first,
            rank=n,
            name="의료·정밀기기",
            sector=sector,
            foreign_net=-HUGE,
            institution_net=-HUGE,
        )
        for n in range(1, 21)
    ]
    return answers.sectors(rows, as_of=answers.as_of(notes=NOTES), **PAGE)


def caps() -> Any:
    (first, _) = answers.caps().rows
    details = answers.details(per=1_234.56, pbr=12.34, foreign_ratio=0.5432)
    rows = [
        replace(
            first,
            rank=n,
            quote=quote(n),
            market_cap=Won(1_234_567_800_000_000),
            rank_change=-12,
            trading_value_rank=1_234,
            weight=0.1234,
            details=details,
        )
        for n in range(1, 21)
    ]
    return answers.caps(rows, as_of=answers.as_of(notes=NOTES), **PAGE)


def unusual() -> Any:
    rows = tuple(
        answers.unusual_stock(
            rank=n, quote=quote(n), volume_ratio=123.4, times_expected=123.45
        )
        for n in range(1, 21)
    )
    return answers.unusual(rows=rows, as_of=answers.as_of(notes=NOTES), **PAGE)


HEAVY = {
    RANKING: volumes,
    GROWTH: growth,
    INVESTORS: investors,
    SECTORS: sectors,
    CAPS: caps,
    UNUSUAL: unusual,
}


@pytest.mark.parametrize("tool", HEAVY)
async def test_twenty_rows_take_at_most_1500_tokens(tool: str) -> None:
    shown = await lines(tool, HEAVY[tool]())
    assert sum(" | " in line for line in shown) == 21
    assert tokens("\n".join(shown)) <= 1_500


@pytest.mark.parametrize("tool", HEAVY)
async def test_concise_is_shorter(tool: str) -> None:
    whole = "\n".join(await lines(tool, HEAVY[tool]()))
    short = "\n".join(await lines(tool, HEAVY[tool](), response_format="concise"))
    assert tokens(short) < 0.9 * tokens(whole)


def test_tokens_are_counted_conservatively() -> None:
    assert tokens("삼성전자") == 4
    assert tokens("005930") == 2
    assert tokens("가1,234나") == 4
