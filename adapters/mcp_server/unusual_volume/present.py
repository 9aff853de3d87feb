"""From what is unusual to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of, instant, stock
from adapters.mcp_server.numbers import percent, two_decimals, whole_number
from adapters.mcp_server.unusual_volume.arguments import UnusualVolumeArguments
from application.find_unusual_volume import UnusualStock, UnusualVolume
from domain.causes import Reason
from domain.unusual_volume import NotJudged
from domain.volume_baseline import WINDOW

DETAILS = ("expected_trading_value", "moving_average", "bollinger", "z_score")
"""Columns that concise leaves out."""


def structured(asked: UnusualVolumeArguments, found: UnusualVolume) -> Structured:
    """The answer of get_unusual_volume."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        unusual_stocks=[_row(asked, row) for row in found.rows],
        summary=_summary(asked, found),
    )


def _row(asked: UnusualVolumeArguments, row: UnusualStock) -> Structured:
    quote = row.quote
    average = whole_number(row.average_volume)
    whole = {
        **stock(row.rank, quote),
        "current_volume": quote.volume,
        "average_volume": average,
        "volume_ratio": percent(row.volume_ratio),
        "trading_value": quote.trading_value,
        "expected_trading_value": row.expected,
        "times_expected": two_decimals(row.times_expected),
        "price_change_rate": percent(quote.change_rate),
        "level": row.level and row.level.value,
        "anomaly_score": two_decimals(row.score),
        "p_value": _two_digits(row.p_value),
        "consecutive_days": row.consecutive_days,
        "pattern": row.pattern and row.pattern.value,
        "moving_average": average,
        "bollinger": {
            "upper": whole_number(row.upper_band),
            "lower": whole_number(row.lower_band),
        },
        "z_score": two_decimals(row.z_score),
        "possible_reasons": [_reason(each) for each in row.reasons],
    }
    return whole if asked.detailed else {**whole, **dict.fromkeys(DETAILS)}


def _reason(reason: Reason) -> Structured:
    return {
        "code": reason.cause.value,
        "confidence": two_decimals(reason.confidence),
        "evidence": [
            {"at": instant(each.at), "source": each.source, "text": each.text}
            for each in reason.evidence
        ],
    }


def _two_digits(chance: float) -> float:
    """Two significant digits: no chance is known better."""
    return float(f"{chance:.1e}")


def _summary(asked: UnusualVolumeArguments, found: UnusualVolume) -> Structured:
    return {
        "detection_criteria": {
            "threshold": asked.threshold,
            "sensitivity": asked.sensitivity,
            "min_history": asked.min_history,
            "window": WINDOW,
            "basis": found.basis.value,
        },
        "scanned": found.scanned,
        "not_judged": {
            cause.value: found.not_judged.get(cause, 0) for cause in NotJudged
        },
        "detected": found.detected,
        "market_factor": two_decimals(found.market_factor),
    }
