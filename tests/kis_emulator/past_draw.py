"""Chooses what befell whom, without touching a figure of the market's last day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.past_events import Halt, Issue, Move, PastEvents
from tests.kis_emulator.ticks import Bools, Ints
from tests.kis_emulator.traits import Traits

THE_DAY = date(2026, 11, 20)
NEVER = 10_000_000
CLEARANCE = 7
"""Sessions of the clearance sale before a delisting."""

# Everything below is in sessions before the day: 1 is the session before it.
NEW_LISTINGS = (3, 7, 12, 19, 21, 30, 90)
_ISSUES = ((40, 22, 0.75, 0.2), (100, 85, 0.0, 1.0), (15, 6, 0.0, 0.1))
"""Ex-date, listing of the new shares, issue price over price, new shares per old."""
_NXT_ISSUE = (70, 48, 0.7, 0.25)
_HALTS = ((33, 29), (120, 109), (200, 151))
_NXT_HALT = (10, 8)
_REDUCTION = 1
"""Which of the halts ends with a tenth of the shares at ten times the price."""
_HALTED_SINCE = (10, 45)
_MOVES = (35, 110)
_DELISTINGS = (4, 26, 80)
_KOSDAQ_SECTORS = {"0027": ("1009", "1028"), "0016": ("1011", "0000")}


class _Sessions:
    """Ordinals by number of sessions before the day."""

    def __init__(self, days: TradingDays) -> None:
        start = date(THE_DAY.year - 1, 10, 1)
        self._days = days.back(start, days.latest(THE_DAY), 260)

    def __getitem__(self, back: int) -> int:
        return self._days[back].toordinal()

    def day(self, back: int) -> date:
        return self._days[back]


def _spread(pool: Ints, count: int) -> list[int]:
    """So many rows of the pool from all its length; all of a shorter one."""
    if len(pool) < count:
        return [int(row) for row in pool]
    evenly = pool[(np.arange(count) * 2 + 1) * len(pool) // (2 * count)]
    return [int(row) for start in range(5) for row in evenly[start::5]]


def _pools(listed: Sequence[Listed], traits: Traits) -> tuple[Ints, Ints]:
    """Plain common stocks that nothing else befalls: off NXT, and on it."""
    plain = np.array(
        [x.group == "ST" and x.preferred == "0" and not x.spac for x in listed]
    )
    plain &= np.array([x.market != "KONEX" for x in listed])
    single = np.bincount(traits.twin, minlength=len(listed)) == 1
    able = plain & single & (traits.restless > 0) & (traits.split_on == 0)
    able[np.argsort(-traits.log_value, kind="stable")[:12]] = False
    on_nxt = np.array([x.on_nxt for x in listed])
    return np.flatnonzero(able & ~on_nxt), np.flatnonzero(able & on_nxt)


def _issue(row: int, of: tuple[int, int, float, float], at: _Sessions) -> Issue:
    ex, listed, price, grown = of
    return Issue(
        row=row,
        ex_on=at[ex],
        ratio=(1 + price * grown) / (1 + grown),
        listed_on=at[listed],
        growth=1 + grown,
    )


def _halt(row: int, between: tuple[int, int], at: _Sessions) -> Halt:
    first, last = between
    return Halt(row=row, before=at[first + 1], first=at[first], last=at[last])


def _reduction(row: int, last: int, at: _Sessions) -> Issue:
    back = at[last - 1]
    return Issue(
        row=row, ex_on=back, ratio=10.0, listed_on=back, growth=0.1, reduction=True
    )


def _moves(listed: Sequence[Listed], rows: list[int], at: _Sessions) -> dict[int, Move]:
    found: dict[int, Move] = {}
    for row, back in zip(rows, _MOVES, strict=False):
        item = listed[row]
        large, medium = _KOSDAQ_SECTORS.get(item.sector_large, ("1009", "0000"))
        was = replace(item, market="KOSDAQ", sector_large=large, sector_medium=medium)
        found[row] = Move(on=at[back], was=was)
    return found


def _since(still: Bools, at: _Sessions) -> Ints:
    """Two of the halted traded until some weeks ago."""
    since = np.zeros(len(still), dtype=np.int64)
    for row, back in zip(
        _spread(np.flatnonzero(still), 2), _HALTED_SINCE, strict=False
    ):
        since[row] = at[back]
    return since


def _issues_and_halts(
    spots: Iterator[int], on_nxt: list[int], at: _Sessions
) -> tuple[list[Issue], list[Halt]]:
    issues = [_issue(row, of, at) for of, row in zip(_ISSUES, spots, strict=False)]
    halts = [_halt(row, of, at) for of, row in zip(_HALTS, spots, strict=False)]
    ends = [
        _reduction(halt.row, _HALTS[_REDUCTION][1], at)
        for halt in halts[_REDUCTION : _REDUCTION + 1]
    ]
    issues += [*ends, *(_issue(row, _NXT_ISSUE, at) for row in on_nxt[:1])]
    halts += [_halt(row, _NXT_HALT, at) for row in on_nxt[1:]]
    return issues, halts


def draw_past(
    listed: tuple[Listed, ...], traits: Traits, days: TradingDays, *, leaving: bool
) -> tuple[tuple[Listed, ...], PastEvents]:
    """The listings with their listing days, and what befell them.

    Args:
        listed: The universe.
        traits: Its traits.
        days: The calendar.
        leaving: Also let two change their market and three be delisted.
    """
    at = _Sessions(days)
    off, on = _pools(listed, traits)
    spots = iter(_spread(off, 16))
    new = dict(zip((at.day(back) for back in NEW_LISTINGS), spots, strict=False))
    issues, halts = _issues_and_halts(spots, _spread(on, 2), at)
    gone = dict(zip(_DELISTINGS, spots, strict=False)) if leaving else {}
    shown = list(listed)
    for day, row in new.items():
        shown[row] = replace(shown[row], listed_on=day)
    delisted = np.full(len(listed), NEVER)
    for back, row in gone.items():
        delisted[row] = at[back]
    befallen = [*(issue.row for issue in issues), *(halt.row for halt in halts)]
    taken = {*new.values(), *gone.values(), *befallen}
    movers = _spread(_kospi(listed, [*off, *on], taken), 2) if leaving else []
    return tuple(shown), PastEvents(
        listed_on=np.array([item.listed_on.toordinal() for item in shown]),
        delisted_on=delisted,
        halted_since=_since(traits.halted, at),
        winding_up={row: at[back + CLEARANCE] for back, row in gone.items()},
        issues=tuple(issues),
        halts=tuple(halts),
        moves=_moves(shown, movers, at),
    )


def _kospi(listed: Sequence[Listed], rows: Iterable[int], taken: set[int]) -> Ints:
    """Those of KOSPI that nothing was chosen for yet, NXT's with the others."""
    free = [x for x in rows if x not in taken and listed[x].market == "KOSPI"]
    return np.array(sorted(free), dtype=np.int64)
