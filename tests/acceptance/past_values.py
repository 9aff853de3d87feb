"""What past sessions traded, whole or by a time of day, in plain Python."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tests.acceptance.prepared import INSTANTS, SESSIONS, THURSDAY, WITH_OWN_FINALS
from tests.kis_emulator.clock import KST
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket

LONG_AGO = date(2020, 1, 1)

Traded = tuple[int, int]
"""Volume and trading value."""


class PastValues:
    """Past sessions as a filled archive must know them.

    Args:
        truth: What was really traded.
    """

    def __init__(self, truth: SimulatedMarket) -> None:
        self.truth = truth
        kept = truth.days.back(LONG_AGO, THURSDAY, SESSIONS)
        self._first, self._first_swept = kept[-1], kept[WITH_OWN_FINALS - 1]
        self._on_thursday = {item.code for item in truth.listings_on(THURSDAY)}
        self._shown: dict[tuple[str, datetime], dict[str, Traded]] = {}
        self._final: dict[tuple[str, date], dict[str, Quote]] = {}
        self._listed: dict[date, set[str]] = {}

    def before(self, session: date, count: int) -> list[date]:
        """The sessions before one, oldest first."""
        end = session - timedelta(days=1)
        return self.truth.days.back(LONG_AGO, end, count)[::-1]

    def whole(self, item: Listed, venue: str, day: date) -> Traded | None:
        """A session's figures; None where the stock was not listed.

        Of one that was delisted before the bars were read, only sessions that were
        swept themselves are known.
        """
        is_gone = item.code not in self._on_thursday
        if day < self._first or (is_gone and day < self._first_swept):
            return None

        def final(division: str) -> Traded:
            quote = self.final(division, day).get(item.code)
            return (quote.volume, quote.trading_value) if quote else (0, 0)

        return self._sum(item, venue, day, final)

    def final(self, division: str, day: date) -> dict[str, Quote]:
        """Everybody's last quotes of a session."""
        if (division, day) not in self._final:
            figures = self.truth.final(division, day)
            quotes = {code: figures.quote(code) for code in figures.codes}
            known = {code: quote for code, quote in quotes.items() if quote}
            self._final[division, day] = known
        return self._final[division, day]

    def by(self, item: Listed, venue: str, at: datetime) -> Traded | None:
        """The figures by an instant, on the line between two archived frames."""
        before, after = self._around(at)
        share = (at - before) / (after - before)

        def between(division: str) -> Traded:
            low = self._at(division, before).get(item.code, (0, 0))
            high = self._at(division, after).get(item.code, (0, 0))
            return (
                low[0] + int((high[0] - low[0]) * share),
                low[1] + int((high[1] - low[1]) * share),
            )

        return self._sum(item, venue, at.date(), between)

    def by_minute(self, item: Listed, venue: str, at: datetime) -> Traded | None:
        """The figures by the end of the minute that ended nearest to an instant."""
        nearest = (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
        ended = nearest - timedelta(seconds=1)

        def shown(division: str) -> Traded:
            return self._at(division, ended).get(item.code, (0, 0))

        return self._sum(item, venue, at.date(), shown)

    def moment(self, as_of: datetime, session: date, day: date) -> datetime:
        """The instant of a day that is as far from its opening."""
        late = self.truth.delay("J", day) - self.truth.delay("J", session)
        return datetime.combine(day, as_of.timetz()) + late

    def _at(self, division: str, at: datetime) -> dict[str, Traded]:
        if (division, at) not in self._shown:
            figures = self.truth.snapshot(division, at)
            columns = (figures.volume.tolist(), figures.trading_value.tolist())
            traded = zip(*columns, strict=True)
            self._shown[division, at] = dict(zip(figures.codes, traded, strict=True))
        return self._shown[division, at]

    def _around(self, at: datetime) -> tuple[datetime, datetime]:
        late = self.truth.delay("J", at.date())
        taken = [datetime.combine(at.date(), x, KST) + late for x in INSTANTS]
        before = max(x for x in taken if x <= at)
        return before, min(x for x in taken if x > before)

    def _sum(
        self, item: Listed, venue: str, day: date, of: Callable[[str], Traded]
    ) -> Traded | None:
        """Both venues added for ALL; a stock that NXT does not trade has nothing."""
        if day not in self._listed:
            self._listed[day] = {x.code for x in self.truth.listings_on(day)}
        if item.code not in self._listed[day]:
            return None
        krx = of("J") if venue != "NXT" else (0, 0)
        nxt = of("NX") if venue != "KRX" and item.on_nxt else (0, 0)
        return krx[0] + nxt[0], krx[1] + nxt[1]
