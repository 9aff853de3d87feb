"""A fact that the broker's reference leaves open, and what the broker says to it."""

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.kis.facts.asking import Asking


class Verdict(enum.Enum):
    """How an answer stands to what was assumed; the value is what is shown."""

    AGREES = "일치"
    DIFFERS = "다름"
    UNDECIDED = "지금은 판단할 수 없음"
    LEARNED = "가정이 없어 답만 남김"
    UNANSWERED = "답을 듣지 못함"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the broker answered.

    Attributes:
        verdict: How it stands to what was assumed.
        said: Raw values, in short.
    """

    verdict: Verdict
    said: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to find out; read-only and harmless.

    Attributes:
        sentence: The fact, in Korean.
        assumed: What the reference assumed.
        ask: Asks the broker.
    """

    sentence: str
    assumed: str
    ask: Callable[[Asking], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A fact that is not asked, and why."""

    sentence: str
    reason: str


def agrees(truth: bool, said: str) -> Answer:
    """The answer that agrees with what was assumed, or differs."""
    return Answer(Verdict.AGREES if truth else Verdict.DIFFERS, said)
