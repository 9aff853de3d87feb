"""Curves learnt from an archive of sessions with frames between."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pytest

from application.past_market import PastMarket
from application.timeliness import Timeliness
from application.volume_curves import FUNDS, VolumeCurves, groups_of
from domain.frame import MarketFrame
from domain.intraday import SHIPPED, CurveBasis
from domain.listing import Kind, Listing, Market, Venue
from domain.session import EXAM_DAY_HOURS, SessionHours
from tests.application.archive_fake import PastArchive
from tests.builders import SESSION, at, frame, listing
from tests.fakes import FakeCalendar, FakeClock

M = 1_000_000
EVEN, EARLY, BUSY = listing("000001"), listing("000002"), listing("000003")


def done(minute: float) -> dict[Listing, int]:
    """Of 380M a day: evenly, or half of it in the first half hour and then evenly."""
    even = int(minute * M)
    early = 190 * minute / 30 if minute < 30 else 190 + 190 * (minute - 30) / 350
    return {EVEN: even, EARLY: int(early * M)}


@dataclass(kw_only=True)
class Desk:
    """Yesterdays in an archive, and a morning that is compared with them."""

    archive: PastArchive = field(default_factory=PastArchive)
    hours: dict[date, SessionHours] = field(default_factory=dict)
    patience: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        self.calendar = FakeCalendar(hours=self.hours)
        timeliness = Timeliness(clock=FakeClock(), calendar=self.calendar)
        past = PastMarket(frames=self.archive, timeliness=timeliness)
        self.curves = VolumeCurves(past=past, patience=self.patience)
        self.timeliness = timeliness

    def holds(self, sessions: int, *, gap: int = 5) -> "Desk":
        """Past sessions, each with a frame every few minutes from its opening on."""
        for day in self.timeliness.sessions_before(SESSION, sessions):
            late = self.hours.get(day, SessionHours()).opens_late
            opening = at("09:00", day) + late
            self.archive.hold(
                frame(done(380), session=day, as_of=at("18:10", day), is_final=True),
                *(
                    frame(done(x), session=day, as_of=opening + timedelta(minutes=x))
                    for x in range(0, 385, gap)
                ),
            )
        return self


def morning(
    clock: str = "10:00", values: dict[Listing, int] | None = None
) -> MarketFrame:
    return frame(values or done(60), as_of=at(clock))


async def test_without_an_archive_the_shipped_curve_serves() -> None:
    curves = await Desk().curves.of(morning())
    assert curves.share_of_day(60).tolist() == [SHIPPED.share_at(60)] * 2
    assert curves.most_rows_basis is CurveBasis.SHIPPED


async def test_a_stock_s_own_curve_is_learnt() -> None:
    """Twelve sessions count 12/15; both at 10:00, where the market's lies between."""
    curves = await Desk().holds(12).curves.of(morning())
    even, early = 60 / 380, done(60)[EARLY] / (380 * M)
    middle = (np.log(even) + np.log(early)) / 2
    own = np.log([even, early]) * 12 / 15 + middle * 3 / 15
    assert curves.share_of_day(60).tolist() == pytest.approx(np.exp(own).tolist())
    assert curves.sessions == 12
    assert [curves.basis_of(x) for x in (0, 1)] == [CurveBasis.OWN] * 2


async def test_curves_are_learnt_once_a_session() -> None:
    desk = Desk().holds(3)
    first = await desk.curves.of(morning())
    read = dict(desk.archive.reads)
    assert await desk.curves.of(morning("10:01")) is first
    assert dict(desk.archive.reads) == read


async def test_a_stock_that_was_not_there_has_the_market_s_curve() -> None:
    desk = Desk().holds(12)
    curves = await desk.curves.of(morning(values={**done(60), BUSY: 1}))
    assert curves.basis_of(2) is CurveBasis.MARKET


async def test_each_market_s_stocks_and_the_funds_are_a_group() -> None:
    items = (
        listing("000001"),
        listing("000002", market=Market.KOSDAQ),
        listing("000003", kind=Kind.ETF),
        listing("000004", kind=Kind.ETN, market=Market.KOSDAQ),
    )
    assert groups_of(frame(dict.fromkeys(items, 1))).tolist() == [0, 1, FUNDS, FUNDS]


async def test_a_new_stock_has_the_curve_of_its_own_market() -> None:
    """The two of KOSPI were seen; a new one of KOSDAQ gets the shipped curve."""
    new = listing("000009", market=Market.KOSDAQ)
    curves = await Desk().holds(12).curves.of(morning(values={**done(60), new: 1}))
    assert curves.share_of_day(60)[2] == pytest.approx(SHIPPED.share_at(60))


async def test_instants_too_far_apart_teach_nothing() -> None:
    curves = await Desk().holds(12, gap=50).curves.of(morning())
    assert curves.share_of_day(45).tolist() == [SHIPPED.share_at(45)] * 2


async def test_an_exam_day_is_learnt_from_by_its_own_opening() -> None:
    days = Desk().timeliness.sessions_before(SESSION, 12)
    desk = Desk(hours=dict.fromkeys(days, EXAM_DAY_HOURS)).holds(12)
    plain = await Desk().holds(12).curves.of(morning())
    late = await desk.curves.of(morning())
    assert late.share_of_day(60).tolist() == plain.share_of_day(60).tolist()


async def test_a_shorter_day_teaches_nothing() -> None:
    days = Desk().timeliness.sessions_before(SESSION, 12)
    shorter = SessionHours(opens_late=timedelta(hours=1))
    desk = Desk(hours=dict.fromkeys(days, shorter)).holds(12)
    assert (await desk.curves.of(morning())).sessions == 0


async def test_a_lost_archive_leaves_the_shipped_curve_and_rests() -> None:
    desk = Desk().holds(12)
    desk.archive.is_lost = True
    assert (await desk.curves.of(morning())).sessions == 0
    asked = sum(desk.archive.reads.values())
    assert (await desk.curves.of(morning())).sessions == 0
    assert sum(desk.archive.reads.values()) == asked


async def test_a_question_does_not_wait_for_what_is_being_learnt() -> None:
    desk = Desk(patience=timedelta()).holds(12)
    assert (await desk.curves.of(morning())).sessions == 0
    await desk.curves.close()


async def test_both_venues_are_learnt_as_one() -> None:
    desk = Desk()
    both = listing("000005", on_nxt=True, market=Market.KOSDAQ)
    for day in desk.timeliness.sessions_before(SESSION, 12):
        for venue, times in ((Venue.KRX, 1), (Venue.NXT, 3)):
            opening = at("09:00", day)
            desk.archive.hold(
                *(
                    frame(
                        {both: x * times * M},
                        venue=venue,
                        session=day,
                        as_of=opening + timedelta(minutes=x),
                    )
                    for x in range(0, 385, 5)
                ),
                frame(
                    {both: 380 * times * M},
                    venue=venue,
                    session=day,
                    as_of=at("20:10", day),
                    is_final=True,
                ),
            )
    whole = frame({both: 240 * M}, venue=Venue.ALL, as_of=at("10:00"))
    curves = await desk.curves.of(whole)
    assert curves.share_of_day(60).tolist() == pytest.approx([60 / 380])
