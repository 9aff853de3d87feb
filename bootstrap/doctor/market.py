"""What the doctor sees of the market: its listings, its calendar, the kept frames."""

from collections import Counter

from application.archive_probe import ArchiveProbe
from application.ports.health import State
from application.sweeping import PRODUCTS, STOCKS
from bootstrap.doctor.report import Finding, fine, look
from bootstrap.live import Live
from domain.listing import Listings, Venue
from domain.session import Phase, phase_at

PHASES = {
    Phase.PRE_OPEN: "개장 전",
    Phase.OPENING_AUCTION: "시가 동시호가",
    Phase.REGULAR: "정규장",
    Phase.CLOSING_AUCTION: "종가 동시호가",
    Phase.REGULAR_CLOSE: "정규장 마감",
    Phase.AFTER_HOURS: "시간외",
    Phase.FINAL: "마감(확정)",
    Phase.HOLIDAY: "휴장",
}


def masters(listings: Listings, container: Live) -> Finding:
    """How many of what are listed, and of which day the files are."""
    markets = Counter(item.market.name for item in listings)
    kinds = Counter(item.kind.name for item in listings)
    parts = [f"{name} {count:,}" for name, count in sorted((markets + kinds).items())]
    nxt = len(listings.on_venue(Venue.NXT))
    said = f"{len(listings):,}종목({', '.join(parts)}, NXT {nxt:,})"
    said += f", {listings.dated or '날짜 없는'} 파일"
    calendar, today = container.calendar(), container.clock().now().date()
    due = calendar.previous(today).day
    if listings.dated is None or listings.dated < due:
        return look(
            said, "오래된 파일입니다. KIS_MASTER_URL과 네트워크를 확인해 주세요."
        )
    if not nxt:
        return look(
            said, "NXT 종목이 없습니다. 마스터 서버의 nxt 파일을 확인해 주세요."
        )
    return fine(said)


def today(container: Live) -> Finding:
    """Whether today trades, where it stands, and when trading comes next."""
    calendar, now = container.calendar(), container.clock().now()
    session = calendar.session_on(now.date())
    phase = PHASES[phase_at(now, Venue.ALL, session)]
    said = f"오늘({now:%Y-%m-%d})은 " + (
        f"거래일, {now:%H:%M} 지금 {phase}" if session else "휴장일"
    )
    asked = container.broker_days().is_open(now.date()) is not None
    basis = "증권사 휴장일 조회" if asked else "내장 달력"
    said += f", 다음 거래일 {calendar.next(now.date()).day:%Y-%m-%d}({basis} 기준)"
    return fine(said)


async def frames(container: Live) -> Finding:
    """The newest frames on disk, which answer before the open."""
    found: list[str] = []
    for venue in (Venue.KRX, Venue.NXT):
        for pool, name in ((STOCKS, "주식"), (PRODUCTS, "ETF·ETN")):
            kept = await container.shared().kept.last(venue, pool)
            if kept:
                state = "확정" if kept[0].is_final else "잠정"
                at = f"{kept[0].as_of:%m-%d %H:%M}"
                found.append(f"{venue.value} {name} {at} {state}")
    return fine(", ".join(found) or "아직 없습니다. 첫 질문 때 만들어 둡니다")


async def archive(container: Live) -> Finding:
    """The past sessions that are kept."""
    found = await ArchiveProbe(container.archive())()
    if found.state is State.HEALTHY:
        return fine(found.detail)
    return look(found.detail, "ARCHIVE_URL과 DATA_DIR을 확인해 주세요.")
