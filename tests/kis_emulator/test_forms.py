import pytest

from tests.kis_emulator.forms import hundredths, ratio


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (-800, 78_200, "-1.02"),  # these four as recorded
        (-3_100, 193_000, "-1.61"),
        (8_958_147, 12_334_657, "72.63"),
        (200, 78_600, "0.25"),
        (0, 5, "0.00"),
        (5, 0, "0.00"),
        (-1, 1_000_000, "0.00"),
    ],
)
def test_ratios_are_percent_with_two_decimals(part: int, whole: int, text: str) -> None:
    assert ratio(part, whole) == text


def test_a_ratio_may_be_capped() -> None:
    assert ratio(12_429_212, 1, most=9999.99) == "9999.99"


def test_index_levels_carry_their_own_minus() -> None:
    assert (hundredths(-161), hundredths(85_760), hundredths(-9)) == (
        "-1.61",
        "857.60",
        "-0.09",
    )
