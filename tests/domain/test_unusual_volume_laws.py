"""Today against the own past: laws that hold of any market."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.unusual_volume import Judgement, NotJudged, Past, consecutive_days, judge
from tests.past_builders import Figures, past

FIGURES = (
    "average_volume",
    "volume_ratio",
    "expected",
    "times_expected",
    "z_score",
    "upper_band",
    "lower_band",
)
WITHOUT_UNIT = ("volume_ratio", "times_expected", "z_score")
STOCKS = 5

WON = st.one_of(st.just(0), st.integers(10**6, 10**12), st.integers(10**8, 10**9))


@st.composite
def pasts(draw: st.DrawFn) -> list[Figures]:
    """Five stocks over up to sixty sessions, with gaps and idle days."""
    sessions = draw(st.sampled_from([0, 19, 20, 21, 60]))
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    stocks: list[Figures] = []
    for _ in range(STOCKS):
        about, width = draw(WON), draw(st.sampled_from([0.0, 0.5, 3.0]))
        values = about * np.exp(seed.normal(0.0, width, sessions))
        gaps = seed.random(sessions) < draw(st.sampled_from([0.0, 0.0, 0.3]))
        stocks.append(
            [
                None if gap else int(value)
                for value, gap in zip(values, gaps, strict=True)
            ]
        )
    return stocks


MASKS = st.lists(st.booleans(), min_size=STOCKS, max_size=STOCKS).map(np.array)
TODAY = st.lists(WON, min_size=STOCKS, max_size=STOCKS).map(np.array)
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Whole = np.ndarray[tuple[int], np.dtype[np.int64]]


def seen(held: Past, today: Whole, inside: Mask, halted: Mask) -> Judgement:
    return judge(
        volume=today // 7,
        trading_value=today,
        inside=inside,
        halted=halted,
        past=held,
    )


@given(pasts(), TODAY, MASKS, MASKS)
def test_a_stock_that_is_not_judged_has_no_figures(
    stocks: list[Figures], today: Whole, inside: Mask, halted: Mask
) -> None:
    found = seen(past(stocks), today, inside, halted)

    for name in FIGURES:
        assert np.isnan(getattr(found, name)[~found.judged]).all(), name
    for name in set(FIGURES) - {"z_score"}:
        assert not np.isnan(getattr(found, name)[found.judged]).any(), name


@given(pasts(), TODAY, MASKS, MASKS)
def test_every_stock_inside_is_judged_or_has_one_cause(
    stocks: list[Figures], today: Whole, inside: Mask, halted: Mask
) -> None:
    found = seen(past(stocks), today, inside, halted)

    assert set(found.causes) == set(NotJudged)
    ways = np.sum([found.judged, *found.causes.values()], axis=0)
    assert ways.tolist() == inside.astype(int).tolist()
    assert (found.market_factor is None) == (not found.judged.any())


@given(pasts(), TODAY, st.integers(2, 1_000), st.integers(0, STOCKS - 1))
def test_a_stock_is_judged_alike_at_any_scale(
    stocks: list[Figures], today: Whole, scale: int, row: int
) -> None:
    everyone = np.ones(STOCKS, dtype=bool)
    held = past(stocks)
    scales = np.ones(STOCKS, dtype=np.int64)
    scales[row] = scale
    larger = Past(
        trading_value=held.trading_value * scales,
        volume=held.volume * scales,
        known=held.known,
    )

    def scored(of: Past, factors: Whole) -> Judgement:
        return judge(
            volume=today // 7 * factors,
            trading_value=today * factors,
            inside=everyone,
            halted=~everyone,
            past=of,
        )

    before, after = scored(held, scales // scales), scored(larger, scales)

    # scaled up, it may only come to be traded enough
    both = before.judged
    assert after.judged[both].all()
    for name in FIGURES:
        unit = 1 if name in WITHOUT_UNIT else scales
        was, now = (getattr(before, name) * unit)[both], getattr(after, name)[both]
        assert now.tolist() == pytest.approx(
            was.tolist(), rel=1e-6, abs=1e-6, nan_ok=True
        ), name


@given(pasts(), TODAY, st.permutations(range(STOCKS)))
def test_a_stock_is_judged_alike_whoever_stands_beside_it(
    stocks: list[Figures], today: Whole, order: list[int]
) -> None:
    everyone = np.ones(STOCKS, dtype=bool)

    found = seen(past(stocks), today, everyone, ~everyone)
    shuffled = seen(
        past([stocks[row] for row in order]), today[order], everyone, ~everyone
    )

    for name in FIGURES:
        same = getattr(found, name)[order].tolist()
        assert getattr(shuffled, name).tolist() == pytest.approx(same, nan_ok=True)
    assert shuffled.market_factor == pytest.approx(found.market_factor)


@given(pasts(), TODAY, st.floats(1.0, 10.0))
def test_a_row_of_days_is_at_most_the_past_and_today(
    stocks: list[Figures], today: Whole, least: float
) -> None:
    held, everyone = past(stocks), np.ones(STOCKS, dtype=bool)
    found = seen(held, today, everyone, ~everyone)

    runs = consecutive_days(held, found.expected, found.times_expected, least)

    reached = np.nan_to_num(found.times_expected) >= least
    assert (runs > 0).tolist() == reached.tolist()
    for row, run in enumerate(runs.tolist()):
        days = held.trading_value[::-1, row][: max(run - 1, 0)]
        assert (days >= least * found.expected[row]).all()
        assert run <= 1 + len(held.known)
