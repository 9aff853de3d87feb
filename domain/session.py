"""A trading session, and which phase of it a venue is in at an instant.

Opening hours are rows with effective dates, so an announced change is one more row.
Three things are the market's and not obvious:

* Nextrade (NXT) has no auctions. Its pause 08:50-09:00 counts as `regular`, because
  it traded before and a phase never goes back; its pause 15:20-15:30 counts as
  `closing_auction`, because KRX holds its own then.
* A late day (수능, the first session of a year) moves the opening, the close, or both.
  Nextrade's pre-market is then left out, and the evening ends when it always does.
* KRX quotes show the session before until KRX opens, so for both venues together
  the session opens when KRX does, though `phase_at` says `regular` from 08:00.
"""

import enum
import functools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import InvalidRequestError
from domain.listing import Venue

KST = ZoneInfo("Asia/Seoul")
"""The market's time zone. Every instant in this product is aware and in it."""


class Phase(enum.Enum):
    """Where a day's trading stands; in order, but for `HOLIDAY`."""

    PRE_OPEN = "pre_open"
    OPENING_AUCTION = "opening_auction"
    REGULAR = "regular"
    CLOSING_AUCTION = "closing_auction"
    REGULAR_CLOSE = "regular_close"
    AFTER_HOURS = "after_hours"
    FINAL = "final"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHours:
    """How far a session's hours are from the usual ones.

    Attributes:
        opens_late: What the opening and its auction are moved by; not negative.
        closes_late: What the close and its auction are moved by; not negative.
    """

    opens_late: timedelta = timedelta()
    closes_late: timedelta = timedelta()

    def __post_init__(self) -> None:
        if min(self.opens_late, self.closes_late) < timedelta():
            raise ValueError("a session opens and closes late, never early")


USUAL_HOURS = SessionHours()
FIRST_SESSION_HOURS = SessionHours(opens_late=timedelta(hours=1))
"""The year's first session (연초 개장일): 10:00 to 15:30."""
EXAM_DAY_HOURS = SessionHours(
    opens_late=timedelta(hours=1), closes_late=timedelta(hours=1)
)
"""The day of the college entrance exam (수능): 10:00 to 16:30."""


@dataclass(frozen=True, slots=True)
class TradingSession:
    """One day (거래일) on which the exchanges trade.

    Attributes:
        day: The date in Seoul.
        hours: How far its hours are from the usual ones.
    """

    day: date
    hours: SessionHours = USUAL_HOURS


class _Moves(enum.Enum):
    """What a late day does to one step of the timetable."""

    DROPPED = enum.auto()
    WITH_OPENING = enum.auto()
    WITH_CLOSE = enum.auto()
    NEVER = enum.auto()


_KRX_PHASES = (
    (Phase.OPENING_AUCTION, _Moves.WITH_OPENING),
    (Phase.REGULAR, _Moves.WITH_OPENING),
    (Phase.CLOSING_AUCTION, _Moves.WITH_CLOSE),
    (Phase.REGULAR_CLOSE, _Moves.WITH_CLOSE),
    (Phase.AFTER_HOURS, _Moves.WITH_CLOSE),
    (Phase.FINAL, _Moves.NEVER),
)
_NXT_PHASES = (
    (Phase.REGULAR, _Moves.DROPPED),  # the pre-market
    (Phase.REGULAR, _Moves.WITH_OPENING),
    (Phase.CLOSING_AUCTION, _Moves.WITH_CLOSE),
    (Phase.AFTER_HOURS, _Moves.WITH_CLOSE),
    (Phase.FINAL, _Moves.NEVER),
)


class _Timetable:
    """When each phase of a venue begins, from one date on."""

    def __init__(
        self, since: str, clocks: str, phases: tuple[tuple[Phase, _Moves], ...]
    ) -> None:
        """One row: its first date, and the beginnings of ``phases``, ascending."""
        self.since = date.fromisoformat(since)
        begins = [time.fromisoformat(clock) for clock in clocks.split()]
        self.steps = tuple(
            (begin, phase, moves)
            for begin, (phase, moves) in zip(begins, phases, strict=True)
        )


# Newest first; final is ten minutes after the last trade. KRX wants to trade from 07:00
# too, by the end of 2027: a row here once it has a date. NXT's main market starts at
# 09:00:30.
_TIMETABLES: dict[Venue, tuple[_Timetable, ...]] = {
    Venue.KRX: (
        # The after-market to 20:00 replaced single-price trading to 18:00.
        _Timetable("2026-09-14", "08:30 09:00 15:20 15:30 15:40 20:10", _KRX_PHASES),
        # The opening auction became half an hour shorter.
        _Timetable("2019-04-29", "08:30 09:00 15:20 15:30 15:40 18:10", _KRX_PHASES),
        # The close moved from 15:00 to 15:30.
        _Timetable("2016-08-01", "08:00 09:00 15:20 15:30 15:40 18:10", _KRX_PHASES),
        # KRX was founded.
        _Timetable("2005-01-27", "08:00 09:00 14:50 15:00 15:10 18:10", _KRX_PHASES),
    ),
    Venue.NXT: (
        _Timetable("2025-03-05", "08:00 09:00 15:20 15:30 20:10", _NXT_PHASES),
        # Its first day began with a ceremony, at 10:00.
        _Timetable("2025-03-04", "10:00 10:00 15:20 15:30 20:10", _NXT_PHASES),
    ),
}

