"""Today against the own past: laws that hold of any market."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.unusual_volume import Judgement, NotJudged, Past, Today, judge
from tests.past_builders import Figures, past, today

FIGURES = ("expected", "times_expected", "score", "p_value")
STOCKS = 24
"""Enough to be a market of its own, or two that are none."""

Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
NOBODY = np.zeros(STOCKS, dtype=bool)

WON = st.one_of(st.just(0), st.integers(10**6, 10**12), st.integers(10**8, 10**9))


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Stocks over up to seventy sessions, some with gaps and idle days."""
    sessions = draw(st.sampled_from([0, 19, 20, 21, 60, 70]))
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    stocks: list[Figures] = []
    for _ in range(STOCKS):
        width, hole = seed.choice([0.0, 0.5, 3.0]), seed.choice([0.0, 0.0, 0.3])
        values = seed.choice([2e7, 3e8, 4e10]) * np.exp(seed.normal(0, width, sessions))
        values[seed.random(sessions) < hole / 9] = 0
        gaps = seed.random(sessions) < hole
        pairs = zip(values, gaps, strict=True)
        stocks.append([None if gap else int(value) for value, gap in pairs])
    return past(stocks)


@st.composite
def days(draw: st.DrawFn) -> Today:
    """About what is usual, now and then nothing; one market or two."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = np.exp(seed.normal(20, 2, STOCKS)).astype(np.int64)
    values[seed.random(STOCKS) < draw(st.sampled_from([0.0, 0.1]))] = 0
    markets = draw(st.sampled_from([1, 2]))
    return today(*values.tolist(), groups=[row % markets for row in range(STOCKS)])


ROWS = st.integers(0, STOCKS - 1)
MASKS = st.lists(st.booleans(), min_size=STOCKS, max_size=STOCKS).map(np.array)


def agree(found: Judgement, other: Judgement, rows: object = slice(None)) -> None:
    """Every figure of some rows of one, and of all of the other."""
    for name in (*FIGURES, "level", "pattern"):
        same = getattr(found, name)[rows].tolist()
        assert getattr(other, name).tolist() == pytest.approx(same, nan_ok=True), name


@given(pasts(), days(), MASKS, MASKS)
def test_every_quoted_stock_is_judged_or_has_one_cause(
    held: Past, day: Today, quoted: Mask, halted: Mask
) -> None:
    found = judge(replace(day, quoted=quoted), held, refused={NotJudged.HALTED: halted})

    assert set(found.causes) == set(NotJudged)
    ways = np.sum([found.judged, *found.causes.values()], axis=0)
    assert ways.tolist() == quoted.astype(int).tolist()
    assert (found.market_factor is None) == (not found.judged.any())


@given(pasts(), days())
def test_a_stock_that_is_not_judged_has_no_figures(held: Past, day: Today) -> None:
    found = judge(day, held)

    for name in FIGURES:
        assert np.isnan(getattr(found, name)[~found.judged]).all(), name
    assert not found.level[~found.judged].any()
    assert not np.isnan(found.score[found.judged & (day.trading_value > 0)]).any()


@given(pasts(), days(), ROWS, st.integers(2, 1_000))
def test_a_stock_is_judged_alike_at_any_scale(
    held: Past, day: Today, row: int, scale: int
) -> None:
    scales = np.where(np.arange(STOCKS) == row, scale, 1)
    # scaled up, it may come to be traded enough, and to be one more of its market
    enough = judge(day, held).judged
    larger = replace(held, trading_value=held.trading_value * scales)
    grown = replace(day, trading_value=day.trading_value * scales, quoted=enough)

    was, now = judge(replace(day, quoted=enough), held), judge(grown, larger)

    assert now.score.tolist() == pytest.approx(was.score.tolist(), nan_ok=True)
    assert now.times_expected.tolist() == pytest.approx(
        was.times_expected.tolist(), nan_ok=True
    )


@given(pasts(), days(), st.permutations(range(STOCKS)))
def test_a_stock_is_judged_alike_in_any_order(
    held: Past, day: Today, order: list[int]
) -> None:
    shuffled = Today(
        volume=day.volume[order],
        trading_value=day.trading_value[order],
        quoted=day.quoted[order],
        groups=day.groups[order],
    )
    moved = Past(
        trading_value=held.trading_value[:, order],
        volume=held.volume[:, order],
        known=held.known[:, order],
    )

    agree(judge(day, held), judge(shuffled, moved), order)


@given(pasts(), days(), ROWS, st.integers(2, 50))
def test_more_today_is_a_higher_score_and_changes_nothing_that_is_expected(
    held: Past, day: Today, row: int, times: int
) -> None:
    values = day.trading_value.copy()
    values[row] *= times

    was, now = judge(day, held), judge(replace(day, trading_value=values), held)

    assert now.expected.tolist() == pytest.approx(was.expected.tolist(), nan_ok=True)
    if was.judged[row] and day.trading_value[row]:
        assert now.score[row] > was.score[row]
        assert now.p_value[row] <= was.p_value[row]


@given(pasts(), days(), ROWS, st.integers(0, 69), st.sampled_from([0.02, 0.2, 5, 50]))
def test_a_split_changes_nothing(
    held: Past, day: Today, row: int, since: int, times: float
) -> None:
    # shares are what they would be today: those before it are multiplied, today's stay
    volume = held.volume.copy()
    volume[:since, row] *= times

    agree(judge(day, held), judge(day, replace(held, volume=volume)))


@given(pasts(), days())
def test_sessions_before_sixty_are_not_looked_at(held: Past, day: Today) -> None:
    agree(judge(day, held), judge(day, held.last(60)))


@given(pasts(), days())
def test_whoever_is_extreme_is_strong_and_whoever_is_strong_is_notable(
    held: Past, day: Today
) -> None:
    found = judge(day, held)

    score = np.nan_to_num(found.score, nan=-9.0)
    assert (score[found.level >= 2] >= 2.0).all()
    assert ((found.level >= 1) == (score >= 1.5)).all()
