"""Tick sizes (호가단위) and daily price limits (상·하한가) of KRX."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BOUNDS = np.array([2_000, 5_000, 20_000, 50_000, 200_000, 500_000])
_STOCK = np.array([1, 5, 10, 50, 100, 500, 1_000])
_FUND = np.array([1, 5, 5, 5, 5, 5, 5])


def tick_of(price: npt.ArrayLike, fund: npt.ArrayLike = False) -> Ints:
    """Won per tick at a price; ETF and ETN know only 1 and 5."""
    band = np.searchsorted(_BOUNDS, np.asarray(price), side="right")
    return np.where(fund, _FUND[band], _STOCK[band]).astype(np.int64)


def on_tick(price: npt.ArrayLike, fund: npt.ArrayLike = False) -> Ints:
    """The nearest tradable price, at least one tick."""
    tick = tick_of(price, fund)
    steps = np.maximum(np.rint(np.asarray(price) / tick), 1)
    return steps.astype(np.int64) * tick


def limits(base: Ints, fund: npt.ArrayLike = False) -> tuple[Ints, Ints]:
    """Upper and lower limit: 30 % of the base price, cut to its tick."""
    tick = tick_of(base, fund)
    reach = base * 3 // 10 // tick * tick
    top = base + reach
    top_tick = tick_of(top, fund)
    return top // top_tick * top_tick, base - reach
