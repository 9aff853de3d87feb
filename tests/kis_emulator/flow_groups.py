"""Which listings a market, an industry or a kind of fund is made of."""

from datetime import date

import numpy as np

from tests.kis_emulator.figures import Truth
from tests.kis_emulator.index_codes import CODE_OF
from tests.kis_emulator.sector_board import members
from tests.kis_emulator.ticks import Bools

FUNDS = {"T000": "ETF", "E199": "ETN"}
_LETTER = {"KOSPI": "K", "KOSDAQ": "Q"}


def is_of(code: str, market: str) -> bool:
    """Whether a code is KOSPI or KOSDAQ itself, or one of its industries."""
    index = CODE_OF.get(code)
    return index is not None and index.market == _LETTER.get(market)


def group(truth: Truth, code: str, day: date) -> Bools:
    """Rows of ``J``: STOCK listings of an index on a day, or a kind of fund."""
    if code in FUNDS:
        kinds = [item.kind == FUNDS[code] for item in truth.listings()]
        return np.array(kinds, dtype=np.bool_)
    return members(truth, code, day)
