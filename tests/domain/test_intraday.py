"""Curves by hand, and their laws by hypothesis."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.intraday import (
    CONTINUOUS,
    DAY_DONE,
    LEARNT_FROM,
    OWN_HALF,
    SHIPPED,
    CurveBasis,
    StockCurves,
    VolumeCurve,
    instant_of,
    is_judged,
    learn,
    shipped_curves,
    usual_minute,
)
from domain.session import EXAM_DAY_HOURS, FIRST_SESSION_HOURS, TradingSession
from tests.builders import SESSION, at

MINUTES = (0.0, 100.0, CONTINUOUS)
USUAL = TradingSession(SESSION)
EXAM = TradingSession(date(2026, 11, 19), EXAM_DAY_HOURS)
FIRST = TradingSession(date(2026, 1, 2), FIRST_SESSION_HOURS)
ONE_MARKET = np.zeros(1, dtype=np.int8)
SHIPPED_AT_100 = 0.314 + (0.382 - 0.314) / 3
"""Minute 100 is a third of the way from 90 to 120."""


def day(*shares: float) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """One stock's shares by `MINUTES`."""
    return np.array(shares)[:, None]


def learnt(*days: tuple[float, float, float]) -> StockCurves:
    return learn([day(*shares) for shares in days], ONE_MARKET, MINUTES)


# -- one curve ---------------------------------------------------------------------


def test_a_share_lies_on_the_line_between_two_minutes() -> None:
    curve = VolumeCurve(minutes=MINUTES, shares=(0.0, 0.4, 0.9))
    assert curve.share_at(50) == pytest.approx(0.2)
    assert curve.share_at(240) == pytest.approx(0.65)


def test_the_share_stands_through_the_closing_auction_and_is_whole_after_it() -> None:
    assert SHIPPED.share_at(CONTINUOUS) == SHIPPED.share_at(385) == 0.943
    assert SHIPPED.share_at(DAY_DONE) == 1.0


@pytest.mark.parametrize(
    ("minutes", "shares"),
    [
        ((0.0, 100.0), (0.0, 1.0)),
        ((10.0, CONTINUOUS), (0.0, 1.0)),
        ((0.0, 200.0, 100.0, CONTINUOUS), (0.0, 0.1, 0.2, 1.0)),
        (MINUTES, (0.0, 0.5)),
        (MINUTES, (0.0, 0.5, 0.4)),
        (MINUTES, (-0.1, 0.5, 0.9)),
        (MINUTES, (0.0, 0.5, 1.1)),
    ],
)
def test_what_is_no_curve_is_refused(
    minutes: tuple[float, ...], shares: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=r"minutes|shares"):
        VolumeCurve(minutes=minutes, shares=shares)


# -- the time of a day ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "clock", "minute"),
    [
        (USUAL, "08:50", 0),
        (USUAL, "09:00", 0),
        (USUAL, "09:30", 30),
        (USUAL, "15:20", 380),
        (USUAL, "15:29:59", 380),
        (USUAL, "15:30", DAY_DONE),
        (EXAM, "10:00", 0),
        (EXAM, "10:30", 30),
        (EXAM, "16:20", 380),
        (EXAM, "16:30", DAY_DONE),
        (FIRST, "10:00", 0),
        (FIRST, "12:40", 190),  # half of 320 minutes is half of 380
        (FIRST, "15:20", 380),
        (FIRST, "15:30", DAY_DONE),
    ],
)
def test_a_late_open_shifts_the_day(
    session: TradingSession, clock: str, minute: float
) -> None:
    assert usual_minute(at(clock, session.day), session) == pytest.approx(minute)


@pytest.mark.parametrize("session", [USUAL, EXAM, FIRST])
@given(minute=st.floats(0, CONTINUOUS - 0.001))
def test_an_instant_and_its_minute_name_each_other(
    session: TradingSession, minute: float
) -> None:
    back = usual_minute(instant_of(minute, session), session)
    assert back == pytest.approx(minute, abs=1e-6)


def test_the_whole_day_is_done_at_the_close() -> None:
    assert instant_of(DAY_DONE, EXAM) == at("16:30", EXAM.day)


def test_nothing_is_judged_before_half_an_hour() -> None:
    assert not is_judged(29.99)
    assert is_judged(30.0)
    assert is_judged(DAY_DONE)


# -- learning ------------------------------------------------------------------------


