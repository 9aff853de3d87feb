"""The Korean text beside the rows: short, complete, in the words people use."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.mcp_server import lines as text_lines
from adapters.mcp_server.health.text import text as health_text
from application.check_health import Health
from application.ports.health import Check, State
from domain.listing import Listing, Market, Venue
from domain.provenance import AsOf, Source
from domain.session import Phase
from tests.adapters.mcp_server.served import HEALTH, ask, text_of
from tests.adapters.mcp_server.tokens import tokens
from tests.application.scene import Scene, crowd
from tests.builders import BEFORE, SESSION, Figures, at, listing, row, totals

SUNG = "삼성바이오로직스우선주"
"""Longer than most names."""


def as_of(**changes: object) -> AsOf:
    standing = AsOf(
        as_of_from=at("10:29:52"),
        as_of=at("10:30"),
        session=SESSION,
        phase=Phase.REGULAR,
        is_final=False,
        source=Source(name="kis"),
        venue=Venue.ALL,
        stale=False,
        age_seconds=0.0,
        coverage=None,
    )
    return replace(standing, **changes)  # type: ignore[arg-type]


async def shown(scene: Scene, **arguments: object) -> list[str]:
    result = await ask(scene, **arguments)  # type: ignore[arg-type]
    assert not result.is_error
    return text_of(result).splitlines()


def heavy_market(stocks: int = 60) -> Scene:
    """Long names, prices of seven digits, values of trillions, everything on NXT."""
    krx: dict[Listing, Figures] = {
        listing(f"{n:06d}", name=f"{SUNG}{n:02d}", market=Market(n % 2)): row(
            9_876_543_210_000 - n, price=1_234_000, base=1_100_000
        )
        for n in range(stocks)
    }
    nxt: dict[str, Figures] = {
        f"{n:06d}": row(1_234_567_890_000, price=1_234_000) for n in range(stocks)
    }
    scene = Scene(krx=krx, nxt=nxt)
    scene.quotes.official = totals(296_000_000_000_000, 296_000_000_000_000)
    return scene


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (as_of(), "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정"),
        (
            as_of(is_final=True, venue=Venue.KRX),
            "2026-08-20 10:30:00 기준 · KRX · 확정",
        ),
        (
            as_of(source=Source(name="recording:bundled", simulated=True)),
            "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정 · 시뮬레이션",
        ),
        (
            as_of(session=BEFORE, stale=True, venue=Venue.NXT),
            "2026-08-20 10:30:00 기준 · 2026-08-19 거래일 · NXT · 잠정 · 지연 시세",
        ),
    ],
    ids=["provisional", "final", "simulated", "of another day"],
)
def test_the_first_line_says_when_where_and_how_final(
    standing: AsOf, line: str
) -> None:
    assert text_lines.headline(standing) == line


async def test_the_table_of_a_small_market() -> None:
    lines = await shown(Scene(), count=2)
    assert lines[:5] == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정",
        "거래대금 순위 (코스피+코스닥 STOCK, 전체 4종목 중 2종목)",
        "순위 | 종목(코드) | 현재가 | 등락률 | 거래대금 | NXT비중",
        "1 | 삼성전자(005930) | 1,000 | +0.00% | 100만 | 10.0%",
        "2 | SK하이닉스(000660) | 1,000 | +0.00% | 70만 | 0.0%",
    ]
    assert "다음 쪽: offset=2" in lines
    assert "합계 256만 (코스피 170만, 코스닥 86만)" in lines
    assert "집중도 상위 5종목 100.00% · 상위 10종목 100.00% · HHI 2,889.40" in lines
    assert all(line.startswith("※ ") for line in lines[-4:])


async def test_money_is_said_in_jo_and_eok() -> None:
    samsung = listing("005930", name="삼성전자")
    scene = Scene(krx={samsung: row(1_221_686_345_500, price=82_600)}, nxt={})
    lines = await shown(scene, venue="KRX")
    assert lines[3] == "1 | 삼성전자(005930) | 82,600 | +0.00% | 1조 2,217억"


async def test_concise_leaves_columns_out() -> None:
    lines = await shown(Scene(), response_format="concise")
    assert lines[2:4] == [
        "순위 | 종목(코드) | 등락률 | 거래대금",
        "1 | 삼성전자(005930) | +0.00% | 100만",
    ]


async def test_by_volume_the_shares_have_a_column() -> None:
    lines = await shown(Scene(), sort_by="volume", venue="KRX", market="KOSPI")
    assert lines[1:4] == [
        "거래량 순위 (KOSPI STOCK, 전체 2종목 중 2종목)",
        "순위 | 종목(코드) | 현재가 | 등락률 | 거래대금 | 거래량",
        "1 | 삼성전자(005930) | 1,000 | +0.00% | 90만 | 900주",
    ]


@pytest.mark.parametrize(
    ("price", "base", "rate"),
    [(1299, 1300, "-0.08%"), (801, 800, "+0.13%"), (799, 800, "-0.13%")],
)
async def test_rates_round_half_up_with_their_sign(
    price: int, base: int, rate: str
) -> None:
    stock = listing("005930", name="삼성전자")
    scene = Scene(krx={stock: row(10**9, price=price, base=base)}, nxt={})
    lines = await shown(scene, venue="KRX", response_format="concise")
    assert lines[3] == f"1 | 삼성전자(005930) | {rate} | 10억"


async def test_a_tiny_fall_has_no_minus_before_zero() -> None:
    """-1 of 1,000,000 won is -0.0001 %."""
    stock = listing("005930", name="삼성전자")
    scene = Scene(krx={stock: row(10**9, price=999_999, base=1_000_000)}, nxt={})
    lines = await shown(scene, venue="KRX", response_format="concise")
    assert lines[3] == "1 | 삼성전자(005930) | +0.00% | 10억"


@pytest.mark.parametrize(
    ("nxt", "share"), [(1025, "10.3%"), (1024, "10.2%"), (1, "0.0%")]
)
async def test_the_share_of_nxt_rounds_half_up_once(nxt: int, share: str) -> None:
    """1,025 of 10,000 is 10.25 %."""
    stock = listing("005930", name="삼성전자")
    scene = Scene(
        krx={stock: row(10_000 - nxt, price=1)}, nxt={"005930": row(nxt, price=1)}
    )
    lines = await shown(scene)
    assert lines[3].endswith(share)


async def test_an_empty_ranking_says_so() -> None:
    lines = await shown(Scene(), min_price=10**9)
    assert lines[3] == "조건에 맞는 종목이 없습니다."


@pytest.mark.parametrize("offset", [4, 5000])
async def test_a_page_after_the_last_row_says_where_the_rows_end(offset: int) -> None:
    """Four stocks are listed: the last row is at offset 3."""
    lines = await shown(Scene(), offset=offset)
    assert lines[3] == (
        f"offset={offset}: 마지막 종목을 지났습니다. 모두 4종목이니 "
        "offset을 3 이하로 물어 주세요."
    )


@pytest.mark.parametrize(
    ("stocks", "scope"),
    [
        (["005930"], "지정한 1종목 중 1종목"),
        (["005930", "알테오젠", "069500"], "지정한 3종목 중 2종목"),
        (["005930", "005930"], "지정한 1종목 중 1종목"),
    ],
    ids=["one", "a fund is no stock", "twice"],
)
async def test_named_stocks_are_the_scope(stocks: list[str], scope: str) -> None:
    lines = await shown(Scene(), stocks=stocks)
    assert lines[1] == f"거래대금 순위 (코스피+코스닥 STOCK, {scope})"


async def test_a_cold_answer_says_how_many_are_certain() -> None:
    lines = await shown(crowd(), venue="KRX")
    assert lines[1] == "거래대금 순위 (코스피+코스닥 STOCK, 순위가 확실한 20종목)"
    assert any(line.startswith("※ 전 종목을 모으는 중이라") for line in lines)
    assert not any(line.startswith("합계") for line in lines)


@pytest.mark.parametrize("arguments", [{}, {"sort_by": "volume"}])
async def test_twenty_rows_take_at_most_1500_tokens(arguments: dict[str, str]) -> None:
    lines = await shown(heavy_market(), **arguments)
    assert sum(" | " in line for line in lines) == 21
    assert tokens("\n".join(lines)) <= 1_500


async def test_concise_is_shorter() -> None:
    whole = "\n".join(await shown(heavy_market()))
    short = "\n".join(await shown(heavy_market(), response_format="concise"))
    assert tokens(short) < 0.9 * tokens(whole)


async def test_health_is_a_line_for_the_whole_and_one_for_each_part() -> None:
    lines = text_of(await ask(Scene(), HEALTH)).splitlines()
    assert lines[1] == "상태 healthy · 환경 test · 버전 1.2.3 · 가동 0초"
    assert lines[2] == "frames | healthy | 아직 시세를 모으지 않았습니다."
    assert lines[3].startswith("calendar | healthy | 오늘은 거래일")


def test_a_long_running_process_says_its_seconds_with_commas() -> None:
    found = Health(
        state=State.DEGRADED,
        version="1",
        environment="production",
        uptime=timedelta(hours=1),
        checks=(Check(name="budget", state=State.DEGRADED, detail="느립니다."),),
        settings={},
        as_of=as_of(),
    )
    assert health_text(found).splitlines()[1:] == [
        "상태 degraded · 환경 production · 버전 1 · 가동 3,600초",
        "budget | degraded | 느립니다.",
    ]


async def test_the_sum_of_one_market_is_not_split() -> None:
    both = await shown(Scene())
    kosdaq = await shown(Scene(), market="KOSDAQ")
    assert any("(코스피 " in line for line in both)
    assert not any("(코스피 " in line for line in kosdaq)
