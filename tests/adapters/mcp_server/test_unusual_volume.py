"""The answer and the text of get_unusual_volume."""

from dataclasses import replace

import pytest

from adapters.mcp_server.unusual_volume.output import UnusualVolumeOutput
from adapters.mcp_server.unusual_volume.present import DETAILS
from domain.causes import Cause, Evidence, Reason
from domain.growth import TimeBasis
from domain.unusual_volume import Level, NotJudged
from domain.volume_patterns import Pattern
from tests.adapters.mcp_server.answers import unusual, unusual_stock
from tests.adapters.mcp_server.served import lines, structured
from tests.adapters.mcp_server.told import UNUSUAL
from tests.builders import at


async def test_a_row_says_how_unusual_it_is() -> None:
    """112.5 shares round half up to 113; the ratio is of the unrounded."""
    found = await structured(UNUSUAL, unusual())
    UnusualVolumeOutput.model_validate(found)
    assert found["unusual_stocks"][0] == {
        "rank": 1,
        "stock_code": "005930",
        "stock_name": "삼성전자",
        "market_type": "KOSPI",
        "current_volume": 900,
        "average_volume": 113,
        "volume_ratio": 800.0,
        "trading_value": 900_000,
        "expected_trading_value": 120_000,
        "times_expected": 7.5,
        "price_change_rate": 1.0,
        "level": "extreme",
        "anomaly_score": 2.72,
        "p_value": 0.0033,
        "consecutive_days": 2,
        "pattern": "spike",
        "moving_average": 113,
        "bollinger": {"upper": 150, "lower": 75},
        "z_score": 3.46,
        "possible_reasons": [{"code": "unknown", "confidence": None, "evidence": []}],
    }


async def test_its_rows_are_not_called_a_ranking() -> None:
    found = await structured(UNUSUAL, unusual())
    assert "ranking" not in found
    assert (found["total"], found["next_offset"]) == (2, None)


async def test_the_summary_says_what_was_looked_at_and_how() -> None:
    found = await structured(
        UNUSUAL, unusual(), threshold=250, sensitivity="strict", min_history=40
    )
    assert found["summary"] == {
        "detection_criteria": {
            "threshold": 250,
            "sensitivity": "strict",
            "min_history": 40,
            "window": 20,
            "basis": "same_time",
        },
        "scanned": 2_700,
        "not_judged": {
            "halted": 3,
            "call_auction_only": 0,
            "too_early": 0,
            "too_short_history": 20,
            "too_little_traded": 0,
        },
        "detected": 2,
        "market_factor": 1.13,
    }


async def test_reasons_are_told_with_their_evidence() -> None:
    when = at("10:05")
    seen = Evidence(at=when, source="한국거래소 공시", text="공급계약 체결")
    reason = Reason(cause=Cause.MAJOR_DISCLOSURE, confidence=0.9, evidence=(seen,))
    found = unusual()
    first = replace(found.rows[0], reasons=(reason,))
    told = replace(found, rows=(first, *found.rows[1:]))
    row, other = (await structured(UNUSUAL, told))["unusual_stocks"]
    assert row["possible_reasons"] == [
        {
            "code": "major_disclosure",
            "confidence": 0.9,
            "evidence": [
                {
                    "at": "2026-08-20T10:05:00.000+09:00",
                    "source": "한국거래소 공시",
                    "text": "공급계약 체결",
                }
            ],
        }
    ]
    assert other["possible_reasons"][0]["code"] == "unknown"
    shown = await lines(UNUSUAL, told)
    assert shown[3].endswith("| 급증 | 공시")


async def test_concise_leaves_details_null() -> None:
    found = await structured(UNUSUAL, unusual(), response_format="concise")
    first = found["unusual_stocks"][0]
    assert {first[name] for name in DETAILS} == {None}
    assert (first["anomaly_score"], first["times_expected"]) == (2.72, 7.5)


async def test_a_score_without_a_level_has_none() -> None:
    row = unusual_stock(
        level=None, times_expected=float("nan"), upper_band=float("inf")
    )
    found = await structured(UNUSUAL, unusual(rows=(row,), market_factor=None))
    first = found["unusual_stocks"][0]
    assert (first["level"], first["times_expected"]) == (None, None)
    assert first["bollinger"]["upper"] is None
    assert found["summary"]["market_factor"] is None


async def test_the_table() -> None:
    shown = await lines(UNUSUAL, unusual())
    assert shown[:7] == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정",
        "이상 거래량, 지난 20거래일의 같은 시각까지 대비 "
        "(코스피+코스닥 STOCK, 전체 2종목 중 2종목)",
        "순위 | 종목(코드) | 현재가 | 등락률 | 거래량 비율 | 거래대금 | 점수 | 단계 | "
        "기대 대비 | 연속 | 형태 | 사유",
        "1 | 삼성전자(005930) | 1,010 | +1.00% | 800% | 90만 | 2.72 | 극단 | "
        "7.50배 | 2일 | 급증 | -",
        "2 | SK하이닉스(000660) | 1,010 | +1.00% | 800% | 90만 | 2.10 | 강함 | "
        "7.50배 | 2일 | 급증 | -",
        "조건: 거래량 비율 200% 이상, 민감도 normal, 이력 20거래일 이상",
        "검사 2,700종목 · 판정 못 함(거래정지 3, 이력 부족 20, 거래 적음 0) · "
        "발견 2종목 · 시장 전체 1.13배",
    ]


@pytest.mark.parametrize("basis", list(TimeBasis))
async def test_the_title_says_against_what(basis: TimeBasis) -> None:
    said = "하루 전체" if basis is TimeBasis.FULL_DAY else "같은 시각까지"
    found = unusual(basis=basis)
    assert f"의 {said} 대비 (" in (await lines(UNUSUAL, found))[1]
    criteria = (await structured(UNUSUAL, found))["summary"]["detection_criteria"]
    assert criteria["basis"] == basis.value


@pytest.mark.parametrize(
    ("level", "said"), [(Level.NOTABLE, "주목"), (Level.STRONG, "강함"), (None, "-")]
)
async def test_levels_are_said_in_korean(level: Level | None, said: str) -> None:
    row = replace(unusual_stock(), level=level)
    shown = await lines(UNUSUAL, unusual(rows=(row,)), response_format="concise")
    assert shown[3].endswith(f" | {said}")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [(Pattern.RAMP, "단계적 증가"), (Pattern.LEVEL_SHIFT, "수준 이동"), (None, "-")],
)
async def test_patterns_are_said_in_korean(pattern: Pattern | None, said: str) -> None:
    row = replace(unusual_stock(), pattern=pattern)
    assert (await lines(UNUSUAL, unusual(rows=(row,))))[3].endswith(f" | {said} | -")


async def test_what_is_not_judged_while_open_is_said_where_it_holds() -> None:
    found = unusual(not_judged={NotJudged.CALL_AUCTION_ONLY: 2})
    assert "거래정지 0, 단일가 매매 2, 이력 부족 0" in (await lines(UNUSUAL, found))[6]


async def test_a_quiet_market_has_no_rows_and_says_so() -> None:
    found = unusual(rows=(), total=0, detected=0)
    shown = await lines(UNUSUAL, found)
    assert shown[3] == "조건에 맞는 종목이 없습니다."
    assert shown[-1].startswith("검사 2,700종목")
    assert (await structured(UNUSUAL, found))["unusual_stocks"] == []
