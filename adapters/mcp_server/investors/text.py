"""The text of get_investor_ranking."""

from adapters.mcp_server.investors.arguments import InvestorArguments
from adapters.mcp_server.lines import (
    Column,
    Page,
    composed,
    moved,
    named,
    part,
    table,
    won,
)
from application.rank_by_investor import (
    InvestorQuery,
    InvestorRanking,
    RankedFlow,
    Side,
    TradeType,
)
from domain.investors import Investor

_INVESTORS = {
    Investor.FOREIGN: "외국인",
    Investor.INSTITUTION: "기관",
    Investor.INDIVIDUAL: "개인",
    Investor.PROGRAM: "프로그램",
}
_TITLES = {
    (TradeType.NET, Side.TOP): "순매수 상위",
    (TradeType.NET, Side.BOTTOM): "순매도 상위",
    (TradeType.BUY, Side.TOP): "매수 상위",
    (TradeType.BUY, Side.BOTTOM): "매수 하위",
    (TradeType.SELL, Side.TOP): "매도 상위",
    (TradeType.SELL, Side.BOTTOM): "매도 하위",
}


def text(asked: InvestorArguments, query: InvestorQuery, found: InvestorRanking) -> str:
    """The ranking as a compact table; that an earlier session answers comes first."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
    )
    title = f"{_INVESTORS[query.investor]} {_TITLES[query.trade_type, query.side]}"
    if found.slot is not None:
        title += f" {found.slot:%H:%M} 가집계"
    return composed(
        page,
        title=title,
        table=table(_columns(asked, found), found.rows),
        sums=_sums(found),
        leads=found.is_earlier or found.slot is not None,
    )


def _columns(
    asked: InvestorArguments, found: InvestorRanking
) -> list[Column[RankedFlow]]:
    columns: list[Column[RankedFlow]] = [
        ("순위", lambda row: str(row.rank)),
        ("종목(코드)", lambda row: named(row.quote)),
        ("등락률", lambda row: moved(row.quote.change_rate)),
        ("순매수", lambda row: won(row.net_amount)),
    ]
    if asked.detailed:
        columns.insert(2, ("현재가", lambda row: f"{row.quote.price:,}"))
    has_sides = any(row.flow for row in found.rows)
    if has_sides and (asked.detailed or asked.trade_type != "NET"):
        columns += [("매수", _bought), ("매도", _sold)]
    columns.append(("거래대금 대비", lambda row: part(row.impact)))
    return columns


def _bought(row: RankedFlow) -> str:
    return won(row.flow.buy_amount if row.flow else None)


def _sold(row: RankedFlow) -> str:
    return won(row.flow.sell_amount if row.flow else None)


def _sums(found: InvestorRanking) -> list[str]:
    totals = found.totals
    if totals is None:
        return []
    flow = totals.flow
    line = (
        f"시장 합계({totals.session}{' 실시간' if totals.is_live else ''}) "
        f"매수 {won(flow.buy_amount)} · 매도 {won(flow.sell_amount)} · "
        f"순매수 {won(flow.net_amount)}"
    )
    return [line + (f" (거래대금의 {part(found.impact)})" if found.impact else "")]
