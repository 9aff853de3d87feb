"""Which rows of the universe one venue quotes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Rows of the universe, and the codes of the venue's own rows."""

    rows: Ints
    codes: tuple[str, ...]
    row_of: Mapping[str, int]


def shelf(listed: tuple[Listed, ...], *, nxt_only: bool) -> Shelf:
    """KRX quotes everything, NXT a part."""
    rows = [row for row, item in enumerate(listed) if item.on_nxt or not nxt_only]
    codes = tuple(listed[row].code for row in rows)
    row_of = {code: row for row, code in enumerate(codes)}
    return Shelf(np.array(rows, dtype=np.int64), codes, row_of)


def with_nxt(listed: list[Listed], size: np.ndarray, most: int) -> tuple[Listed, ...]:
    """The heaviest stocks, neither halted nor SPAC, also trade on NXT."""
    able = np.array(
        [item.kind == "STOCK" and item.market != "KONEX" for item in listed]
    )
    able &= np.array([not (item.halted or item.spac) for item in listed])
    order = np.argsort(np.where(able, -size, np.inf), kind="stable")
    chosen = frozenset(order[: min(most, int(able.sum()))].tolist())
    return tuple(replace(item, on_nxt=row in chosen) for row, item in enumerate(listed))
