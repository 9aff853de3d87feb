"""What a listing is beside its trading: earnings, equity, foreign holding, range."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import numpy as np

from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.planting import Planting
from tests.kis_emulator.ticks import Bools, Floats, Ints, on_tick

_DAYS = 40
_LIMITED = 0.03


@dataclass(frozen=True, slots=True)
class Profile:
    """One listing's profile of one session.

    Attributes:
        eps: 주당순이익 in hundredths of won; None where the broker leaves it blank.
        bps: 주당순자산, the same.
        foreign_shares: What foreigners hold.
        foreign_limit: What they may hold; the listed shares but for a few.
        range_high: The year's highest price before this session, in today's shares.
        range_low: The lowest.
    """

    code: str
    listed_shares: int
    eps: int | None
    bps: int | None
    foreign_shares: int
    foreign_limit: int
    range_high: int
    range_high_on: date
    range_low: int
    range_low_on: date


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Profiles:
    """The profiles of a session as columns; row ``i`` is ``codes[i]`` (KRX's).

    Attributes:
        stated: Where EPS and BPS are given at all; elsewhere they are 0 and blank.
        eps: Hundredths of won, negative for a loss; 0 where there are no earnings.
        bps: Hundredths of won.
        range_high_back: Days from ``anchor`` back to the day of the year's high.
        anchor: The last session of the quarter before.
    """

    codes: tuple[str, ...]
    row_of: Mapping[str, int]
    listed_shares: Ints
    stated: Bools
    eps: Ints
    bps: Ints
    foreign_shares: Ints
    foreign_limit: Ints
    range_high: Ints
    range_high_back: Ints
    range_low: Ints
    range_low_back: Ints
    anchor: date
    days: TradingDays

    def of(self, code: str) -> Profile | None:
        """One row; None where KRX does not list the code on that day."""
        row = self.row_of.get(code)
        if row is None or not self.listed_shares[row]:
            return None
        stated = bool(self.stated[row])
        high_back, low_back = self.range_high_back[row], self.range_low_back[row]
        return Profile(
            code=code,
            listed_shares=int(self.listed_shares[row]),
            eps=int(self.eps[row]) if stated else None,
            bps=int(self.bps[row]) if stated else None,
            foreign_shares=int(self.foreign_shares[row]),
            foreign_limit=int(self.foreign_limit[row]),
            range_high=int(self.range_high[row]),
            range_high_on=self._back(int(high_back)),
            range_low=int(self.range_low[row]),
            range_low_on=self._back(int(low_back)),
        )

    def _back(self, days: int) -> date:
        return self.days.latest(self.anchor - timedelta(days=days))


class _Book:
    """The profiles of one market's sessions that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Kept[Profiles] = Kept(_DAYS)

    def on(self, truth: Truth, day: date) -> Profiles:
        with self._lock:
            return self._kept.remember(day, lambda: _make(truth, day))


_BOOKS: WeakKeyDictionary[Truth, _Book] = WeakKeyDictionary()


def profiles_of(truth: Truth, day: date) -> Profiles:
    """The profiles of a session; the same however often and whenever asked.

    A market that does not know the quarter before (a real day alone) has no earnings,
    and no listing has any that was not listed then.
    """
    return _BOOKS.setdefault(truth, _Book()).on(truth, day)


def _dice(codes: tuple[str, ...]) -> Floats:
    """Eight even draws from 0 to 1 for each code, always the same."""
    digests = b"".join(hashlib.blake2b(code.encode()).digest() for code in codes)
    draws = np.frombuffer(digests, dtype=np.uint64).reshape(len(codes), 8)
    return draws.T / 2.0**64


def _quarter_end(days: TradingDays, day: date) -> date:
    return days.previous(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))


def _capitalisation(past: Figures, codes: tuple[str, ...]) -> Floats:
    """Won at that session's close, 0 for what was not listed."""
    caps = past.price.astype(np.float64) * past.listed_shares
    if past.codes == codes:
        return caps
    known = dict(zip(past.codes, caps.tolist(), strict=True))
    return np.array([known.get(code, 0.0) for code in codes])


