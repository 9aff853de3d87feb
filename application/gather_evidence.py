"""Why unusual stocks trade so much (사유): evidence gathered, within a patience."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.asked_evidence import FLOWS, Answered, AskedEvidence, Wanted
from application.details import ProfileShelf
from application.live_sectors import LiveSectors
from application.others_moves import OthersMoves, OthersMovesBook
from application.past_market import PastMarket
from application.ports.archive import KeptFlows
from application.recent import now
from application.row_flows import KeptNets, asked_nets, kept_nets
from application.stock_days import StockDays
from application.timeliness import Timeliness
from domain.causes import Reason, ordered
from domain.causes_in_dates import reasons_of_the_day
from domain.causes_in_flows import reasons_in_flows
from domain.causes_in_prices import at_limits, breakout, interrupted
from domain.causes_in_titles import Title, reasons_in_titles
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.history import History
from domain.listing import Market, Venue
from domain.session import closes_at

SESSIONS = 60
COLUMNS = ("price", "base_price", "volume", "trading_value")
"""The past that a scan reads too: what is read once serves both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found.

    Attributes:
        reasons: Of each row asked for, the surest first; `domain.causes.UNKNOWN` alone
            where nothing was found.
        incomplete: Rows of which something that was looked for did not come in time:
            they may have further reasons.
        notes: What is to be said of it, in Korean.
    """

    reasons: Mapping[int, tuple[Reason, ...]]
    incomplete: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Kept:
    """What needs no call.

    Attributes:
        moves: None: past sessions are not to be had.
        flows: None: the archive cannot be read.
        since, until: Of titles: from the close before to the frame, or the close.
    """

    days: StockDays
    moves: OthersMoves | None
    flows: KeptNets | None
    since: datetime
    until: datetime
    asks_flows: bool


@dataclass(slots=True, kw_only=True)
class GatherEvidence:
    """Looks for the causes of some rows of a frame.

    What is kept and what the frame says costs nothing. Calls are made for the rows
    given alone, the first first, at most `application.asked_evidence.MOST_CALLS`.
    """

    past: PastMarket
    profiles: ProfileShelf
    asked: AskedEvidence
    sectors: LiveSectors
    kept: KeptFlows
    timeliness: Timeliness
    _moves: OthersMovesBook = field(init=False)

    def __post_init__(self) -> None:
        """The pace of a frame's industries serves every question on it."""
        self._moves = OthersMovesBook(self.sectors)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self.asked.version

    async def __call__(
        self,
        frame: MarketFrame,
        rows: Sequence[int],
        patience: timedelta,
        *,
        market_factors: Mapping[Market, float] | None = None,
    ) -> Gathered:
        """The reasons of some rows.

        Args:
            frame: Whose rows; of the running session or of a past one.
            rows: The most important first.
            patience: How long the caller waits; what comes later is asked behind it.
            market_factors: Each market's median of times expected, where the caller
                knows it; without it only a session that is over tells its own.
        """
        if not rows:
            return Gathered(reasons={})
        began = now()
        self.profiles.want(frame.listings[row].ticker for row in rows)
        kept = await self._kept(frame, dict(market_factors or {}))
        left = patience - timedelta(seconds=now() - began)
        wanted = [_wanted(frame, row, kept) for row in rows]
        answers = await self.asked.of(wanted, left)
        found = dict(zip(rows, answers, strict=True))
        return Gathered(
            reasons={
                row: _reasons(frame, row, kept, answer) for row, answer in found.items()
            },
            incomplete=frozenset(row for row, answer in found.items() if answer.late),
            notes=_notes(kept, answers, rows),
        )

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self.asked.close()

    async def _kept(self, frame: MarketFrame, factors: dict[Market, float]) -> _Kept:
        calendar, session = self.timeliness.calendar, frame.session
        today = calendar.session_on(session) or calendar.previous(session)
        closed = closes_at(today, Venue.KRX)
        history = await self._history(frame)
        profiles = await self.profiles.of(frame.listings, session)
        moves = None
        if history is not None:
            whole = not self.timeliness.is_running(frame)
            moves = await self._moves.of(frame, history, factors, is_whole=whole)
        flows = await self._flows(frame, closed)
        is_today = self.timeliness.clock.now().date() == session
        return _Kept(
            days=StockDays(
                frame=frame,
                history=history,
                profiles=profiles,
                timeliness=self.timeliness,
            ),
            moves=moves,
            flows=flows,
            since=closes_at(calendar.previous(session), Venue.KRX),
            until=min(frame.as_of, closed),
            asks_flows=is_today and not (flows and flows.tables),
        )

    async def _history(self, frame: MarketFrame) -> History | None:
        try:
            found = await self.past.history(frame, SESSIONS, COLUMNS)
        except MarketDataError:
            return None  # told by its absence
        return found if found.known.any() else None

    async def _flows(self, frame: MarketFrame, closed: datetime) -> KeptNets | None:
        try:
            return await kept_nets(self.kept, frame, closed=closed)
        except MarketDataError:
            return None  # told by its absence


def _wanted(frame: MarketFrame, row: int, kept: _Kept) -> Wanted:
    return Wanted(
        ticker=frame.listings[row].ticker,
        venue=frame.venue,
        session=frame.session,
        since=kept.since,
        until=kept.until,
        halts=kept.days.prices(row).may_have_interrupted,
        flows=kept.asks_flows,
    )


def _reasons(
    frame: MarketFrame, row: int, kept: _Kept, answered: Answered
) -> tuple[Reason, ...]:
    prices = kept.days.prices(row)
    flows = kept.flows.of(row) if kept.flows else []
    if kept.asks_flows:
        flows += asked_nets(frame, row, answered)
    titles = [
        Title(
            at=one.at,
            text=one.title,
            is_disclosure=one.is_disclosure,
            source=one.source,
        )
        for one in (answered.headlines.rows if answered.headlines else ())
        if one.at <= kept.until
    ]
    halts = [one for one in answered.halts or () if one.at <= frame.as_of]
    return ordered(
        [
            *reasons_in_titles(frame.listings[row].name, titles),
            *at_limits(prices),
            breakout(prices),
            interrupted(halts),
            *reasons_in_flows(flows),
            *reasons_of_the_day(kept.days.dates(row)),
            *(kept.moves.reasons(row) if kept.moves else ()),
        ]
    )


def _notes(
    kept: _Kept, answers: Sequence[Answered], rows: Sequence[int]
) -> tuple[str, ...]:
    notes = []
    late = Counter(name for answer in answers for name in answer.late)
    if late:
        told = ", ".join(f"{name} {late[name]}종목" for name in sorted(late))
        notes.append(
            f"원인을 찾을 자료를 제때 받지 못해({told}) 빠진 원인이 있을 수 있습니다. "
            "잠시 후 다시 물으면 채워집니다."
        )
    if not kept.asks_flows and not (kept.flows and kept.flows.tables):
        notes.append(
            f"이 거래일의 투자자별 매매가 보관되어 있지 않아 {FLOWS} 원인은 찾지 "
            "못했습니다."
        )
    unread = sum(kept.days.prices(row).high_year is None for row in rows)
    if unread:
        notes.append(
            f"{unread}종목은 52주 최고·최저가를 아직 읽지 못해 신고가·신저가인지 보지 "
            "못했습니다."
        )
    if kept.moves is None:
        notes.append(
            "지난 거래일 시세가 보관되어 있지 않아 업종·시장 동반 움직임과 거래 재개는 "
            "찾지 못했습니다. `mcp-volume-ranking backfill`로 채워 주세요."
        )
    return tuple(notes)
