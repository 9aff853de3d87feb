"""The instants at which every tool is asked, and a server at each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import product
from pathlib import Path
from typing import Any

from tests.acceptance.prepared import (
    CHRISTMAS,
    CHRISTMAS_EVE,
    FRIDAY,
    MONDAY,
    SATURDAY,
    Prepared,
    Stage,
)
from tests.acceptance.served import Answer, Served, served
from tests.acceptance.standing import Scene, scene_at, scene_on
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

Row = dict[str, Any]

VENUES = ("ALL", "KRX", "NXT")
UNIVERSES = list(product(("ALL", "KOSPI", "KOSDAQ"), VENUES))
ALL_KINDS = ["STOCK", "ETF", "ETN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """When it is asked.

    Attributes:
        stage: What the server's archive holds.
        session: Whose figures answer.
        is_running: Whether the session is under way.
    """

    name: str
    stage: Stage
    day: date
    clock: str
    session: date
    is_running: bool = False

    @property
    def at(self) -> datetime:
        """The broker's clock stands here."""
        return datetime.combine(self.day, time.fromisoformat(self.clock), KST)

    @property
    def is_early(self) -> bool:
        """Whether KRX is still to open."""
        return self.clock < "09:00"

    @property
    def is_final(self) -> bool:
        """Whether the session's last trade is over."""
        return self.day != self.session or self.clock > "20:10"


OPEN = Instant(
    name="at ten",
    stage=Stage.MORNING,
    day=FRIDAY,
    clock="10:00",
    session=FRIDAY,
    is_running=True,
)
AT_ONE = Instant(
    name="at one",
    stage=Stage.MORNING,
    day=FRIDAY,
    clock="13:00",
    session=FRIDAY,
    is_running=True,
)
CLOSED = Instant(
    name="after the close",
    stage=Stage.CLOSE,
    day=FRIDAY,
    clock="15:45",
    session=FRIDAY,
)
EVENING = Instant(
    name="in the evening",
    stage=Stage.EVENING,
    day=FRIDAY,
    clock="20:30",
    session=FRIDAY,
)
WEEKEND = Instant(
    name="on a weekend",
    stage=Stage.EVENING,
    day=SATURDAY,
    clock="11:00",
    session=FRIDAY,
)
EARLY = Instant(
    name="before the open",
    stage=Stage.EVENING,
    day=MONDAY,
    clock="08:20",
    session=FRIDAY,
)
HOLIDAY = Instant(
    name="on a holiday",
    stage=Stage.CHRISTMAS,
    day=CHRISTMAS,
    clock="11:00",
    session=CHRISTMAS_EVE,
)
INSTANTS = (OPEN, AT_ONE, CLOSED, EVENING, WEEKEND, EARLY, HOLIDAY)

OWN_FINAL, EXAM, FROM_BARS = date(2026, 11, 13), date(2026, 11, 19), date(2026, 10, 16)
"""Past sessions: swept on the day, begun late, and filled from bars alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A served product, the broker behind it, and when it is.

    Attributes:
        prepared: Where its archive comes from.
    """

    product: Served
    broker: RunningEmulator
    prepared: Prepared
    instant: Instant

    @property
    def truth(self) -> SimulatedMarket:
        """What is really traded."""
        return self.prepared.market

    def scene(self, venue: str = "ALL") -> Scene:
        """Whose figures answer; before the open NXT trades already."""
        instant = self.instant
        if instant.is_early and venue == "NXT":
            return scene_at(self.truth, instant.at, instant.day)
        if instant.is_final:
            session = instant.session
            return scene_on(self.truth, session, named=session)
        return scene_at(self.truth, instant.at, instant.session)

    def pages(
        self, tool: str, key: str = "ranking", **question: Any
    ) -> tuple[list[Row], Answer]:
        """The rows of every page, all of one frame, and the first page."""
        for _ in range(5):
            pages = [self.product.call(tool, count=100, **question)]
            while (offset := pages[-1]["next_offset"]) is not None:
                pages.append(
                    self.product.call(tool, count=100, offset=offset, **question)
                )
            if len({page["timestamp"] for page in pages}) == 1:
                break  # else another sweep came between
        rows = [row for page in pages for row in page[key]]
        assert {page["total"] for page in pages} == {len(rows)}
        return rows, pages[0]


@contextmanager
def asked_at(
    prepared: Prepared, instant: Instant, folder: Path, *, stage: Stage | None = None
) -> Iterator[Asked]:
    """A server that holds the whole market at an instant.

    Args:
        prepared: Where its archive comes from.
        instant: When.
        folder: Of its own.
        stage: Another archive than the instant's.
    """
    url = prepared.archive(stage or instant.stage, folder / "archive")
    with (
        running_emulator(
            market=prepared.market, clock=EmulatorClock(instant.at)
        ) as broker,
        served(broker, folder / "data", ARCHIVE_URL=url) as product_served,
    ):
        product_served.whole(kinds=ALL_KINDS)
        yield Asked(
            product=product_served, broker=broker, prepared=prepared, instant=instant
        )
