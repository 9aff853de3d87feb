"""Causes of unusual volume (이상 거래량의 사유): reasons that rest on evidence."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


class Cause(enum.Enum):
    """What may have caused it; `UNKNOWN` where no evidence was found, never a guess."""

    MAJOR_DISCLOSURE = "major_disclosure"
    NEWS_COVERAGE = "news_coverage"
    TECHNICAL_BREAKOUT = "technical_breakout"
    UPPER_PRICE_LIMIT = "upper_price_limit"
    LOWER_PRICE_LIMIT = "lower_price_limit"
    VOLATILITY_INTERRUPTION = "volatility_interruption"
    FOREIGN_BUYING = "foreign_buying"
    INSTITUTION_BUYING = "institution_buying"
    PROGRAM_TRADING = "program_trading"
    SECTOR_MOVE = "sector_move"
    MARKET_MOVE = "market_move"
    CORPORATE_ACTION = "corporate_action"
    NEW_LISTING = "new_listing"
    TRADING_RESUMPTION = "trading_resumption"
    INDEX_EXPIRY = "index_expiry"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen.

    Attributes:
        at: When it happened, or when the figure was taken; aware.
        source: Who says so, as a reader would name it: ``한국거래소 공시``.
        text: What it says, one line of Korean.
    """

    at: datetime
    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A cause, how far it may be believed, and why.

    Attributes:
        confidence: In (0, 1]: an ordering by judgement, not a measured probability;
            None of `UNKNOWN`.
        evidence: At least one item, newest first; none of `UNKNOWN`.
    """

    cause: Cause
    confidence: float | None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        """Whatever is claimed is shown, and nothing is claimed of what is unknown."""
        if self.cause is Cause.UNKNOWN:
            is_sound = self.confidence is None and not self.evidence
        else:
            is_sound = bool(self.evidence) and 0 < (self.confidence or 0) <= 1
        if not is_sound:
            raise ValueError(f"{self.cause.value}: {self.confidence}, {self.evidence}")


UNKNOWN = Reason(cause=Cause.UNKNOWN, confidence=None)
"""Nothing was found in what was looked at."""


def ordered(found: Iterable[Reason | None]) -> tuple[Reason, ...]:
    """Reasons by confidence, then by code; `UNKNOWN` alone where there is none."""
    reasons = [reason for reason in found if reason is not None]
    reasons.sort(key=lambda reason: (-(reason.confidence or 0), reason.cause.value))
    return tuple(reasons) or (UNKNOWN,)


def wants(reasons: Iterable[Reason], causes: frozenset[Cause]) -> bool:
    """Whether one of the causes is among the reasons; no causes want everything."""
    return not causes or any(reason.cause in causes for reason in reasons)
