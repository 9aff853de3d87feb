"""Past sessions as the archive has them: whole days, by session and in columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from application.ports.archive import Frames
from application.recent import Recent, now
from application.same_time import SameTime
from application.session_parts import filled, joined, of_venue, parts_of
from application.sweeping import pools_of
from application.timeliness import Timeliness
from domain.errors import InvalidRequestError, MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.history import History
from domain.listing import Kind, Venue
from domain.screening import Universe
from domain.session import TradingSession, trades_on

LOOKED_UP_FOR = 5.0
REUSED_FOR = 60.0
"""Seconds of the loop's time; an archive may still be filled."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Loaded:
    """A history, and what the archive had when it was read.

    Attributes:
        kept: Which of its sessions were archived, per pool.
        until: When the archive is to be asked again, in the loop's time.
    """

    history: History
    kept: tuple[object, ...]
    until: float


@dataclass(slots=True, kw_only=True)
class PastMarket:
    """Answers for sessions that are over, from the archive alone.

    Attributes:
        same_time: The same sessions by a time of day.
    """

    frames: Frames
    timeliness: Timeliness
    same_time: SameTime = field(init=False)
    _histories: "Recent[object, _Loaded]" = field(default_factory=lambda: Recent(6))
    _listed: "Recent[object, tuple[float, tuple[date, ...]]]" = field(
        default_factory=lambda: Recent(8)
    )
    _kept: "Recent[object, tuple[float, MarketFrame | None]]" = field(
        default_factory=lambda: Recent(24)
    )

    def __post_init__(self) -> None:
        """The time of day is a matter of its own."""
        self.same_time = SameTime(frames=self.frames, timeliness=self.timeliness)

    async def frame(self, universe: Universe, session: date) -> MarketFrame:
        """A past session's final figures.

        Raises:
            InvalidRequestError: Not a trading day, or one that is still to come.
            MarketDataUnavailableError: The archive does not have it.
        """
        found = await self.kept(universe, self.check(session, universe.venue))
        if found is None:
            raise await self._not_kept(universe, session)
        return found

    def check(self, session: date, venue: Venue) -> TradingSession:
        """The trading session of a day that is over, or runs.

        Raises:
            InvalidRequestError: Not a trading day of the venue, or one to come.
        """
        calendar = self.timeliness.calendar
        latest = self.timeliness.due_at(venue).day
        if session > self.timeliness.clock.now().date():
            raise _to_come(session, latest)
        if not trades_on(TradingSession(session), Venue.KRX):
            raise InvalidRequestError(
                f"session {session}: KRX의 첫 거래일(2005-01-27)보다 앞섭니다. 그 뒤의 "
                "거래일로 주세요.",
                parameter="session",
            )
        found = calendar.session_on(session)
        if found is None:
            near = [calendar.previous(session).day, calendar.next(session).day]
            told = ", ".join(str(day) for day in near if day <= latest)
            raise InvalidRequestError(
                f"session {session}: 거래일이 아닙니다. 가까운 거래일은 {told}입니다.",
                parameter="session",
            )
        if session > latest:
            raise _to_come(session, latest)
        if venue is Venue.NXT and not trades_on(found, Venue.NXT):
            raise InvalidRequestError(
                f"session {session}: NXT는 2025-03-04부터 있습니다. venue를 KRX나 "
                "ALL로 주세요.",
                parameter="session",
            )
        return found

    async def kept(
        self, universe: Universe, session: TradingSession
    ) -> MarketFrame | None:
        """The session's final figures; None where a part of them is not archived.

        The same answer serves for a minute.

        Raises:
            MarketDataUnavailableError: The archive cannot be read.
        """
        key = (universe.venue, *pools_of(universe), session.day)
        known = self._kept.get(key)
        if known is not None and now() - known[0] < REUSED_FOR:
            return known[1]
        found = await self._read(universe, session)
        self._kept.keep(key, (now(), found))
        return found

    async def _read(
        self, universe: Universe, session: TradingSession
    ) -> MarketFrame | None:
        parts = []
        with_nxt = trades_on(session, Venue.NXT)
        for venue, kinds in pools_of(universe):
            if venue is Venue.NXT and not with_nxt:
                continue
            part = await self.frames.final_frame(venue, kinds, session.day)
            if part is None and venue is Venue.NXT and Kind.STOCK not in kinds:
                continue  # NXT trades stocks alone
            if part is None:
                return None
            parts.append(part)
        return joined(parts, universe.venue, with_nxt=with_nxt) if parts else None

    async def last(self, universe: Universe) -> MarketFrame | None:
        """The newest session whose final figures are archived.

        Raises:
            MarketDataUnavailableError: The archive cannot be read.
        """
        venue = Venue.KRX if universe.venue is Venue.ALL else universe.venue
        _, kinds = pools_of(universe)[0]
        latest = self.timeliness.due_at(universe.venue).day
        days = [d for d in await self._sessions(venue, kinds) if d <= latest]
        for day in reversed(days[-5:]):
            session = self.timeliness.calendar.session_on(day)
            found = await self.kept(universe, session) if session else None
            if found is not None:
                return found
        return None

    async def history(
        self, frame: MarketFrame, count: int, columns: Sequence[str]
    ) -> History:
        """Final figures of the sessions before a frame's, in its rows.

        Raises:
            MarketDataUnavailableError: The archive cannot be read.
        """
        key = (id(frame.listings), frame.venue, frame.session, count, *columns)
        known = self._histories.get(key)
        if known is not None and known.history.listings is not frame.listings:
            known = None
        if known is not None and now() < known.until:
            return known.history
        days = self.timeliness.sessions_before(frame.session, count)
        kept = await self._kept_days(frame, days)
        if known is not None and known.kept == kept:
            history = known.history
        else:
            history = await self._history(frame, days, columns)
        loaded = _Loaded(history=history, kept=kept, until=now() + REUSED_FOR)
        self._histories.keep(key, loaded)
        return history

    async def _kept_days(
        self, frame: MarketFrame, days: tuple[date, ...]
    ) -> tuple[object, ...]:
        """Which of the days the archive has, per pool."""
        wanted = set(days)
        kept = [await self._sessions(*pool) for pool in parts_of(frame)]
        return (
            days,
            *(tuple(day for day in held if day in wanted) for held in kept),
        )

    async def _sessions(self, venue: Venue, kinds: frozenset[Kind]) -> tuple[date, ...]:
        """Sessions that the archive has of a pool, looked up every few seconds."""
        known = self._listed.get((venue, kinds))
        if known is not None and now() - known[0] < LOOKED_UP_FOR:
            return known[1]
        days = await self.frames.sessions(venue, kinds)
        return self._listed.keep((venue, kinds), (now(), days))[1]

    async def _history(
        self, frame: MarketFrame, days: tuple[date, ...], columns: Sequence[str]
    ) -> History:
        by_venue: dict[Venue, History] = {}
        for venue, kinds in parts_of(frame):
            part = await self.frames.history(
                frame.listings, venue, kinds, days, columns
            )
            by_venue[venue] = filled(by_venue.get(venue), part)
        return of_venue(frame, by_venue, self.timeliness)

    async def _not_kept(
        self, universe: Universe, session: date
    ) -> MarketDataUnavailableError:
        venue = Venue.KRX if universe.venue is Venue.ALL else universe.venue
        days = await self._sessions(venue, pools_of(universe)[0][1])
        kept = (
            f"보관된 거래일은 {days[0]}부터 {days[-1]}까지"
            if days
            else "보관된 거래일이 없"
        )
        return MarketDataUnavailableError(
            f"session {session}: 이 날의 시세가 보관되어 있지 않습니다({kept}"
            f"{'입니다' if days else '습니다'}). `mcp-volume-ranking backfill`로 과거 "
            "시세를 채운 뒤 다시 물어 주세요(녹화본에서는 채울 수 없습니다)."
        )


def _to_come(session: date, latest: date) -> InvalidRequestError:
    return InvalidRequestError(
        f"session {session}: 아직 열리지 않은 날입니다. 가장 최근 거래일 {latest} "
        "이하로 주세요.",
        parameter="session",
    )