def _make(truth: Truth, day: date) -> Profiles:
    figures = truth.final("J", day)
    anchor = _quarter_end(truth.days, day)
    listed = [truth.listing_of[code] for code in figures.codes]
    dice = _dice(figures.codes)
    cap = _capitalisation(truth.final("J", anchor), figures.codes)
    shares = figures.listed_shares
    stated = np.array([_is_stated(item) for item in listed])
    eps, bps = _per_share(listed, dice, cap / np.maximum(shares, 1), day)
    foreign, limit = _foreign(listed, dice, shares, day)
    fund = np.array([item.is_fund for item in listed])
    planting = truth.planting if isinstance(truth, SimulatedMarket) else Planting()
    middle = np.where(cap > 0, cap / np.maximum(shares, 1), figures.base)
    top = on_tick(middle * (1.03 + 0.55 * dice[6]), fund)
    bottom = on_tick(middle * (0.97 - 0.45 * dice[7]), fund)
    top, bottom = planting.ranges(day, figures.base, figures.high, (top, bottom))
    return Profiles(
        codes=figures.codes,
        row_of=figures.row_of,
        listed_shares=shares,
        stated=stated,
        eps=eps * stated,
        bps=bps * stated,
        foreign_shares=foreign,
        foreign_limit=limit,
        range_high=top,
        range_high_back=(dice[6] * 1e6 % 270).astype(np.int64),
        range_low=bottom,
        range_low_back=(dice[7] * 1e6 % 270).astype(np.int64),
        anchor=anchor,
        days=truth.days,
    )


def _is_stated(item: Listed) -> bool:
    """Preferred shares, ETN and what is no stock have blank earnings."""
    return item.kind in ("STOCK", "ETF") and item.preferred == "0"


def _per_share(
    listed: list[Listed], dice: Floats, price: Floats, day: date
) -> tuple[Ints, Ints]:
    """EPS and BPS: a quarter of all lose money, one in eighty has lost its equity.

    Both change a little every day; at the quarter's close a PER stood between 5 and
    67, a PBR between 0.25 and 5.
    """
    earning = np.array([item.kind == "STOCK" for item in listed])
    earning &= np.array([not item.spac and item.group != "RT" for item in listed])
    owning = np.array([item.kind == "STOCK" and not item.spac for item in listed])
    gain = 1 / (5 * np.exp(2.6 * dice[1]))
    loss = -0.004 - 0.3 * dice[1] ** 2
    drift = 1 + 0.02 * np.sin(2 * np.pi * (day.toordinal() / 61 + dice[5]))
    income = np.where(dice[0] < 0.25, loss, gain) * earning * drift
    equity = np.where(dice[2] < 0.0125, -0.05, 1 / (0.25 * np.exp(3 * dice[2])))
    equity = equity * owning * (1 + (drift - 1) / 8)
    eps, bps = (np.rint(part * price * 100) for part in (income, equity))
    return eps.astype(np.int64), bps.astype(np.int64)


def _foreign(
    listed: list[Listed], dice: Floats, shares: Ints, day: date
) -> tuple[Ints, Ints]:
    """What foreigners hold and may hold; three in a hundred have a limit by law."""
    stock = np.array([item.kind == "STOCK" for item in listed])
    held = np.where(stock, 0.65, 0.05) * dice[3] ** 3
    held = held * (1 + 0.03 * np.sin(2 * np.pi * (day.toordinal() / 83 + dice[5])))
    part = np.array([0.30, 0.40, 0.49])[(dice[4] * 1e6 % 3).astype(np.int64)]
    limited = stock & (dice[4] < _LIMITED)
    limit = np.floor(shares * np.where(limited, part, 1.0)).astype(np.int64)
    return np.floor(limit * np.minimum(held, 0.97)).astype(np.int64), limit
