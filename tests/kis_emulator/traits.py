"""How each simulated listing behaves: price, size, restlessness, rare events."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Bools, Floats, Ints, on_tick

CYCLE = 331
"""Calendar days between two limit days, or ex-dates, of one listing."""

_SPLITS = ((date(2026, 11, 20), 4), (date(2026, 9, 15), 3), (date(2026, 6, 2), 3))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Traits:
    """Columns over the universe, the same on every day.

    Attributes:
        twin: Row whose draws this row takes: twins trade exactly alike.
        level: Price in won about which it moves, in today's shares.
        restless: Scale of its price moves; 0 for the halted and the dormant.
        period: Days of its slow wave.
        phase: Where in its wave and its event cycle it stands.
        log_value: Natural log of its usual daily trading value.
        pace: Below 1 trades early in the day, above 1 late.
        shares: Listed shares today.
        split_on: Ordinal of its split or merger; 0 for none.
        split_ratio: Price before it over price after.
        nxt_share: NXT volume over KRX volume; 0 where NXT does not trade it.
    """

    twin: Ints
    fund: Bools
    stock: Bools
    halted: Bools
    dormant: Bools
    level: Ints
    restless: Floats
    period: Floats
    phase: Ints
    log_value: Floats
    pace: Floats
    shares: Ints
    split_on: Ints
    split_ratio: Floats
    nxt_share: Floats


def _log_values(listed: list[Listed], draw: np.random.Generator) -> Floats:
    """Lognormal: about six decades across a market, KOSPI heavier."""
    kospi = np.array([item.market == "KOSPI" for item in listed])
    etn = np.array([item.kind == "ETN" for item in listed])
    small = np.array([item.kind == "OUT" or item.market == "KONEX" for item in listed])
    mean = np.log(1.2e9) + 0.9 * kospi - 3.0 * etn - 4.0 * small
    values = mean + 2.0 * draw.standard_normal(len(listed))
    konex = [row for row, item in enumerate(listed) if item.market == "KONEX"]
    values[konex[:2]] = np.sort(values)[-8:-6]  # heavy, and in no master
    return np.asarray(values, dtype=np.float64)


def _twins(listed: list[Listed], log_value: Floats, plain: Bools) -> Ints:
    """Three pairs and a triple, near ranks 5, 30 and 100 and in the tail."""
    twin = np.arange(len(listed))
    on_nxt = np.array([item.on_nxt for item in listed])
    for group in range(4):
        market = ("KOSPI", "KOSDAQ")[group % 2]
        here = np.array([item.market == market for item in listed]) & plain
        rows = np.flatnonzero(here & (on_nxt == (group < 3)))
        if len(rows) < 3:
            continue
        rows = rows[np.argsort(-log_value[rows], kind="stable")]
        first = min((4, 11, 60, 200)[group], max(len(rows) - 4, 0))
        copies = 3 if group == 3 else 2
        twin[rows[first : first + copies]] = rows[first]
    return twin


def _splits(plain: Bools, log_value: Floats, twin: Ints) -> tuple[Ints, Floats]:
    """A few splits (price falls to a fifth, a half) and mergers (rises tenfold)."""
    on = np.zeros(len(plain), dtype=np.int64)
    ratio = np.ones(len(plain))
    single = np.bincount(twin, minlength=len(plain)) == 1
    rows = np.flatnonzero(plain & single)
    rows = rows[np.argsort(-log_value[rows], kind="stable")]
    spot = 7
    for day, count in _SPLITS:
        for number in range(count):
            if spot < len(rows):
                on[rows[spot]] = day.toordinal()
                ratio[rows[spot]] = (5.0, 2.0, 0.1, 10.0)[number % 4]
            spot += 41
    return on, ratio


def _nxt_shares(listed: list[Listed], draw: np.random.Generator) -> Floats:
    share = draw.uniform(0.05, 0.6, len(listed))
    on_nxt = np.array([item.on_nxt for item in listed], dtype=np.float64)
    return np.asarray(share * on_nxt)


def sizes(listed: list[Listed], seed: int) -> Floats:
    """Log of each listing's usual trading value; decides who is on NXT."""
    return _log_values(listed, np.random.default_rng([seed, 2]))


def draw_traits(listed: list[Listed], log_value: Floats, seed: int) -> Traits:
    """Every trait, the same for the same seed."""
    draw = np.random.default_rng([seed, 3])
    count = len(listed)
    fund = np.array([item.is_fund for item in listed])
    stock = np.array([item.kind == "STOCK" for item in listed])
    halted = np.array([item.halted for item in listed])
    on_nxt = np.array([item.on_nxt for item in listed])
    dormant = (draw.random(count) < 0.015) & ~halted & ~on_nxt & (log_value < 20.5)
    lively = stock & ~halted & ~dormant
    twin = _twins(listed, log_value, lively)
    split_on, split_ratio = _splits(lively, log_value, twin)
    level = on_tick(np.exp(draw.normal(9.3, 1.1, count)).clip(600, 900_000), fund)
    turnover = np.exp(draw.normal(-4.8, 0.7, count)).clip(0.0005, 0.2)
    shares = np.exp(log_value) / turnover / level
    still = halted | dormant
    return Traits(
        twin=twin,
        fund=fund,
        stock=stock,
        halted=halted,
        dormant=dormant,
        level=level[twin],
        restless=np.where(still, 0.0, np.where(fund, 0.5, 1.0))[twin],
        period=draw.uniform(40, 200, count)[twin],
        phase=draw.integers(0, CYCLE, count)[twin],
        log_value=log_value[twin],
        pace=draw.uniform(0.85, 1.2, count)[twin],
        shares=(np.maximum(shares, 1_000).astype(np.int64) * 10)[twin],
        split_on=split_on,
        split_ratio=split_ratio,
        nxt_share=_nxt_shares(listed, draw)[twin],
    )
