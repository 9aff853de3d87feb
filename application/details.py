"""What stands beside a quote: market cap, multiples, foreign holding, turnover."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from domain.frame import MarketFrame
from domain.listing import Listings, Shares, Ticker, Won
from domain.market_cap import (
    foreign_ratios,
    market_caps,
    price_book,
    price_earnings,
    turnover_rates,
)
from domain.profile import Profiles

SHARES_NOTE = (
    "일부 종목은 상장주식수를 종목마스터의 천주 단위로만 알아 시가총액·회전율이 그 "
    "정밀도입니다."
)


class ProfileShelf(Protocol):
    """Profiles as far as they have been read; nobody waits for one."""

    async def of(self, listings: Listings, session: date) -> Profiles:
        """Columns over listings; what has not been read is not known."""
        ...

    def want(self, tickers: Iterable[Ticker]) -> None:
        """Asks for these soon, behind the caller."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """One row's details; None is what is not known.

    Attributes:
        market_cap: Won; KRX's price × listed shares.
        foreign_ratio: Foreign holding ÷ listed shares, a fraction.
        turnover_rate: Volume of the venue asked for ÷ listed shares, a fraction.
    """

    listed_shares: Shares | None
    market_cap: Won | None
    foreign_ratio: float | None
    per: float | None
    pbr: float | None
    turnover_rate: float | None


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class DetailColumns:
    """The details of a whole frame, in its rows."""

    profiles: Profiles
    caps: "np.typing.NDArray[np.int64]"
    foreign: "np.typing.NDArray[np.float64]"
    per: "np.typing.NDArray[np.float64]"
    pbr: "np.typing.NDArray[np.float64]"
    turnover: "np.typing.NDArray[np.float64]"

    def row(self, row: int) -> Details:
        """One row's."""
        shares, cap = int(self.profiles.listed_shares[row]), int(self.caps[row])
        return Details(
            listed_shares=Shares(shares) if shares > 0 else None,
            market_cap=Won(cap) if cap >= 0 else None,
            foreign_ratio=_known(self.foreign[row]),
            per=_known(self.per[row]),
            pbr=_known(self.pbr[row]),
            turnover_rate=_known(self.turnover[row]),
        )


def detail_columns(frame: MarketFrame, profiles: Profiles) -> DetailColumns:
    """Every detail from the frame's prices and the profiles."""
    shares = profiles.listed_shares
    return DetailColumns(
        profiles=profiles,
        caps=market_caps(frame.price, shares, frame.known),
        foreign=foreign_ratios(profiles),
        per=price_earnings(frame.price, profiles.eps),
        pbr=price_book(frame.price, profiles.bps),
        turnover=turnover_rates(frame.volume, shares),
    )


def detail_notes(
    details: DetailColumns, rows: Iterable[int], *, is_past: bool = False
) -> list[str]:
    """Why details of the shown rows are null, or less exact.

    Args:
        details: Of the frame.
        rows: Those that are shown.
        is_past: Of a past session, for which nothing more is read.
    """
    shown = list(rows)
    unread = [row for row in shown if not details.profiles.known[row]]
    notes = []
    if unread:
        notes.append(
            f"{len(unread)}종목은 그날 읽어 둔 종목 상세(외국인 보유, EPS, BPS)가 없어 "
            "비워 두었습니다(null)."
            if is_past
            else f"{len(unread)}종목은 종목 상세(외국인 보유, EPS, BPS)를 아직 읽지 "
            "않아 비워 두었습니다(null). 곧 채워집니다."
        )
    older = {
        int(details.profiles.read_on[row])
        for row in shown
        if 0 <= details.profiles.read_on[row] < details.profiles.session.toordinal()
    }
    if older:
        oldest = date.fromordinal(min(older))
        notes.append(f"종목 상세의 일부는 {oldest}에 읽은 값입니다.")
    has_shares = details.profiles.listed_shares > 0
    if any(has_shares[row] and not details.profiles.exact[row] for row in shown):
        notes.append(SHARES_NOTE)
    if any(not has_shares[row] for row in shown):
        notes.append(
            "상장주식수를 모르는 종목의 시가총액·회전율은 비워 두었습니다(null)."
        )
    return notes


def _known(figure: "np.float64") -> float | None:
    return None if np.isnan(figure) else float(figure)
