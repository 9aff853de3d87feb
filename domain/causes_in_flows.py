"""Reasons that flows give: foreigners, institutions and programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.causes import Cause, Evidence, Reason
from domain.investors import Investor
from domain.listing import Won

LEAST_SHARE = 0.10
"""Net ÷ the stock's trading value. Who buys and sells at random nets a few percent;
a tenth of a day several times the usual is most of a usual day's trading."""

_CAUSES = {
    Investor.FOREIGN: (Cause.FOREIGN_BUYING, "외국인"),
    Investor.INSTITUTION: (Cause.INSTITUTION_BUYING, "기관"),
    Investor.PROGRAM: (Cause.PROGRAM_TRADING, "프로그램"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetFlow:
    """What one kind of investor bought of a stock, less what it sold.

    Attributes:
        at: When it was counted or entered.
        net_amount: Won, selling negative.
        trading_value: What it is a part of, won.
        is_estimate: Entered by brokers (가집계), not counted.
    """

    investor: Investor
    at: datetime
    net_amount: Won
    trading_value: Won
    is_estimate: bool = False

    @property
    def share(self) -> float:
        """Net ÷ trading value, a fraction; 0 where nothing traded."""
        return self.net_amount / self.trading_value if self.trading_value else 0.0


def reasons_in_flows(flows: Iterable[NetFlow]) -> list[Reason]:
    """Net buying from `LEAST_SHARE` on; of programs net selling too.

    The confidence is .4 + the share, up to .8; up to .7 for what brokers entered.
    Selling by foreigners or institutions has no code of its own, and gives none.
    """
    return [found for flow in flows if (found := _reason(flow)) is not None]


def _reason(flow: NetFlow) -> Reason | None:
    known = _CAUSES.get(flow.investor)
    share = abs(flow.share) if flow.investor is Investor.PROGRAM else flow.share
    if known is None or share < LEAST_SHARE:
        return None
    cause, who = known
    side = "순매수" if flow.net_amount > 0 else "순매도"
    won = abs(flow.net_amount) / 1e8
    return Reason(
        cause=cause,
        confidence=round(min(0.4 + share, 0.7 if flow.is_estimate else 0.8), 2),
        evidence=(
            Evidence(
                at=flow.at,
                source="가집계" if flow.is_estimate else "KRX 투자자별 매매",
                text=f"{who} {side} {won:,.1f}억원, 거래대금의 {share * 100:.0f}%",
            ),
        ),
    )
