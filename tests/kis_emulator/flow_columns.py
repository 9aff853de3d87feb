"""Buying and selling as columns of whole won and shares."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.kis_emulator.ticks import Ints


@dataclass(frozen=True, slots=True)
class Side:
    """One investor's day in one listing, or in many together.

    Attributes:
        buy_amount: Won, as ``sell_amount`` is.
    """

    buy_volume: int
    sell_volume: int
    buy_amount: int
    sell_amount: int

    @property
    def net_volume(self) -> int:
        """Bought less sold, shares."""
        return self.buy_volume - self.sell_volume

    @property
    def net_amount(self) -> int:
        """Bought less sold, won."""
        return self.buy_amount - self.sell_amount


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flows:
    """Columns [investor, listing]; row ``Investor.FOREIGN`` is the foreigners'.

    Over the investors, buying adds up to what traded, and so does selling. Program
    trades have the one row 0.

    Attributes:
        session: Ordinal of the day each listing's are of.
    """

    codes: tuple[str, ...]
    row_of: Mapping[str, int]
    session: Ints
    buy_volume: Ints
    sell_volume: Ints
    buy_amount: Ints
    sell_amount: Ints

    def side(self, code: str, investor: int) -> Side | None:
        """One listing's; None where the venue does not know the code."""
        row = self.row_of.get(code)
        if row is None:
            return None
        return Side(*(int(column[investor, row]) for column in self.columns()))

    def columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Bought and sold shares, bought and sold won."""
        return self.buy_volume, self.sell_volume, self.buy_amount, self.sell_amount


def together(krx: Flows, nxt: Flows) -> Flows:
    """Both venues' (``UN``) on KRX's rows; the newer day's alone where days differ."""
    rows = np.array([krx.row_of[code] for code in nxt.codes], dtype=np.int64)
    session = krx.session.copy()
    session[rows] = np.maximum(session[rows], nxt.session)
    sums: list[Ints] = []
    for ours, theirs in zip(krx.columns(), nxt.columns(), strict=True):
        both = ours * (krx.session == session)
        both[:, rows] += theirs * (nxt.session == session[rows])
        sums.append(both)
    return replace(
        krx,
        session=session,
        buy_volume=sums[0],
        sell_volume=sums[1],
        buy_amount=sums[2],
        sell_amount=sums[3],
    )
