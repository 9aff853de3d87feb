"""The investors' fields: which number each key holds, in the broker's units."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from tests.kis_emulator.flow_columns import Side
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import millions, thousands

_INSTITUTIONS = {
    "scrt": (30, 28),
    "ivtr": (14, 15),
    "pe_fund": (9, 10),
    "bank": (2, 1),
    "insu": (6, 6),
    "mrbn": (1, 1),
    "fund": (38, 39),
}
"""Percent of an institution's buying, and of its selling."""

KINDS = tuple(_INSTITUTIONS)
"""The kinds of institutions, as every list orders them."""

Cells = tuple[int, int, int, int]
"""Bought and sold shares, bought and sold amounts, as served."""

_UPTO = [
    tuple(accumulate((percent[side] for percent in _INSTITUTIONS.values()), initial=0))
    for side in (0, 1)
]

_WHO = (
    *("frgn", "frgn_reg", "frgn_nreg", "prsn", "orgn"),
    *KINDS,
    *("etc", "etc_corp", "etc_orgt"),
)
_MEASURES = {
    "_shnu_vol": 0,
    "_bidp_qty": 0,
    "_seln_vol": 1,
    "_askp_qty": 1,
    "_shnu_tr_pbmn": 2,
    "_bidp_pbmn": 2,
    "_seln_tr_pbmn": 3,
    "_askp_pbmn": 3,
    "_ntby_qty": 4,
    "_ntby_vol": 4,
    "_ntby_tr_pbmn": 5,
    "_ntby_pbmn": 5,
}
_EACH = 6


def in_millions(side: Side) -> Cells:
    """Shares, and 백만원: the units of one stock's flows."""
    return (
        side.buy_volume,
        side.sell_volume,
        millions(side.buy_amount),
        millions(side.sell_amount),
    )


def in_thousands(side: Side) -> Cells:
    """천주 and 백만원: the units of a market's flows."""
    return (
        thousands(side.buy_volume),
        thousands(side.sell_volume),
        millions(side.buy_amount),
        millions(side.sell_amount),
    )


def institutions(amount: int, side: int = 0) -> list[int]:
    """An institution's figure (of buying 0, selling 1) by ``KINDS``; adds up."""
    size = abs(amount)
    cuts = [size * percent // 100 for percent in _UPTO[side]]
    parts = [after - before for before, after in pairwise(cuts)]
    return parts if amount >= 0 else [-part for part in parts]


def numbers(served: Sequence[Cells]) -> list[int]:
    """Every kind's figures one after another, from the four investors' as served.

    Nets are bought less sold of the very figures served.
    """
    foreign, house = served[Investor.FOREIGN], served[Investor.INSTITUTION]
    other = served[Investor.OTHER]
    unregistered = [cell // 100 for cell in foreign]
    registered = [cell - part for cell, part in zip(foreign, unregistered, strict=True)]
    split = [institutions(cell, place % 2) for place, cell in enumerate(house)]
    everyone: list[Sequence[int]] = [
        *(foreign, registered, unregistered, served[Investor.INDIVIDUAL], house),
        *zip(*split, strict=True),
        *(other, other, (0, 0, 0, 0)),
    ]
    found: list[int] = []
    for buy, sell, paid, got in everyone:
        found += (buy, sell, paid, got, buy - sell, paid - got)
    return found


class InvestorFields:
    """Some keys of a row, in order, and where among ``numbers`` each is."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self._places = tuple(_place(key) for key in self.keys)

    def of(self, cells: Sequence[int]) -> dict[str, str]:
        """The keys' texts."""
        texts = (str(cells[place]) for place in self._places)
        return dict(zip(self.keys, texts, strict=True))

    def blank(self) -> dict[str, str]:
        """The same keys, and nothing known."""
        return dict.fromkeys(self.keys, "")


def _place(key: str) -> int:
    for ending, measure in _MEASURES.items():
        who = key.removesuffix(ending)
        if who != key and who in _WHO:
            return _WHO.index(who) * _EACH + measure
    raise KeyError(key)
