"""Average, band and z-score of a day: by hand."""

import math

import pytest

from domain.plain_volume import PlainFigures, plain_figures
from tests.past_builders import Figures, past, today

M = 1_000_000
TEN_AND_TEN: Figures = [100 * M, 400 * M] * 10
"""Of the logs the mean is that of 200M, half of them ln 2 on each side."""

SPREAD = math.log(2) * math.sqrt(20 / 19)


def plain(
    values: Figures, now: int, volumes: Figures | None = None, shares: int | None = None
) -> PlainFigures:
    """One stock's window, and its won and shares of today."""
    held = past([values], None if volumes is None else [volumes])
    day = today(now, volumes=None if shares is None else (shares,))
    return plain_figures(
        volume=day.volume,
        trading_value=day.trading_value,
        past_volume=held.volume,
        past_value=held.trading_value,
        known=held.known,
    )


@pytest.mark.parametrize(("now", "times"), [(800 * M, 4), (50 * M, 1 / 4)])
def test_the_score_is_of_the_log(now: int, times: float) -> None:
    assert plain(TEN_AND_TEN, now).z_score[0] == pytest.approx(math.log(times) / SPREAD)


def test_the_average_and_the_band_are_of_shares() -> None:
    found = plain(TEN_AND_TEN, 800 * M, [150, 250] * 10, 500)

    # (n − 1) of twenty, each 50 from the mean
    spread = 50 * math.sqrt(20 / 19)
    assert found.average_volume[0] == pytest.approx(200)
    assert found.volume_ratio[0] == pytest.approx(2.5)
    assert found.upper_band[0] == pytest.approx(200 + 2 * spread)
    assert found.lower_band[0] == pytest.approx(200 - 2 * spread)


def test_a_band_does_not_reach_below_zero() -> None:
    found = plain(TEN_AND_TEN, 1, [100, 300] * 10)

    assert found.lower_band[0] == 0.0
    assert found.upper_band[0] == pytest.approx(200 + 200 * math.sqrt(20 / 19))


def test_days_without_a_trade_count_in_the_average_and_not_in_the_score() -> None:
    values: Figures = [0] * 4 + [100 * M, 400 * M] * 8

    found = plain(values, 800 * M, [0] * 4 + [100] * 16, 80)

    # sixteen logs have a spread of their own
    assert found.average_volume[0] == pytest.approx(80)
    assert found.volume_ratio[0] == pytest.approx(1.0)
    assert found.z_score[0] == pytest.approx(
        math.log(4) / (math.log(2) * math.sqrt(16 / 15))
    )


def test_days_that_are_not_known_are_no_part_of_it() -> None:
    values: Figures = [None, *TEN_AND_TEN, None]

    found = plain(values, 800 * M)

    assert found.average_volume[0] == pytest.approx(250 * M)
    assert found.z_score[0] == pytest.approx(math.log(4) / SPREAD)


def test_a_stock_that_has_not_traded_today_has_no_score() -> None:
    found = plain(TEN_AND_TEN, 0)

    assert math.isnan(found.z_score[0])
    assert found.volume_ratio[0] == 0.0


@pytest.mark.parametrize("value", [300 * M, 123_456_789, 999_999_999])
def test_against_a_flat_past_there_is_no_score(value: int) -> None:
    # the logs' mean differs from each of them by rounding alone
    assert math.isnan(plain([value] * 20, 2 * value).z_score[0])


def test_without_a_past_there_is_nothing() -> None:
    found = plain([None] * 20, M)

    assert math.isnan(found.average_volume[0])
    assert math.isnan(found.volume_ratio[0])
