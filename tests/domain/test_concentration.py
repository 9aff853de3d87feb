"""Concentrations, by hand and by an independent formula."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.concentration import herfindahl, top_share

VALUES = st.lists(
    st.one_of(st.integers(0, 5), st.integers(0, 10**14)), min_size=1, max_size=40
).filter(any)


def test_by_hand() -> None:
    values = np.array([10, 50, 30, 10])

    assert top_share(values, 1) == 0.5
    assert top_share(values, 2) == 0.8
    assert top_share(values, 4) == 1.0
    assert top_share(values, 9) == 1.0
    # 50² + 30² + 10² + 10²
    assert herfindahl(values) == pytest.approx(3600)


def test_one_stock_alone_is_ten_thousand_points() -> None:
    assert herfindahl(np.array([7])) == pytest.approx(10_000)
    assert herfindahl(np.array([0, 7, 0])) == pytest.approx(10_000)


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0]])
def test_where_nothing_traded_there_is_no_concentration(values: list[int]) -> None:
    assert top_share(np.array(values, dtype=np.int64), 5) is None
    assert herfindahl(np.array(values, dtype=np.int64)) is None


@given(VALUES, st.integers(1, 50))
def test_top_share_is_bounded_and_equals_the_plain_sum(
    values: list[int], k: int
) -> None:
    share = top_share(np.array(values, dtype=np.int64), k)

    expected = Fraction(sum(sorted(values, reverse=True)[:k]), sum(values))
    assert share is not None
    assert share == pytest.approx(float(expected), rel=1e-12)
    assert min(k / len(values), 1.0) - 1e-12 <= share <= 1.0


@given(VALUES)
def test_herfindahl_is_bounded_and_equals_the_plain_sum(values: list[int]) -> None:
    points = herfindahl(np.array(values, dtype=np.int64))

    total = sum(values)
    expected = sum(Fraction(100 * value, total) ** 2 for value in values)
    assert points is not None
    assert points == pytest.approx(float(expected), rel=1e-9)
    assert 10_000 / len(values) - 1e-6 <= points <= 10_000 + 1e-6


@given(VALUES, st.integers(1, 40))
def test_more_stocks_never_make_a_smaller_share(values: list[int], k: int) -> None:
    array = np.array(values, dtype=np.int64)
    fewer, more = top_share(array, k), top_share(array, k + 1)

    assert fewer is not None
    assert more is not None
    assert fewer <= more
