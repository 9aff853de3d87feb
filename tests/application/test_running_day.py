"""A morning's frame against the days before it: what it foretells, and when it may."""

import math
from datetime import timedelta

import pytest

from application.past_market import PastMarket
from application.running_day import RunningDay, RunningDays
from application.timeliness import Timeliness
from application.volume_curves import VolumeCurves
from domain.frame import MarketFrame
from domain.intraday import SHIPPED, CurveBasis
from domain.listing import Flag, Listing, Venue
from domain.unusual_volume import Past
from tests.application.archive_fake import PastArchive
from tests.builders import SESSION, at, frame, listing
from tests.fakes import FakeCalendar, FakeClock
from tests.past_builders import past

M = 1_000_000
ONE, TWO, THREE = listing("000001"), listing("000002"), listing("000003", on_nxt=True)
DAY = 100 * M
BY_TEN = 24 * M
"""What the shipped curve has done of 100M by 10:00."""


class Desk:
    """An archive without past frames: the shipped curve serves."""

    def __init__(self, *held: MarketFrame) -> None:
        self.archive = PastArchive(held)
        timeliness = Timeliness(clock=FakeClock(), calendar=FakeCalendar())
        market = PastMarket(frames=self.archive, timeliness=timeliness)
        self.timeliness = timeliness
        self.days = RunningDays(curves=VolumeCurves(past=market))

    async def told(self, running: MarketFrame) -> RunningDay:
        found = await self.days.of(running, usual(len(running.listings)))
        assert found is not None
        return found


def usual(stocks: int) -> Past:
    """Sixty days of 100M each: without an echo."""
    return past([[DAY] * 60] * stocks)


def morning(
    *values: int, clock: str = "10:00", venue: Venue = Venue.KRX
) -> MarketFrame:
    quotes = dict(zip((ONE, TWO, THREE), values, strict=False))
    return frame(quotes, as_of=at(clock), venue=venue)


def pace(found: RunningDay, row: int) -> float:
    assert found.foretold is not None
    return float(found.foretold.pace[row])


async def test_a_usual_morning_foretells_the_usual_day() -> None:
    found = await Desk().told(morning(BY_TEN, BY_TEN))
    assert found.minute == 60
    assert found.usual_share.tolist() == [0.24, 0.24]
    assert found.foretold is not None
    assert found.foretold.value.tolist() == pytest.approx([DAY, DAY])


async def test_there_is_no_verdict_in_the_first_half_hour() -> None:
    early = await Desk().told(morning(BY_TEN, clock="09:29"))
    assert early.is_early
    assert "09:30" in early.note
    assert not (await Desk().told(morning(BY_TEN, clock="09:30"))).is_early


async def test_whose_curve_it_is_is_told() -> None:
    found = await Desk().told(morning(BY_TEN))
    assert found.basis is CurveBasis.SHIPPED
    assert "0거래일" in found.note


async def test_stocks_with_their_own_curves_need_no_note() -> None:
    desk = Desk()
    for day in desk.timeliness.sessions_before(SESSION, 3):
        opening = at("09:00", day)
        for minute in range(0, 385, 5):
            instant = opening + timedelta(minutes=minute)
            desk.archive.hold(frame({ONE: minute * M}, session=day, as_of=instant))
        evening = at("18:10", day)
        desk.archive.hold(frame({ONE: DAY}, session=day, as_of=evening, is_final=True))
    found = await desk.told(morning(BY_TEN))
    assert found.basis is CurveBasis.OWN
    assert found.note == ""


async def test_a_surge_of_the_last_minutes_is_read_from_the_archive() -> None:
    """Usual until 09:50, when 16/150 less of the day was done; 10M more since."""
    shares = [SHIPPED.share_at(x) for x in (30, 50, 60)]
    held = [
        morning(*[round(share * DAY)] * 3, clock=clock)
        for share, clock in zip(shares, ("09:30", "09:50"), strict=False)
    ]
    found = await Desk(*held).told(morning(BY_TEN, BY_TEN, BY_TEN + 10 * M))
    at_once = (shares[2] - shares[1]) * 100
    since_half_past = (shares[2] - shares[0]) * 100
    assert pace(found, 2) == pytest.approx(
        0.3 * math.log(34 / 24)
        + 0.2 * math.log(1 + 10 / at_once)
        + 0.2 * math.log(1 + 10 / since_half_past),
        rel=1e-5,
    )


async def test_an_archive_that_is_behind_tells_nothing_of_the_last_minutes() -> None:
    """The newest is of 09:39: more than ten minutes before 09:50."""
    behind = Desk(morning(1, 1, 1, clock="09:39"))
    values = (BY_TEN, BY_TEN, 2 * BY_TEN)
    found = await behind.told(morning(*values))
    assert pace(found, 2) == pytest.approx(0.7 * math.log(2))
    behind.archive.is_lost = True
    assert pace(await behind.told(morning(*values)), 2) == pace(found, 2)


async def test_both_venues_count_from_the_older_of_two_instants() -> None:
    """KRX of 09:50 and NXT of 09:45 are taken together as of 09:45."""
    krx = morning(0, 0, 15 * M, clock="09:50")
    nxt = frame({THREE: 4 * M}, venue=Venue.NXT, as_of=at("09:45"))
    found = await Desk(krx, nxt).told(morning(0, 0, BY_TEN, venue=Venue.ALL))
    recent = (SHIPPED.share_at(60) - SHIPPED.share_at(45)) * 100
    surge = math.log((24 - 15 - 4) / recent)
    assert pace(found, 2) == pytest.approx(0.2 * surge, rel=1e-5)


async def test_the_same_frame_is_answered_once() -> None:
    desk, running, days = Desk(), morning(BY_TEN), usual(1)
    first = await desk.days.of(running, days)
    read = sum(desk.archive.reads.values())
    assert await desk.days.of(running, days) is first
    assert sum(desk.archive.reads.values()) == read


async def test_another_past_is_another_answer() -> None:
    desk, running = Desk(), morning(BY_TEN)
    await desk.days.of(running, usual(1))
    found = await desk.days.of(running, past([[2 * DAY] * 60]))
    assert found is not None
    assert found.foretold is not None
    assert found.foretold.value[0] != pytest.approx(DAY)


async def test_the_echo_of_a_surge_is_expected_again() -> None:
    """Twice as much yesterday: .22 of it, bounded by e^.4, is still there today."""
    found = await Desk().days.of(morning(BY_TEN), past([[DAY] * 59 + [round(DAY * 2)]]))
    assert found is not None
    assert found.foretold is not None
    surge = -0.22 * 0.4
    left = 0.76 * DAY * math.exp(0.22 * 0.4 + 0.7 * surge)
    assert found.foretold.value[0] == pytest.approx(BY_TEN + left)


async def test_a_day_that_has_closed_is_no_running_day() -> None:
    assert await Desk().days.of(morning(BY_TEN, clock="15:30"), usual(1)) is None
    assert await Desk().days.of(morning(BY_TEN, clock="15:29"), usual(1)) is not None


async def test_call_auction_only_stocks_are_named() -> None:
    flags = (Flag.OVERHEATED, Flag.DELISTING | Flag.RISK, Flag.CAUTION)
    items: dict[Listing, int] = {
        listing(f"00000{place}", flags=flag): BY_TEN for place, flag in enumerate(flags)
    }
    found = await Desk().told(frame(items, as_of=at("10:00")))
    assert found.auction_only.tolist() == [True, True, False]
