"""Everything an archive does, each in one transaction of its own; from any thread."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from adapters.archive.filling_rows import FillingRows, pack_bars, unreadable
from adapters.archive.flow_rows import FlowRows
from adapters.archive.frame_rows import FrameRows, Pool
from adapters.archive.history_rows import HistoryQuestion, read_history
from adapters.archive.packed_axis import PackedAxis
from adapters.archive.packed_frame import BARS, SWEPT, pack_frame
from adapters.archive.profile_rows import ProfileRows
from adapters.archive.store import Store
from application.ports.archive import Window
from application.ports.past_data import IndexQuote
from domain.bars import StockBars
from domain.frame import MarketFrame
from domain.history import History
from domain.investors import InvestorFlows
from domain.listing import Listings, Ticker, Venue
from domain.profile import Profile

_PAGE = 100
"""Staged stocks that are read at a time: half a megabyte."""


class Transactions:
    """What the archive's ports ask for, blocking.

    Args:
        store: Open.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep_frame(self, frame: MarketFrame) -> None:
        """Keeps a swept frame."""
        packed = pack_frame(frame, SWEPT)
        with self._store.writing() as connection:
            FrameRows(connection, self._store.axes).keep(packed)

    def final_frame(self, pool: Pool, session: date) -> MarketFrame | None:
        """The session's final frame."""
        with self._store.reading() as connection:
            return FrameRows(connection, self._store.axes).final(pool, session)

    def frames_around(
        self, pool: Pool, at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        """The day's last frame by then, and the first after it."""
        with self._store.reading() as connection:
            return FrameRows(connection, self._store.axes).around(pool, at)

    def instants(self, pool: Pool, session: date) -> tuple[datetime, ...]:
        """When frames between were taken, ascending."""
        with self._store.reading() as connection:
            return FrameRows(connection, self._store.axes).instants(pool, session)

    def sessions(self, pool: Pool) -> tuple[date, ...]:
        """Sessions with a final frame, ascending."""
        with self._store.reading() as connection:
            return FrameRows(connection, self._store.axes).sessions(pool)

    def history(
        self,
        listings: Listings,
        pool: Pool,
        sessions: tuple[date, ...],
        columns: tuple[str, ...],
    ) -> History:
        """Final figures over listings."""
        venue, kinds = pool
        question = HistoryQuestion(
            listings=listings,
            venue=venue,
            kinds=kinds,
            sessions=sessions,
            columns=columns,
        )
        with self._store.reading() as connection:
            return read_history(connection, self._store.axes, question)

    def forget_instants(self, before: date) -> None:
        """Lets frames between go."""
        with self._store.writing() as connection:
            FrameRows(connection, self._store.axes).forget(before)

    def keep_profiles(self, session: date, profiles: Sequence[Profile]) -> None:
        """Keeps profiles that were read for a session."""
        with self._store.writing() as connection:
            ProfileRows(connection).keep(session, profiles)

    def profiles(self, session: date) -> dict[Ticker, Profile]:
        """The newest of each stock by a session."""
        with self._store.reading() as connection:
            return ProfileRows(connection).newest(session)

    def profiles_of(self, session: date) -> dict[Ticker, Profile]:
        """Those that were read for just this session."""
        with self._store.reading() as connection:
            return ProfileRows(connection).of(session)

    def keep_flows(self, flows: InvestorFlows) -> None:
        """Keeps flows, over those of the same finality."""
        with self._store.writing() as connection:
            FlowRows(connection, self._store.axes).keep(flows)

    def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        """The session's flows."""
        with self._store.reading() as connection:
            return FlowRows(connection, self._store.axes).read(venue, session)

    def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        """Sessions with flows, ascending."""
        with self._store.reading() as connection:
            return FlowRows(connection, self._store.axes).sessions(venue)

    def keep_indices(self, session: date, indices: Sequence[IndexQuote]) -> None:
        """Keeps industry indices."""
        with self._store.writing() as connection:
            FlowRows(connection, self._store.axes).keep_indices(session, indices)

    def indices(self, session: date) -> dict[str, IndexQuote]:
        """The session's industry indices by code."""
        with self._store.reading() as connection:
            return FlowRows(connection, self._store.axes).indices(session)

    def windows(self) -> tuple[Window, ...]:
        """Windows that are being filled, newest first."""
        with self._store.reading() as connection:
            return FillingRows(connection).windows()

    def begin(self, window: Window) -> None:
        """Remembers a window."""
        with self._store.writing() as connection:
            FillingRows(connection).begin(window)

    def staged(self, window: Window) -> frozenset[Ticker]:
        """Whose bars are in."""
        with self._store.reading() as connection:
            return FillingRows(connection).staged(window)

    def stage(self, window: Window, bars: Sequence[StockBars]) -> None:
        """Keeps some stocks' bars."""
        if any(each.venue is not window.venue for each in bars):
            raise ValueError(f"bars of another venue than {window}")
        packed = {each.ticker: pack_bars(each) for each in bars}
        with self._store.writing() as connection:
            FillingRows(connection).stage(window, list(packed.values()))

    def staged_after(self, window: Window, ticker: str) -> list[StockBars]:
        """The next bars by ticker; none at the end.

        Raises:
            MarketDataUnavailableError: Some were damaged, and are asked for again.
        """
        with self._store.reading() as connection:
            found = FillingRows(connection).after(window, ticker, _PAGE)
        lost = [each for each in found if isinstance(each, Ticker)]
        if lost:
            with self._store.writing() as connection:
                FillingRows(connection).refetch(window, lost)
            raise unreadable(lost)
        return [each for each in found if isinstance(each, StockBars)]

    def publish(self, window: Window, frames: Iterable[MarketFrame]) -> None:
        """Keeps final frames made of bars, one at a time, and lets their window go."""
        axes: dict[int, tuple[Listings, PackedAxis]] = {}
        with self._store.writing() as connection:
            rows = FrameRows(connection, self._store.axes)
            for frame in frames:
                if frame.venue is not window.venue or not frame.is_final:
                    raise ValueError(f"not a final frame of {window}: {frame.key}")
                # Held, so that no other listings can come to have their identity.
                listings, known = axes.get(id(frame.listings), (frame.listings, None))
                packed = pack_frame(frame, BARS, known)
                axes[id(listings)] = (listings, packed.axis)
                rows.publish(packed, frame)
            FillingRows(connection).end(window)