_ORDER = {phase: place for place, phase in enumerate(Phase)}


def in_seoul(at: datetime) -> datetime:
    """The same instant in Seoul; one without a zone is taken for Seoul's."""
    return at.replace(tzinfo=KST) if at.tzinfo is None else at.astimezone(KST)


def trades_on(session: TradingSession, venue: Venue) -> bool:
    """Whether the venue existed that day; ALL needs only KRX."""
    return _timetable(session, _main(venue)) is not None


def phase_at(now: datetime, venue: Venue, session: TradingSession | None) -> Phase:
    """The phase of a venue at an instant of a session.

    For ALL it is the later of both venues' phases, but final only when both are.

    Args:
        now: Aware.
        venue: KRX, NXT or both.
        session: The session of the day of ``now``, None on a day without one. An
            instant before its day is `PRE_OPEN`, one after its day `FINAL`.

    Returns:
        `HOLIDAY` without a session, and where the venue did not exist yet.
    """
    if session is None or not trades_on(session, venue):
        return Phase.HOLIDAY
    phases = [_phase(now, one, session) for one in _venues(session, venue)]
    running = [phase for phase in phases if phase is not Phase.FINAL]
    return max(running or phases, key=_ORDER.__getitem__)


def opens_at(session: TradingSession, venue: Venue) -> datetime:
    """When the session's first trades show; for ALL when KRX opens.

    Raises:
        InvalidRequestError: The venue did not exist that day.
    """
    return _first(session, _main(venue), {Phase.REGULAR})


def closes_at(session: TradingSession, venue: Venue) -> datetime:
    """When the regular session ends (15:30), the same at every venue.

    Raises:
        InvalidRequestError: The venue did not exist that day.
    """
    ends = {Phase.REGULAR_CLOSE, Phase.AFTER_HOURS}
    return _first(session, _main(venue), ends)


def final_at(session: TradingSession, venue: Venue) -> datetime:
    """When the session's figures no longer move; for ALL when both venues' do not.

    Raises:
        InvalidRequestError: The venue did not exist that day.
    """
    venues = _venues(session, venue)
    return max(_first(session, one, {Phase.FINAL}) for one in venues)


def elapsed_fraction(now: datetime, session: TradingSession, venue: Venue) -> float:
    """The share of `opens_at` to `closes_at` that has run, 0.0 to 1.0.

    Time alone: how much of a day's value is usually done by then is another matter.

    Raises:
        InvalidRequestError: The venue did not exist that day.
    """
    opening, close = opens_at(session, venue), closes_at(session, venue)
    return min(max((now - opening) / (close - opening), 0.0), 1.0)


def _main(venue: Venue) -> Venue:
    return Venue.KRX if venue is Venue.ALL else venue


def _venues(session: TradingSession, venue: Venue) -> tuple[Venue, ...]:
    """The venues behind one, without those that did not exist yet."""
    if venue is not Venue.ALL:
        return (venue,)
    if _timetable(session, Venue.NXT) is None:
        return (Venue.KRX,)
    return (Venue.KRX, Venue.NXT)


def _timetable(session: TradingSession, venue: Venue) -> _Timetable | None:
    rows = _TIMETABLES[venue]
    return next((row for row in rows if row.since <= session.day), None)


@functools.lru_cache(maxsize=1024)
def _steps(session: TradingSession, venue: Venue) -> tuple[tuple[datetime, Phase], ...]:
    """The instants at which the venue's phases begin that day, ascending."""
    timetable = _timetable(session, venue)
    if timetable is None:
        since = _TIMETABLES[venue][-1].since
        raise InvalidRequestError(
            f"{session.day}에는 {venue.value}의 거래시간이 없습니다. "
            f"{since} 이후의 거래일로 묻거나 venue를 바꿔 주세요.",
            parameter="venue",
        )
    late = {
        _Moves.DROPPED: timedelta(),
        _Moves.WITH_OPENING: session.hours.opens_late,
        _Moves.WITH_CLOSE: session.hours.closes_late,
        _Moves.NEVER: timedelta(),
    }
    return tuple(
        (datetime.combine(session.day, start, KST) + late[moves], phase)
        for start, phase, moves in timetable.steps
        if not (moves is _Moves.DROPPED and session.hours.opens_late)
    )


def _phase(now: datetime, venue: Venue, session: TradingSession) -> Phase:
    begun = [phase for start, phase in _steps(session, venue) if start <= now]
    return begun[-1] if begun else Phase.PRE_OPEN


def _first(session: TradingSession, venue: Venue, phases: set[Phase]) -> datetime:
    return next(at for at, phase in _steps(session, venue) if phase in phases)
