"""The flows of a whole market, an industry, or all funds of a kind; KRX alone."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from tests.kis_emulator.figures import Truth
from tests.kis_emulator.flow_columns import Flows, Side
from tests.kis_emulator.flow_groups import FUNDS, group
from tests.kis_emulator.flow_rows import sides, tables_of
from tests.kis_emulator.flows import final_flows
from tests.kis_emulator.sector_board import ROW_OF, matrix
from tests.kis_emulator.ticks import Bools, Ints


@dataclass(frozen=True, slots=True)
class MarketFlows:
    """Shares and won by ``Investor``; what the members' own add up to.

    Attributes:
        session: The day they are of.
    """

    session: date
    sides: tuple[Side, ...]


def market_flows(truth: Truth, code: str, at: datetime) -> MarketFlows:
    """By an instant, live, individuals too.

    Args:
        truth: The market.
        code: 0001 or 1001, an industry of either, T000 for ETF or E199 for ETN.
        at: The instant; before the quotes' reset the last session's figures stand.
    """
    flows = tables_of(truth).live(truth, "J", at)
    newest = _newest(flows.session)
    here = group(truth, code, newest)
    session = _newest(flows.session[here]) if here.any() else newest
    return MarketFlows(session, _sum(flows, here))


def market_flows_on(truth: Truth, code: str, day: date) -> MarketFlows:
    """Of a whole session, after-hours trades in them."""
    if code in FUNDS:
        flows = final_flows(truth, "J", day)
        return MarketFlows(day, _sum(flows, group(truth, code, day)))
    kept = tables_of(truth).totals(day, lambda: _totals(truth, day))
    return MarketFlows(day, sides(kept[ROW_OF[code]].tolist()))


def _newest(session: Ints) -> date:
    return date.fromordinal(int(session.max()))


def _sum(flows: Flows, here: Bools) -> tuple[Side, ...]:
    cells = np.concatenate([column[:, here].sum(axis=1) for column in flows.columns()])
    return sides(cells.tolist())


def _totals(truth: Truth, day: date) -> Ints:
    """Every index's sixteen sums; floats hold them exactly, below 2^53."""
    columns = np.concatenate(final_flows(truth, "J", day).columns())
    summed = matrix(truth, day).astype(np.float64) @ columns.T.astype(np.float64)
    return np.rint(summed).astype(np.int64)
