"""Lists of rows, each validated alone, so that one bad row loses no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that could not be read.

    Attributes:
        code: The code it bears; blank where it bears none.
        field: The first field that is wrong; blank where the row is no object.
        value: What stood there, shortened; blank where the key is missing.
    """

    code: str
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[RowT]):
    """What could be read of a list, and what could not; each in the broker's order."""

    good: tuple[RowT, ...] = ()
    bad: tuple[RejectedRow, ...] = ()


def parse_rows(rows: Iterable[object], model: type[RowT], *, code: str) -> Rows[RowT]:
    """Reads each row as ``model``; ``code`` names the field that identifies a row."""
    good: list[RowT] = []
    bad: list[RejectedRow] = []
    validate = model.__pydantic_validator__.validate_python
    for row in rows:
        try:
            good.append(validate(row))
        except ValidationError as error:
            bad.append(rejected(row, error, code=code))
    return Rows(good=tuple(good), bad=tuple(bad))


def rejected(row: object, error: ValidationError, *, code: str) -> RejectedRow:
    """Names a row and its first wrong field."""
    first = error.errors(include_url=False, include_context=False)[0]
    where = first["loc"]
    value = "" if first["type"] == "missing" else str(first["input"])[:80]
    name = row.get(code, "") if isinstance(row, dict) else ""
    return RejectedRow(
        code=name.strip()[:16] if isinstance(name, str) else "",
        field=str(where[0]) if where else "",
        value=value,
    )
