"""The Korean text beside the structured rows: what a model reads."""

from adapters.mcp_server.numbers import percent, spoken_won, two_decimals
from application.check_health import Health
from application.rank_by_trading_value import RankingQuery, TradingValueRanking
from application.totals import Totals
from domain.listing import Venue
from domain.provenance import AsOf, Basis
from domain.ranking import Measure, RankedQuote
from domain.session import KST

_VENUES = {Venue.ALL: "KRX+NXT", Venue.KRX: "KRX", Venue.NXT: "NXT"}


def headline(as_of: AsOf) -> str:
    """When, where, 잠정 or 확정, and whether it is a simulation."""
    at = as_of.as_of.astimezone(KST)
    parts = [
        f"{at:%Y-%m-%d %H:%M:%S} 기준",
        *([f"{as_of.session} 거래일"] if as_of.session != at.date() else []),
        _VENUES[as_of.venue],
        "확정" if as_of.is_final else "잠정",
        *(["시뮬레이션"] if as_of.source.simulated else []),
        *(["지연 시세"] if as_of.stale else []),
    ]
    return " · ".join(parts)


def trading_value_ranking(
    query: RankingQuery, answer: TradingValueRanking, *, response_format: str
) -> str:
    """The ranking as a compact table, then the sums and the notes."""
    detailed = response_format == "detailed"
    with_nxt = detailed and query.universe.venue is Venue.ALL
    measure = "거래량" if query.by is Measure.VOLUME else "거래대금"
    columns = [
        "순위",
        "종목(코드)",
        *(["현재가"] if detailed else []),
        "등락률",
        "거래대금",
    ]
    if query.by is Measure.VOLUME:
        columns.append("거래량")
    if with_nxt:
        columns.append("NXT비중")
    lines = [headline(answer.as_of), f"{measure} 순위 {_scope(query, answer)}"]
    lines.append(" | ".join(columns))
    lines += [
        _row(row, query, detailed=detailed, with_nxt=with_nxt) for row in answer.rows
    ]
    if not answer.rows:
        lines.append(_emptiness(query, answer.total))
    if answer.next_offset is not None:
        lines.append(f"다음 쪽: offset={answer.next_offset}")
    lines += _sums(answer.totals, split=query.universe.market is None)
    lines += [f"※ {note}" for note in answer.as_of.notes]
    return "\n".join(lines)


def _scope(query: RankingQuery, answer: TradingValueRanking) -> str:
    market = query.universe.market
    where = "코스피+코스닥" if market is None else market.name
    kinds = "·".join(sorted(kind.name for kind in query.universe.kinds))
    if answer.as_of.coverage and answer.as_of.coverage.basis is Basis.LEADERS:
        return f"({where} {kinds}, 순위가 확실한 {len(answer.rows)}종목)"
    if query.stocks:
        named = len(dict.fromkeys(query.stocks))
        return f"({where} {kinds}, 지정한 {named}종목 중 {len(answer.rows)}종목)"
    return f"({where} {kinds}, 전체 {answer.total:,}종목 중 {len(answer.rows)}종목)"


def _emptiness(query: RankingQuery, total: int | None) -> str:
    """Why there is no row: none qualifies, or the page begins after the last one."""
    if not total:
        return "조건에 맞는 종목이 없습니다."
    return (
        f"offset={query.offset}: 마지막 종목을 지났습니다. 모두 {total:,}종목이니 "
        f"offset을 {total - 1} 이하로 물어 주세요."
    )


def _row(
    row: RankedQuote, query: RankingQuery, *, detailed: bool, with_nxt: bool
) -> str:
    quote = row.quote
    rate = percent(quote.change_rate)
    cells = [
        str(row.rank),
        f"{quote.listing.name}({quote.listing.ticker})",
        *([f"{quote.price:,}"] if detailed else []),
        "-" if rate is None else f"{rate:+.2f}%",
        spoken_won(quote.trading_value),
    ]
    if query.by is Measure.VOLUME:
        cells.append(f"{quote.volume:,}주")
    if with_nxt:
        share = percent(quote.nxt_share, 1)
        cells.append("-" if share is None else f"{share:.1f}%")
    return " | ".join(cells)


def _sums(totals: Totals, *, split: bool) -> list[str]:
    lines = []
    if totals.total is not None:
        parts = [f"합계 {spoken_won(totals.total)}"]
        if split and totals.kospi is not None and totals.kosdaq is not None:
            kospi, kosdaq = spoken_won(totals.kospi), spoken_won(totals.kosdaq)
            parts.append(f"(코스피 {kospi}, 코스닥 {kosdaq})")
        lines.append(" ".join(parts))
    shares = {"상위 5종목": totals.top5, "상위 10종목": totals.top10}
    known = [
        f"{name} {percent(share):.2f}%"
        for name, share in shares.items()
        if share is not None
    ]
    if totals.herfindahl is not None:
        known.append(f"HHI {two_decimals(totals.herfindahl):,.2f}")
    if known:
        lines.append("집중도 " + " · ".join(known))
    return lines


def health(found: Health) -> str:
    """The state in a line, then each check."""
    at = found.as_of.as_of.astimezone(KST)
    kind = " · 시뮬레이션" if found.as_of.source.simulated else ""
    lines = [
        f"{at:%Y-%m-%d %H:%M:%S} 기준{kind}",
        f"상태 {found.state.value} · 환경 {found.environment} · 버전 {found.version} · "
        f"가동 {found.uptime.total_seconds():,.0f}초",
    ]
    lines += [f"{c.name} | {c.state.value} | {c.detail}" for c in found.checks]
    return "\n".join(lines)
