"""The broker's strings as numbers, strictly: no separators, no letters, no guesses.

Blanks around a number and zero padding are allowed. A blank, or ``(null)``, is a
missing value and never 0. All checks run in pydantic's compiled core, since a sweep
holds some hundred thousand fields.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, GetPydanticSchema
from pydantic_core import CoreSchema, core_schema


def _text(pattern: str) -> CoreSchema:
    return core_schema.str_schema(pattern=pattern, strip_whitespace=True, strict=True)


def _missing(_text: str) -> None:
    return None


_BLANK = core_schema.chain_schema(
    [
        _text(r"^(\(null\))?$"),
        core_schema.no_info_plain_validator_function(_missing),
    ]
)


def _number(pattern: str, number: CoreSchema) -> GetPydanticSchema:
    schema = core_schema.chain_schema([_text(pattern), number])
    return GetPydanticSchema(lambda _source, _handler: schema)


def _maybe(pattern: str, number: CoreSchema) -> GetPydanticSchema:
    schema = core_schema.union_schema(
        [core_schema.chain_schema([_text(pattern), number]), _BLANK],
        mode="left_to_right",
        custom_error_type="not_a_number",
        custom_error_message="Neither a number nor blank",
    )
    return GetPydanticSchema(lambda _source, _handler: schema)


_UNSIGNED = r"^[0-9]{1,30}$"
_SIGNED = r"^-?[0-9]{1,30}$"
_DECIMAL = r"^-?([0-9]{1,30}(\.[0-9]{0,10})?|\.[0-9]{1,10})$"

Whole = Annotated[int, _number(_UNSIGNED, core_schema.int_schema())]
"""An integer of zero or more."""

MaybeWhole = Annotated[int | None, _maybe(_UNSIGNED, core_schema.int_schema())]
"""An integer of zero or more, or None for a blank."""

Signed = Annotated[int, _number(_SIGNED, core_schema.int_schema())]
"""An integer that may carry a minus."""

MaybeSigned = Annotated[int | None, _maybe(_SIGNED, core_schema.int_schema())]
"""An integer that may carry a minus, or None for a blank."""

Real = Annotated[float, _number(_DECIMAL, core_schema.float_schema())]
"""A decimal number that may carry a minus."""

MaybeReal = Annotated[float | None, _maybe(_DECIMAL, core_schema.float_schema())]
"""A decimal number that may carry a minus, or None for a blank."""

Code = Annotated[
    str, GetPydanticSchema(lambda _source, _handler: _text("^[0-9A-Z]{1,16}$"))
]
"""A code of upper-case letters and digits, without its padding."""


def _day(value: Any) -> date:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError("not a day as YYYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day written ``YYYYMMDD``."""
