"""A market with surges of every known cause in it, and some of none, twice over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import islice

import numpy as np

from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.plants import BAITS, CAUSES, NOTHING, Plant

EXPIRY, FRIDAY = date(2026, 11, 12), date(2026, 11, 20)
"""The second Thursday of the month, and a day like any other."""

CASES = 8
"""Of each cause."""

UNEXPLAINED = 20

_LARGE = {"KOSPI": 200, "KOSDAQ": 150}
_MARGIN = 20
"""Ranks about the edge of the large that nothing is planted at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    item: Listed
    size_rank: int

    @property
    def leaf(self) -> tuple[str, ...]:
        """Its industry."""
        item = self.item
        return (
            item.market,
            item.sector_large,
            item.sector_medium,
            item.sector_small,
        )

    @property
    def is_small(self) -> bool:
        """Whether no index option is settled by it."""
        return self.size_rank > _LARGE[self.item.market] + _MARGIN

    @property
    def is_large(self) -> bool:
        """Whether one surely is."""
        return self.size_rank <= _LARGE[self.item.market] - _MARGIN


def planted_market(seed: int = 20261120) -> SimulatedMarket:
    """Every cause eight times, and twenty surges that nothing explains.

    On the expiry day the KOSDAQ is planted, and large stocks of the KOSPI are to
    expire; on Friday the KOSPI is, and all of the KOSDAQ moves.
    """
    plain = _market(seed)
    able = _able(plain)
    kosdaq = [x for x in able if x.item.market == "KOSDAQ"]
    kospi = [x for x in able if x.item.market == "KOSPI"]
    first = _session(EXPIRY, [x for x in kosdaq if x.is_small], plain)
    expiring = [
        Plant(code=x.item.code, cause="index_expiry", day=EXPIRY)
        for x in islice((x for x in kospi if x.is_large), CASES)
    ]
    taken = {x.code for x in (*first, *expiring)}
    rest = [x for x in kospi if x.item.code not in taken]
    second = _session(FRIDAY, rest, plain)
    moving = [
        Plant(code=x.item.code, cause="market_move", day=FRIDAY)
        for x in islice((x for x in kosdaq if x.item.code not in taken), CASES)
    ]
    return _market(seed, *first, *expiring, *second, *moving)


def _market(seed: int, *plants: Plant) -> SimulatedMarket:
    return SimulatedMarket(seed=seed, stocks=900, etf=6, etn=4, nxt=20, plants=plants)


def _session(
    day: date, pool: Sequence[_Candidate], market: SimulatedMarket
) -> list[Plant]:
    """Half of every cause's cases and of those without; one industry moves."""
    leaf = _fullest(pool)
    inside = [x for x in pool if x.leaf == leaf]
    outside = iter([x for x in pool if x.leaf != leaf])
    made = [
        Plant(code=x.item.code, cause="sector_move", day=day, bait=_bait(number))
        for number, x in enumerate(inside[: CASES // 2])
    ]
    for cause in CAUSES:
        if cause in ("sector_move", "market_move", "index_expiry"):
            continue
        made += [
            Plant(
                code=next(outside).item.code,
                cause=cause,
                day=day,
                at=time(9 + number, 12),
                bait=_bait(number),
                number=number + (CASES // 2) * (day == FRIDAY),
            )
            for number in range(CASES // 2)
        ]
    made += [
        Plant(code=next(outside).item.code, cause=NOTHING, day=day, bait=bait)
        for bait in islice(_baits(), UNEXPLAINED // 2)
    ]
    return made


def _bait(number: int) -> str:
    return ("echo", "routine", "mention", "")[number % 4]


def _baits() -> Iterator[str]:
    while True:
        yield from BAITS


def _fullest(pool: Sequence[_Candidate]) -> tuple[str, ...]:
    """The industry with most of them."""
    leaves = [x.leaf for x in pool if x.item.sector_large != "0000"]
    return max(sorted(set(leaves)), key=leaves.count)


def _able(market: SimulatedMarket) -> list[_Candidate]:
    """Plain stocks that nothing has befallen, by their size rank in their market."""
    past, final = market.past, market.final("J", EXPIRY)
    befallen = {x.row for x in past.issues} | {x.row for x in past.halts}
    cap = final.price * final.listed_shares
    found = []
    for name in ("KOSPI", "KOSDAQ"):
        rows = np.flatnonzero(market.members(name, EXPIRY))
        order = rows[np.argsort(-cap[rows], kind="stable")]
        ranks = {int(row): rank for rank, row in enumerate(order, start=1)}
        found += [
            _Candidate(item=item, size_rank=ranks[row])
            for row, item in enumerate(market.listings())
            if row in ranks
            and row not in befallen
            and _is_plain(item)
            and np.count_nonzero(final.trading_value == final.trading_value[row]) == 1
        ]
    return found


def _is_plain(item: Listed) -> bool:
    return (
        (item.group, item.preferred) == ("ST", "0")
        and not (item.spac or item.halted or item.delisting)
        and item.listed_on.year < 2020
    )
