"""What every ranking is asked: which rows, how many, of which session."""

from dataclasses import dataclass, field
from datetime import date

from domain.errors import InvalidRequestError
from domain.screening import Screen, Universe

HIGHEST_COUNT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all questions have in common.

    Attributes:
        universe: Market, venue and kinds.
        screen: Which rows qualify.
        count: Rows at most.
        offset: Rows to leave out from the top.
        stocks: Codes or names; when given, only these, with their rank in the whole.
        session: A past trading day; None is the running or the latest one.
    """

    universe: Universe = field(default_factory=Universe)
    screen: Screen = field(default_factory=Screen)
    count: int = 20
    offset: int = 0
    stocks: tuple[str, ...] = ()
    session: date | None = None


def check(question: Question, highest_count: int) -> None:
    """Refuses a stretch that is out of bounds.

    Raises:
        InvalidRequestError: ``count`` or ``offset`` is.
    """
    if not 1 <= question.count <= highest_count:
        raise InvalidRequestError(
            f"count {question.count}: 1 이상 {highest_count} 이하여야 합니다.",
            parameter="count",
        )
    if question.offset < 0:
        raise InvalidRequestError(
            f"offset {question.offset}: 0 이상의 정수여야 합니다.", parameter="offset"
        )
