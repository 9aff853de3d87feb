"""The market as a question sees it: as it stands, or on a past session."""

from dataclasses import dataclass
from datetime import date, timedelta

from application.current_market import CurrentMarket, Sighting
from application.past_market import PastMarket
from application.question import Question
from application.recent import now
from application.timeliness import Timeliness
from domain.errors import (
    MarketDataError,
    MarketDataUnavailableError,
    UnknownStockError,
)
from domain.frame import MarketFrame
from domain.listing import Listing, Listings, Venue
from domain.screening import Universe
from domain.stock_lookup import find_stocks

LEAST_PATIENCE = timedelta(milliseconds=1)


@dataclass(slots=True, kw_only=True)
class MarketView:
    """One frame for a question, from the current market or from the archive."""

    current: CurrentMarket
    past: PastMarket

    @property
    def timeliness(self) -> Timeliness:
        """Judges frames by the clock and the calendar."""
        return self.current.timeliness

    def left(self, started: float) -> timedelta:
        """What remains of a caller's patience; never nothing at all.

        Args:
            started: When the question came, in the loop's time.
        """
        waited = timedelta(seconds=now() - started)
        return max(self.timeliness.freshness.patience - waited, LEAST_PATIENCE)

    async def seen(
        self,
        universe: Universe,
        session: date | None = None,
        *,
        waited: timedelta = timedelta(),
    ) -> Sighting:
        """The frame of the running (or latest) session, or of a past one.

        When the broker fails, the archive's final figures answer where they are newer
        than what this process has, marked.

        Args:
            universe: What has to be in it.
            session: A past trading day; None, or the latest one, is the current market.
            waited: What the caller has waited already.

        Raises:
            InvalidRequestError: ``session`` is no trading day, or is to come.
            MarketDataError: Nothing is known by the deadline, or the day is not kept.
        """
        if session is not None:
            day = self.past.check(session, universe.venue).day
            if day != self._due(universe):
                return Sighting(frame=await self.past.frame(universe, day))
        patience = self.timeliness.freshness.patience - waited
        try:
            sighting = await self.current.seen(
                universe, patience=max(patience, LEAST_PATIENCE)
            )
        except MarketDataUnavailableError:
            kept = await self._instead(universe)
            if kept is None:
                raise
            sighting = kept
        if sighting.stale:
            sighting = await self._better(universe, sighting)
        if session is not None and sighting.frame.session != session:
            raise MarketDataUnavailableError(
                f"session {session}: 이 날의 시세를 아직 받지 못했습니다. 10초 뒤에 "
                "다시 묻거나 session을 비워 지난 거래일 시세로 물어 주세요.",
                retry_after=10,
            )
        return sighting

    def _due(self, universe: Universe) -> date:
        return self.timeliness.due_at(universe.venue).day

    async def _instead(self, universe: Universe) -> Sighting | None:
        """The archive's last figures, where waiting would bring nothing newer."""
        quiet = self.timeliness.is_quiet(universe.venue)
        if not quiet and self.current.failure(universe) is None:
            return None  # a sweep is under way, and nothing says it will fail
        frame = await self._archived(universe)
        return None if frame is None else self._kept(universe, frame)

    async def _better(self, universe: Universe, seen: Sighting) -> Sighting:
        """The archive's last figures, where they are newer than stale ones."""
        frame = await self._archived(universe)
        held = (seen.frame.session, seen.frame.is_final)
        if frame is None or (frame.session, frame.is_final) <= held:
            return seen
        return self._kept(universe, frame)

    def _kept(self, universe: Universe, frame: MarketFrame) -> Sighting:
        """Archived figures; marked where the broker failed, or newer ones are due."""
        due, kept = self._due(universe), f"보관된 {frame.session} 확정 시세로 답합니다"
        failure = self.current.failure(universe)
        if failure is not None and not self.timeliness.is_quiet(universe.venue):
            reason = f"증권사 시세를 받지 못해 {kept}: {failure}"
            return Sighting(frame=frame, stale=True, reason=reason)
        if frame.session < due:
            reason = f"{due} 시세가 아직 없어 {kept}."
            return Sighting(frame=frame, stale=True, reason=reason)
        return Sighting(frame=frame)

    async def _archived(self, universe: Universe) -> MarketFrame | None:
        try:
            return await self.past.last(universe)
        except MarketDataUnavailableError:
            return None  # the archive fails too: the broker's error is the news

    def is_past(self, frame: MarketFrame) -> bool:
        """Whether a newer session than the frame's has begun."""
        return frame.session < self.timeliness.due(Venue.KRX).day

    async def check_names(self, question: Question) -> None:
        """Refuses names of no stock before anything is waited for.

        What is listed may not be known yet, or not at all: `named` is asked later.

        Raises:
            UnknownStockError: A name fits no stock.
            AmbiguousStockError: It fits several.
        """
        if not question.stocks or question.session is not None:
            return
        listings = await self._listings(self.timeliness.freshness.patience)
        if listings is not None:
            find_stocks(listings, question.stocks)

    async def named(
        self,
        stocks: tuple[str, ...],
        frame: MarketFrame,
        patience: timedelta = LEAST_PATIENCE,
    ) -> list[Listing]:
        """The listings that were named, of the frame's day or of today.

        Args:
            stocks: Codes or names.
            frame: What answers.
            patience: How long to wait for what is listed today.

        Raises:
            UnknownStockError: A name fits no stock.
            AmbiguousStockError: It fits several.
        """
        if not stocks:
            return []
        today = await self._listings(patience) or frame.listings
        try:
            return list(find_stocks(today, stocks))
        except UnknownStockError:
            both = Listings.of([*today, *frame.listings], dated=today.dated)
            return list(find_stocks(both, stocks))

    async def _listings(self, patience: timedelta) -> Listings | None:
        try:
            return await self.current.listings(patience=patience)
        except MarketDataError:
            return None
