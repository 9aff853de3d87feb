"""The day foretold by hand, and its laws by hypothesis."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.foretold import LEFT_SPREAD, Foretold, SoFar, foretell

M = 1_000_000
GOES_ON = 0.3 + 0.2 + 0.2
"""Of a surge that has been the same since the open."""


def so_far(values: Sequence[float], share: float) -> SoFar:
    return SoFar(value=np.array(values), share=np.full(len(values), share))


def told(
    values: Sequence[float],
    share: float,
    *,
    expected: float = 100 * M,
    earlier: tuple[SoFar, ...] = (),
    market: list[int] | None = None,
) -> Foretold:
    rows = len(values)
    return foretell(
        so_far(values, share),
        expected=np.full(rows, float(expected)),
        groups=np.array([0] * rows if market is None else market),
        earlier=earlier,
    )


def test_a_usual_morning_foretells_a_usual_day() -> None:
    found = told([40 * M] * 3, 0.4)
    assert found.value.tolist() == pytest.approx([100 * M] * 3)
    assert found.pace.tolist() == pytest.approx([0.0] * 3)
    assert found.share_of_day.tolist() == pytest.approx([0.4] * 3)


def test_a_surge_goes_on_in_part() -> None:
    """Twice the usual 40M, and what is left at 2^.7 times its pace."""
    found = told([80 * M], 0.4)
    assert found.value[0] == pytest.approx(80 * M + 60 * M * 2**GOES_ON)
    assert found.share_of_day[0] == pytest.approx(80 * M / found.value[0])


def test_a_surge_in_a_usual_market_is_the_same() -> None:
    found = told([40 * M] * 20 + [80 * M], 0.4)
    assert found.value[-1] == pytest.approx(told([80 * M], 0.4).value[0])


def test_a_market_in_a_hurry_is_nobody_s_surge() -> None:
    """Everybody has done twice the usual, and will."""
    found = told([80 * M] * 21, 0.4)
    assert found.pace.tolist() == pytest.approx([0.0] * 21)
    assert found.value.tolist() == pytest.approx([200 * M] * 21)


def test_a_few_stocks_are_no_market() -> None:
    found = told([80 * M] * 20, 0.4)
    assert found.pace.tolist() == pytest.approx([GOES_ON * math.log(2)] * 20)


def test_each_market_has_its_own_hurry() -> None:
    found = told([80 * M] * 21 + [40 * M] * 21, 0.4, market=[0] * 21 + [1] * 21)
    assert found.pace.tolist() == pytest.approx([0.0] * 42)
    assert found.value[-1] == pytest.approx(100 * M)


def test_a_surge_that_has_just_begun_counts_by_the_last_minutes() -> None:
    """Ten minutes before, all was usual; since then four times the usual 5M."""
    then = so_far([35 * M] * 3, 0.35)
    found = told([40 * M, 40 * M, 55 * M], 0.4, earlier=(then,))
    surge = math.log(55 / 40)
    pace = 0.3 * surge + 0.2 * math.log(4) + 0.2 * surge
    assert found.pace[2] == pytest.approx(pace)


def test_what_was_not_known_earlier_is_taken_as_since_the_open() -> None:
    unknown = SoFar(value=np.full(3, np.nan), share=np.zeros(3))
    values: list[float] = [40 * M, 40 * M, 80 * M]
    found = told(values, 0.4, earlier=(unknown, unknown))
    assert found.value.tolist() == told(values, 0.4).value.tolist()


def test_no_pace_is_taken_where_nothing_usually_happens_in_between() -> None:
    """As through the closing auction: a share that hardly moves."""
    same = so_far([10.0 * M], 0.3995)
    assert told([80.0 * M], 0.4, earlier=(same, same)).pace[0] == pytest.approx(
        GOES_ON * math.log(2)
    )


def test_at_the_close_the_day_is_what_it_is() -> None:
    found = told([123 * M, 1 * M], 1.0)
    assert found.value.tolist() == [123 * M, 1 * M]
    assert found.share_of_day.tolist() == [1.0, 1.0]
    assert found.doubt.tolist() == [0.0, 0.0]


def test_the_doubt_is_of_what_is_left() -> None:
    found = told([40 * M] * 3, 0.4)
    assert found.doubt.tolist() == pytest.approx([LEFT_SPREAD * 0.6] * 3)


def test_a_stock_without_a_trade_so_far_keeps_its_usual_share() -> None:
    found = told([0, 40 * M, 40 * M], 0.4)
    assert found.share_of_day[0] == 0.4
    assert 0 < found.value[0] < 60 * M


def test_what_nothing_is_expected_of_is_not_foretold_and_moves_nobody() -> None:
    values = np.array([900.0 * M] * 30 + [40.0 * M] * 21)
    found = foretell(
        SoFar(value=values, share=np.full(51, 0.4)),
        expected=np.array([np.nan] * 30 + [100.0 * M] * 21),
        groups=np.zeros(51, dtype=np.int8),
    )
    assert np.isnan([found.value[0], found.share_of_day[0], found.doubt[0]]).all()
    assert found.value[30:].tolist() == pytest.approx([100 * M] * 21)


won = st.integers(1 * M, 10_000 * M)


@settings(deadline=None)
@given(
    values=st.lists(won, min_size=1, max_size=30),
    share=st.floats(0.05, 0.95),
    times=st.integers(2, 1000),
)
def test_the_unit_of_money_does_not_matter(
    values: list[int], share: float, times: int
) -> None:
    some = told([float(x) for x in values], share)
    more = told([float(x * times) for x in values], share, expected=100 * M * times)
    assert more.value.tolist() == pytest.approx((some.value * times).tolist())
    assert more.share_of_day.tolist() == pytest.approx(some.share_of_day.tolist())


@settings(deadline=None)
@given(
    values=st.lists(won, min_size=1, max_size=30),
    share=st.floats(0.05, 0.95),
    more=st.integers(1, 10_000 * M),
)
def test_more_done_foretells_a_day_no_smaller(
    values: list[int], share: float, more: int
) -> None:
    some = [float(x) for x in values]
    busier = [some[0] + more, *some[1:]]
    assert told(busier, share).value[0] >= told(some, share).value[0] * (1 - 1e-12)


@settings(deadline=None)
@given(values=st.lists(won, min_size=1, max_size=30), share=st.floats(0.05, 1.0))
def test_the_day_is_never_smaller_than_what_is_done(
    values: list[int], share: float
) -> None:
    found = told([float(x) for x in values], share)
    assert (found.value >= np.array(values)).all()
    assert (found.share_of_day <= 1).all()
    assert (found.doubt <= LEFT_SPREAD).all()
