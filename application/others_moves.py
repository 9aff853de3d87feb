"""How the others of a stock's industry and market trade, against their own past."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.live_sectors import LiveSectors
from application.recent import Recent
from domain.causes import Reason
from domain.causes_in_moves import (
    Pace,
    Surges,
    market_move,
    pace_of,
    sector_move,
    surges_of,
)
from domain.frame import MarketFrame
from domain.history import History
from domain.listing import Kind, Market

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL = 20
"""Past sessions whose median is usual."""

LEAST_SESSIONS = 10
"""Of them, that a stock must have."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class OthersMoves:
    """One frame's surges, and the pace of each market.

    Attributes:
        factors: Each market's median of times expected, as far as it is known.
        names: Of industries, by code.
    """

    frame: MarketFrame
    surges: Surges
    paces: dict[Market, Pace]
    factors: dict[Market, float]
    names: dict[str, str]

    def reasons(self, row: int) -> list[Reason | None]:
        """What the stock's industry and its market give."""
        frame, listing = self.frame, self.frame.listings[row]
        own, market = float(self.surges.change[row]), self.paces[listing.market]
        own = 0.0 if np.isnan(own) else own
        return [
            self._sector(row, market, own),
            market_move(
                self.factors.get(listing.market),
                market.change,
                own,
                at=frame.as_of,
                market=listing.market,
            ),
        ]

    def _sector(self, row: int, market: Pace, own: float) -> Reason | None:
        frame = self.frame
        axis = frame.listings.leaf_sectors
        place = int(axis.of_row[row])
        _, code = axis.keys[place]
        if not code:
            return None  # no industry: the others have nothing in common
        others = (axis.of_row == place) & stocks(frame)
        others[row] = False
        return sector_move(
            pace_of(self.surges, others),
            market,
            own,
            at=frame.as_of,
            name=self.names.get(code, f"업종 {code}"),
        )


def stocks(frame: MarketFrame) -> "NDArray[np.bool_]":
    """Rows of stocks; products follow what they hold."""
    return np.asarray(frame.kind == int(Kind.STOCK))


def usual_values(history: History) -> "NDArray[np.float64]":
    """The median trading value of the last sessions, won; NaN where few are known."""
    last = history.last(USUAL)
    values = np.where(last.known, last["trading_value"].astype(np.float64), np.nan)
    enough = last.known.sum(axis=0) >= min(LEAST_SESSIONS, USUAL)
    usual = np.full(values.shape[1], np.nan)
    if enough.any():
        usual[enough] = np.nanmedian(values[:, enough], axis=0)
    return usual


class OthersMovesBook:
    """The same of a frame serves every question on it."""

    def __init__(self, sectors: LiveSectors) -> None:
        self._sectors = sectors
        self._kept: Recent[int, tuple[MarketFrame, History, Surges]] = Recent(4)

    async def of(
        self,
        frame: MarketFrame,
        history: History,
        factors: dict[Market, float],
        *,
        is_whole: bool,
    ) -> OthersMoves:
        """Of a frame and its past.

        Args:
            frame: The quotes.
            history: Past sessions in its rows, with trading values.
            factors: What is known of the markets' medians of times expected; whole
                sessions' are found here where it says nothing.
            is_whole: Whether the session is over.
        """
        known = self._kept.get(id(frame))
        if known is None or known[0] is not frame or known[1] is not history:
            surges = surges_of(frame, usual_values(history), is_whole=is_whole)
            known = self._kept.keep(id(frame), (frame, history, surges))
        surges = known[2]
        here = stocks(frame)
        paces = {
            market: pace_of(surges, here & (frame.market == int(market)))
            for market in Market
        }
        own = {
            m: p.times for m, p in paces.items() if is_whole and not np.isnan(p.times)
        }
        return OthersMoves(
            frame=frame,
            surges=surges,
            paces=paces,
            factors={**own, **factors},
            names=dict(await self._sectors.names(timedelta())),
        )
