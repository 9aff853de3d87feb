from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.kis.payloads.fields import (
    Code,
    Day,
    MaybeReal,
    MaybeSigned,
    MaybeWhole,
    Real,
    Signed,
    Whole,
)

MAYBE: dict[str, TypeAdapter[int | None] | TypeAdapter[float | None]] = {
    "whole": TypeAdapter[int | None](MaybeWhole),
    "signed": TypeAdapter[int | None](MaybeSigned),
    "real": TypeAdapter[float | None](MaybeReal),
}
REQUIRED: dict[str, TypeAdapter[int] | TypeAdapter[float]] = {
    "whole": TypeAdapter[int](Whole),
    "signed": TypeAdapter[int](Signed),
    "real": TypeAdapter[float](Real),
}
NO_NUMBERS = [
    "12a4",
    "1,234",
    "1_000",
    "+5",
    "1e3",
    "--5",
    "１２",
    "1 2",
    "0x10",
    5,
    None,
]


@pytest.mark.parametrize("text", ["77400", " 77400 ", "0000077400", "0077400  "])
def test_blanks_and_zero_padding_around_a_number_are_accepted(text: str) -> None:
    assert TypeAdapter[int](Whole).validate_python(text) == 77400


@pytest.mark.parametrize("text", [*NO_NUMBERS, "-5", "5.0"])
def test_whole_numbers_are_strict(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[int](Whole).validate_python(text)


def test_padded_negatives_put_the_minus_first() -> None:
    assert TypeAdapter[int](Signed).validate_python("-00000029") == -29


@pytest.mark.parametrize("kind", MAYBE)
@pytest.mark.parametrize("blank", ["", " ", "          ", "(null)", " (null) "])
def test_blanks_are_missing_and_never_zero(kind: str, blank: str) -> None:
    assert MAYBE[kind].validate_python(blank) is None


@pytest.mark.parametrize("kind", REQUIRED)
@pytest.mark.parametrize("text", ["", "   ", "(null)", *NO_NUMBERS])
def test_a_required_number_is_neither_blank_nor_a_word(kind: str, text: object) -> None:
    with pytest.raises(ValidationError):
        REQUIRED[kind].validate_python(text)


@pytest.mark.parametrize("kind", MAYBE)
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_letters_and_separators_are_no_blanks(kind: str, text: object) -> None:
    with pytest.raises(ValidationError):
        MAYBE[kind].validate_python(text)


@pytest.mark.parametrize(
    ("text", "number"), [("-0.46", -0.46), (" 2724.62", 2724.62), ("9999.99", 9999.99)]
)
def test_decimals_keep_their_sign(text: str, number: float) -> None:
    assert TypeAdapter[float](Real).validate_python(text) == number


@pytest.mark.parametrize("text", ["inf", "nan", "-", ".", ""])
def test_words_for_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[float](Real).validate_python(text)


def test_codes_lose_their_padding_and_may_hold_letters() -> None:
    assert TypeAdapter[str](Code).validate_python("0004V0   ") == "0004V0"


def test_days_are_calendar_days() -> None:
    assert TypeAdapter[date](Day).validate_python("20261120") == date(2026, 11, 20)


@pytest.mark.parametrize(
    "text", ["", "00000000", "20260230", "2026112", "2026-1-1", None]
)
def test_what_is_no_day_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[date](Day).validate_python(text)