def test_without_sessions_the_shipped_curve_serves() -> None:
    curves = shipped_curves(2)
    assert curves.share_of_day(60).tolist() == [0.24, 0.24]
    assert curves.share_of_day(DAY_DONE).tolist() == [1.0, 1.0]
    assert curves.basis_of(0) is curves.most_rows_basis is CurveBasis.SHIPPED


def test_a_few_sessions_are_shrunken_to_the_shipped_curve() -> None:
    """Three of its own count half: the geometric mean of both curves."""
    curves = learnt(*[(0.0, 0.2, 0.9)] * 3)
    assert OWN_HALF == 3
    assert curves.share_of_day(100)[0] == pytest.approx(math.sqrt(0.2 * SHIPPED_AT_100))
    assert curves.basis_of(0) is CurveBasis.OWN
    assert curves.market_basis is CurveBasis.SHIPPED


def test_two_sessions_of_its_own_are_not_yet_its_own_curve() -> None:
    assert learnt(*[(0.0, 0.2, 0.9)] * 2).basis_of(0) is CurveBasis.SHIPPED


def test_from_ten_sessions_on_the_market_has_its_own_curve() -> None:
    """A stock that was never seen gets the median of the three that were."""
    table = np.array([[0, 0.1, 0.9], [0, 0.2, 0.9], [0, 0.4, 0.9], [np.nan] * 3]).T
    days = [table] * LEARNT_FROM
    curves = learn(days, np.zeros(4, dtype=np.int8), MINUTES)
    assert curves.share_of_day(100)[3] == pytest.approx(0.2)
    assert curves.basis_of(3) is CurveBasis.MARKET
    assert (
        learn(days[1:], np.zeros(4, dtype=np.int8), MINUTES).basis_of(3)
        is CurveBasis.SHIPPED
    )


def test_each_market_has_its_own_curve() -> None:
    table = np.array([[0.0] * 4, [0.2, np.nan, 0.4, np.nan], [0.9] * 4])
    curves = learn([table] * 10, np.array([0, 0, 1, 1]), MINUTES)
    assert curves.share_of_day(100)[[1, 3]] == pytest.approx([0.2, 0.4])


def test_one_odd_session_counts_no_farther_than_it_may() -> None:
    """A day of which a hundredth was done: e^-1.5 of what is usual, and no less."""
    curves = learnt((0.0, 0.01, 0.9))
    expected = SHIPPED_AT_100 * math.exp(-1.5 / 4)
    assert curves.share_of_day(100)[0] == pytest.approx(expected)


def test_a_minute_that_few_sessions_tell_of_falls_below_none_before() -> None:
    """By 200 the shipped curve has .53 done; nine sessions told of .9 by 100."""
    known = np.array([[0.0], [0.9], [np.nan], [np.nan]])
    curves = learn([known] * 9, ONE_MARKET, (0.0, 100.0, 200.0, CONTINUOUS))
    by_100 = 0.9 ** (9 / 12) * SHIPPED_AT_100 ** (3 / 12)
    assert curves.share_of_day(200)[0] == pytest.approx(by_100)


shares = st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3).map(sorted)
many_days = st.lists(shares, max_size=14)


@settings(deadline=None)
@given(days=many_days, minutes=st.lists(st.floats(0, CONTINUOUS), min_size=2))
def test_shares_never_fall_and_end_at_the_whole(
    days: list[list[float]], minutes: list[float]
) -> None:
    curves = learn([day(*one) for one in days], ONE_MARKET, MINUTES)
    found = [curves.share_of_day(x)[0] for x in [*sorted(minutes), DAY_DONE]]
    assert found == sorted(found)
    assert found[0] >= 0
    assert found[-1] == 1.0


@settings(deadline=None)
@given(own=st.floats(0.01, 0.9), count=st.integers(1, 9))
def test_a_curve_lies_between_the_own_and_the_market_s(own: float, count: int) -> None:
    found = learnt(*[(0.0, own, 1.0)] * count).share_of_day(100)[0]
    more = learnt(*[(0.0, own, 1.0)] * (count + 1 if count < 9 else 9))
    low, high = sorted((own, SHIPPED_AT_100))
    assert low - 1e-12 <= found <= high + 1e-12
    assert abs(math.log(more.share_of_day(100)[0] / own)) <= (
        abs(math.log(found / own)) + 1e-12
    )
