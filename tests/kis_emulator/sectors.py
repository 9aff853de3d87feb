"""Every index and industry: its level, change and own sums, now and on past days."""

import weakref
from datetime import date, datetime

import numpy as np

from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.index import MARKETS, Index, index_at, index_on
from tests.kis_emulator.index_codes import CODE_OF, CODES
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.sector_board import ROW_OF, Board, board, members
from tests.kis_emulator.ticks import Floats

__all__ = ["members", "sector_at", "sector_on"]


class _Books:
    """What was reckoned of one market."""

    def __init__(self) -> None:
        self.closing: Kept[Board] = Kept(400)
        self.running: Kept[Board] = Kept(8)
        self.levels: dict[date, Floats] = {}
        self.indices: Kept[Index] = Kept(4_000)


_books: weakref.WeakKeyDictionary[Truth, _Books] = weakref.WeakKeyDictionary()


def sector_at(truth: Truth, code: str, at: datetime) -> Index:
    """An index as it stands at an instant; any of ``index_codes.CODES``.

    Its change is against the members' base prices, weighted by their shares: what
    splits, rights and new listings move is no change.
    """
    books = _books.setdefault(truth, _Books())
    at = at.replace(microsecond=0)
    if code in MARKETS:
        return books.indices.remember((code, at), lambda: index_at(truth, code, at))
    shown = truth.snapshot("J", at)
    session = _session(truth, shown, code, at)
    now = books.running.remember((at, session), lambda: board(truth, shown, session))
    return _index(truth, code, now, session)


def sector_on(truth: Truth, code: str, day: date) -> Index:
    """The same at the end of a session."""
    books = _books.setdefault(truth, _Books())

    def make() -> Index:
        if code in MARKETS:
            return index_on(truth, code, day)
        return _index(truth, code, _closing(truth, day), day)

    return books.indices.remember((code, day), make)


def _session(truth: Truth, shown: Figures, code: str, at: datetime) -> date:
    """The session that the members' rows are of: one market may reset late."""
    rows = np.flatnonzero(truth.members(_market(code)))
    if not len(rows):
        return truth.days.latest(at.date())
    return date.fromordinal(int(shown.session[rows[0]]))


def _market(code: str) -> str:
    return "KOSDAQ" if CODE_OF[code].market == "Q" else "KOSPI"


def _closing(truth: Truth, day: date) -> Board:
    books = _books.setdefault(truth, _Books())
    return books.closing.remember(day, lambda: board(truth, truth.final("J", day), day))


def _start() -> Floats:
    """Hundredths of a point, different for each."""
    return np.array([40_000.0 + 3_700 * row for row in range(len(CODES))])


def _gain(truth: Truth, day: date) -> Floats:
    """Each index's level at a session's end over that of the session before."""
    sums = _closing(truth, day)
    moved = sums.cap / np.maximum(sums.base, 1)
    return np.asarray(np.where(sums.base > 0, moved, 1.0))


def _levels(truth: Truth, day: date) -> Floats:
    """Closing levels of a session: ``_start`` at the anchor, chained either way."""
    known = _books.setdefault(truth, _Books()).levels
    anchor = truth.anchor
    at = min(max(day, min(known, default=anchor)), max(known, default=anchor))
    known.setdefault(at, _start())
    while at < day:
        at = truth.days.next(at)
        known[at] = known[truth.days.previous(at)] * _gain(truth, at)
    while at > day:
        before = truth.days.previous(at)
        known[before] = known[at] / _gain(truth, at)
        at = before
    return known[day]


def _index(truth: Truth, code: str, sums: Board, session: date) -> Index:
    row, before = ROW_OF[code], truth.days.previous(session)
    past = _closing(truth, before)
    was = float(_levels(truth, before)[row])
    scale = was / float(sums.base[row]) if sums.base[row] else 0.0

    def level(cap: int) -> int:
        return round(float(cap) * scale) if scale else round(was)

    now, opened = level(sums.cap[row]), level(sums.open[row])
    quiet = CODE_OF[code].group == "silent"
    return Index(
        session=session,
        level=now,
        previous=round(was),
        open=opened,
        high=max(level(sums.high[row]), now, opened),
        low=min(level(sums.low[row]), now, opened),
        trading_value=0 if quiet else int(sums.trading_value[row]),
        volume=0 if quiet else int(sums.volume[row]),
        previous_trading_value=0 if quiet else int(past.trading_value[row]),
        previous_volume=0 if quiet else int(past.volume[row]),
        advancers=int(sums.advancers[row]),
        at_upper=int(sums.at_upper[row]),
        level_count=int(sums.level_count[row]),
        decliners=int(sums.decliners[row]),
        at_lower=int(sums.at_lower[row]),
    )
