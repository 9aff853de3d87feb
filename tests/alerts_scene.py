"""Alerts, channels, and use cases that find what they are told to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from typing_extensions import override

from application.alert_delivery import Delivery
from application.alert_unusual_volume import AlertUnusualVolume
from application.find_unusual_volume import UnusualStock
from application.ports.alerts import Alert, Channel, KeptAlerts, NotSentError
from domain.alerting import AlertBook, Alerted
from domain.frame import MarketFrame
from domain.listing import Market, Ticker, Won
from domain.provenance import Source
from domain.unusual_volume import Level
from tests.adapters.mcp_server.answers import as_of, quote, unusual, unusual_stock
from tests.adapters.mcp_server.told import Told
from tests.builders import SESSION, at, frame, listing

LIVE = Source(name="kis")
SIMULATED = Source(name="recording:bundled", simulated=True)


def alerted(  # noqa: PLR0913 - one argument per column
    ticker: str = "005930",
    level: Level = Level.STRONG,
    *,
    name: str | None = None,
    when: datetime | None = None,
    before: Level | None = None,
    reasons: tuple[str, ...] = (),
) -> Alerted:
    """1조 2,217억 traded, 4.2 times what is expected, up 3.46 %."""
    return Alerted(
        ticker=Ticker(ticker),
        name=f"종목{ticker}" if name is None else name,
        market=Market.KOSPI,
        level=level,
        at=when or at("10:30"),
        trading_value=Won(1_221_700_000_000),
        times_expected=4.2,
        change_rate=0.0346,
        before=before,
        reasons=reasons,
    )


def alert(*stocks: Alerted, source: Source = LIVE) -> Alert:
    """Of 10:30, provisional."""
    return Alert(
        session=SESSION,
        as_of=at("10:30"),
        is_final=False,
        source=source,
        stocks=stocks or (alerted(),),
    )


def many(count: int) -> tuple[Alerted, ...]:
    return tuple(alerted(f"{number:06d}") for number in range(1, count + 1))


def book(*stocks: Alerted, source: Source = LIVE) -> AlertBook:
    when = max((each.at for each in stocks), default=at("10:30"))
    return AlertBook(session=SESSION).noted(stocks, when, source)


def rows(*codes: str, level: Level = Level.STRONG) -> tuple[UnusualStock, ...]:
    return tuple(
        unusual_stock(rank=rank, quote=quote(listing(code)), level=level)
        for rank, code in enumerate(codes, start=1)
    )


def finds(*found: UnusualStock, when: str = "10:30") -> Told:
    """A use case that found these in the sweep that ended then."""
    return Told(unusual(rows=found, as_of=as_of(as_of=at(when))))


def new_frame(when: str = "10:30") -> MarketFrame:
    return frame({"005930": 1}, as_of=at(when))


@dataclass
class Lines:
    """A journal: events and their facts."""

    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def warning(self, event: str, **facts: object) -> None:
        self.told.append((event, facts))

    def of(self, event: str) -> list[dict[str, object]]:
        return [facts for name, facts in self.told if name == event]


@dataclass
class FakeChannel(Channel):
    """Takes alerts, fails as told, or waits for its gate."""

    called: str = "fake"
    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    taken: list[Alert] = field(default_factory=list)
    tries: int = 0

    @property
    @override
    def name(self) -> str:
        return self.called

    @override
    async def send(self, alert: Alert) -> None:
        self.tries += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(alert)

    @property
    def codes(self) -> list[list[str]]:
        return [[str(x.ticker) for x in each.stocks] for each in self.taken]


@dataclass
class Kept(KeptAlerts):
    """A store that counts."""

    book: AlertBook = field(default_factory=AlertBook)
    keeps: int = 0

    @override
    async def load(self) -> AlertBook:
        await asyncio.sleep(0)
        return self.book

    @override
    async def keep(self, book: AlertBook) -> None:
        self.keeps += 1
        self.book = book


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


def delivery(channel: Channel, journal: Lines | None = None) -> Delivery:
    return Delivery(channel=channel, journal=journal or Lines(), sleep=no_sleep)


def alerts_over(
    find: Told, *channels: Channel, kept: Kept | None = None
) -> AlertUnusualVolume:
    journal = Lines()
    return AlertUnusualVolume(
        find=find,
        kept=kept or Kept(),
        deliveries=[delivery(channel, journal) for channel in channels],
        journal=journal,
    )


def refusal(*, is_final: bool = False, after: float | None = None) -> NotSentError:
    return NotSentError("받지 않습니다.", is_final=is_final, retry_after=after)


async def until(condition: Callable[[], object]) -> None:
    """Polls until it is true; gives up after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for knows no event
            await asyncio.sleep(0.005)
