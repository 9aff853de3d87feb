"""Every stock's profile of the day: read behind the callers, once, and kept."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from application.inquiries import Habits, Inquiries
from application.ports.archive import KeptProfiles
from application.ports.journal import Journal
from application.ports.market_data import Quotes
from application.ports.past_data import ProfileSource
from application.recent import Recent
from application.timeliness import Timeliness
from domain.errors import MarketDataError
from domain.listing import Listing, Listings, Ticker, Venue
from domain.profile import Profile, Profiles, profiles_of

BATCH = 50
"""Profiles that are kept together, at most."""

PATIENCE_SECONDS = 3.0
"""How long a profile waits for others to be kept with."""

RELOAD_SECONDS = 10.0
"""After an archive has failed."""


@dataclass(slots=True, kw_only=True)
class ProfileBook:
    """Profiles of the newest session, and of past ones as far as they were kept.

    One inquiry per stock and session. Who asks never waits for one: what has not been
    read is not known.
    """

    source: ProfileSource
    archive: KeptProfiles
    quotes: Quotes
    timeliness: Timeliness
    journal: Journal
    habits: Habits = field(default_factory=Habits)
    _session: date | None = None
    _found: dict[str, Profile] = field(default_factory=dict)
    _fresh: set[Ticker] = field(default_factory=set)
    _unkept: dict[Ticker, Profile] = field(default_factory=dict)
    _version: int = 0
    _kept_at: float = 0.0
    _load_after: float = 0.0
    _columns: "Recent[object, Profiles]" = field(default_factory=lambda: Recent(24))
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _inquiries: Inquiries = field(init=False)

    def __post_init__(self) -> None:
        """The queue of inquiries is its own."""
        self._inquiries = Inquiries(
            ask=self._inquire,
            is_due=lambda ticker: ticker not in self._fresh,
            done=self._keep,
            journal=self.journal,
            habits=self.habits,
        )

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def load(self) -> None:
        """Takes over what is kept, once a session; an archive that fails is logged."""
        session = self._due()
        async with self._lock:
            if session == self._session or _now() < self._load_after:
                return
            await self._keep_now()
            try:
                found = await self.archive.profiles(session)
                fresh = await self.archive.profiles_of(session)
            except MarketDataError as error:
                self._load_after = _now() + RELOAD_SECONDS
                self.journal.warning("profiles.not_loaded", error=str(error))
                return
            self._session, self._unkept = session, {}
            self._found = dict([*found.items(), *fresh.items()])
            self._fresh = set(fresh)
            self._version += 1

    async def of(self, listings: Listings, session: date) -> Profiles:
        """Profiles of a session in columns, as far as they are known.

        Of the newest session each stock's newest, of a past one only those that were
        read for it.
        """
        await self.load()
        is_past = self._session is not None and session < self._session
        key = (id(listings), session, None if is_past else self._version)
        known = self._columns.get(key)
        if known is not None and known.listings is listings:
            return known
        if not is_past:
            return self._columns.keep(key, profiles_of(listings, self._found, session))
        try:
            found = await self.archive.profiles_of(session)
        except MarketDataError as error:
            self.journal.warning("profiles.not_read", error=str(error))
            return profiles_of(listings, {}, session)
        kept: dict[str, Profile] = dict(found.items())
        return self._columns.keep(key, profiles_of(listings, kept, session))

    def want(self, tickers: Iterable[Ticker]) -> None:
        """Has these read before all others, where they have none of the session."""
        self._inquiries.want(tickers)

    def missing(self, listings: Iterable[Listing]) -> int:
        """How many could be read now and are not."""
        return sum(self._inquiries.may_ask(item.ticker) for item in listings)

    async def fill(self, listings: Iterable[Listing]) -> None:
        """Reads what is missing, in this order, behind what is wanted."""
        await self.load()
        await self._inquiries.work_off([item.ticker for item in listings])

    async def close(self) -> None:
        """Ends the inquiries and keeps what they brought."""
        await self._inquiries.close()

    def _due(self) -> date:
        return self.timeliness.due(Venue.KRX).day

    async def _inquire(self, ticker: Ticker) -> None:
        """Reads one, for the session that is the newest when it is asked."""
        await self.load()
        listings = await self.quotes.listings()
        row, session = listings.row_of.get(ticker), self._session
        if row is None or session != self._due() or ticker in self._fresh:
            return
        profile = await self.source.profile(listings[row])
        if session != self._session:
            return  # it is of the day before: the stock is still due
        self._fresh.add(ticker)
        self._unkept[ticker] = profile
        if len(self._unkept) >= BATCH or _now() - self._kept_at >= PATIENCE_SECONDS:
            await self._keep()

    async def _keep(self) -> None:
        async with self._lock:
            await self._keep_now()

    async def _keep_now(self) -> None:
        """Shows what was read, and keeps it; what cannot be kept waits for the next."""
        self._kept_at = _now()
        if not self._unkept or self._session is None:
            return
        batch = dict(self._unkept)
        self._found.update(batch.items())
        self._version += 1
        try:
            await self.archive.keep_profiles(self._session, batch.values())
        except MarketDataError as error:
            self.journal.warning("profiles.not_kept", error=str(error))
            return
        for ticker, profile in batch.items():
            if self._unkept.get(ticker) is profile:
                del self._unkept[ticker]


def _now() -> float:
    return asyncio.get_running_loop().time()
