"""Program trading (프로그램매매): a listing's trades that machines ordered."""

from datetime import date, datetime

import numpy as np

from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.flow_columns import Flows, together
from tests.kis_emulator.flow_split import Investor, chance, weights
from tests.kis_emulator.ticks import Floats, Ints
from tests.kis_emulator.tilts import tilted_programs

PROGRAM = 0
"""The one row of program columns."""


def programs_in(figures: Figures, venue: str) -> Flows:
    """Within what one venue traded; never more than foreigners and institutions did."""
    buy_volume, buy_amount = _side(figures, venue, 0)
    sell_volume, sell_amount = _side(figures, venue, 1)
    return Flows(
        codes=figures.codes,
        row_of=figures.row_of,
        session=figures.session,
        buy_volume=buy_volume[None, :],
        sell_volume=sell_volume[None, :],
        buy_amount=buy_amount[None, :],
        sell_amount=sell_amount[None, :],
    )


def program_of(truth: Truth, division: str, at: datetime) -> Flows:
    """Program trades by an instant; ``UN`` is both venues on KRX's rows."""
    if division == "UN":
        return together(program_of(truth, "J", at), program_of(truth, "NX", at))
    return programs_in(truth.snapshot(division, at), division)


def program_on(truth: Truth, division: str, day: date) -> Flows:
    """A session's program trades, the last ones in them."""
    if division == "UN":
        return together(program_on(truth, "J", day), program_on(truth, "NX", day))
    return programs_in(truth.final(division, day), division)


def _side(figures: Figures, venue: str, side: int) -> tuple[Ints, Ints]:
    """Shares and won, at the average price; about a third of listings have none."""
    share = weights(figures, venue, side)
    able: Floats = share[Investor.FOREIGN] + share[Investor.INSTITUTION]
    stream = (60 if venue == "J" else 160) + 2 * side
    part = able * (0.15 + 0.7 * chance(figures, stream))
    seldom = chance(figures, 80) < 0.5
    small = figures.base * figures.listed_shares.astype(np.float64) < 3e11
    part = np.where(seldom & small, 0.0, part)
    part = tilted_programs(part, figures.tilts, figures.row_of, figures.session, side)
    shares = np.floor(figures.volume * part).astype(np.int64)
    of_volume = shares / np.maximum(figures.volume, 1)
    return shares, np.rint(figures.trading_value * of_volume).astype(np.int64)
