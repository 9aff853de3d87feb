"""The timetable by hand-written instants, and its laws by hypothesis."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidRequestError
from domain.listing import Venue
from domain.session import (
    EXAM_DAY_HOURS,
    FIRST_SESSION_HOURS,
    KST,
    USUAL_HOURS,
    Phase,
    SessionHours,
    TradingSession,
    closes_at,
    elapsed_fraction,
    final_at,
    in_seoul,
    opens_at,
    phase_at,
    trades_on,
)

USUAL = TradingSession(date(2026, 8, 20))
EXAM = TradingSession(date(2025, 11, 13), EXAM_DAY_HOURS)
FIRST = TradingSession(date(2026, 1, 2), FIRST_SESSION_HOURS)
BEFORE_NXT = TradingSession(date(2025, 2, 28))


def at(session: TradingSession, clock: str) -> datetime:
    return datetime.combine(session.day, time.fromisoformat(clock), KST)


def phases(session: TradingSession, venue: Venue, clocks: str) -> list[str]:
    return [
        phase_at(at(session, clock), venue, session).value for clock in clocks.split()
    ]


def test_phases_are_spelled_as_the_answers_say_them() -> None:
    assert [phase.value for phase in Phase] == [
        "pre_open",
        "opening_auction",
        "regular",
        "closing_auction",
        "regular_close",
        "after_hours",
        "final",
        "holiday",
    ]


KRX_DAY = [
    ("00:00", "pre_open"),
    ("08:29:59", "pre_open"),
    ("08:30", "opening_auction"),
    ("08:59:59", "opening_auction"),
    ("09:00", "regular"),
    ("15:19:59", "regular"),
    ("15:20", "closing_auction"),
    ("15:30", "regular_close"),
    ("15:40", "after_hours"),
    ("18:09:59", "after_hours"),
    ("18:10", "final"),
    ("23:59:59", "final"),
]


@pytest.mark.parametrize(("clock", "phase"), KRX_DAY)
def test_a_usual_day_at_krx(clock: str, phase: str) -> None:
    assert phases(USUAL, Venue.KRX, clock) == [phase]


NXT_DAY = [
    ("07:59:59", "pre_open"),
    ("08:00", "regular"),
    ("08:55", "regular"),
    ("09:00", "regular"),
    ("15:20", "closing_auction"),
    ("15:30", "after_hours"),
    ("20:09:59", "after_hours"),
    ("20:10", "final"),
]


@pytest.mark.parametrize(("clock", "phase"), NXT_DAY)
def test_a_usual_day_at_nextrade(clock: str, phase: str) -> None:
    assert phases(USUAL, Venue.NXT, clock) == [phase]


BOTH_DAY = [
    ("07:59:59", "pre_open"),
    ("08:00", "regular"),
    ("15:20", "closing_auction"),
    ("15:30", "after_hours"),
    ("18:10", "after_hours"),
    ("20:09:59", "after_hours"),
    ("20:10", "final"),
]


@pytest.mark.parametrize(("clock", "phase"), BOTH_DAY)
def test_both_venues_are_in_the_later_phase_but_final_together(
    clock: str, phase: str
) -> None:
    assert phases(USUAL, Venue.ALL, clock) == [phase]


def test_the_exam_moves_the_day_an_hour_but_not_the_evening() -> None:
    clocks = "09:29 09:30 10:00 16:19 16:20 16:30 16:40 18:09 18:10"

    assert phases(EXAM, Venue.KRX, clocks) == [
        "pre_open",
        "opening_auction",
        "regular",
        "regular",
        "closing_auction",
        "regular_close",
        "after_hours",
        "after_hours",
        "final",
    ]


def test_nextrade_has_no_pre_market_on_a_late_day() -> None:
    assert phases(EXAM, Venue.NXT, "08:00 09:59 10:00 16:20 16:30 20:10") == [
        "pre_open",
        "pre_open",
        "regular",
        "closing_auction",
        "after_hours",
        "final",
    ]
    assert opens_at(FIRST, Venue.NXT) == at(FIRST, "10:00")


def test_the_first_session_of_a_year_opens_late_and_closes_as_usual() -> None:
    assert opens_at(FIRST, Venue.KRX) == at(FIRST, "10:00")
    assert closes_at(FIRST, Venue.KRX) == at(FIRST, "15:30")
    assert phases(FIRST, Venue.KRX, "09:29 09:30 15:20") == [
        "pre_open",
        "opening_auction",
        "closing_auction",
    ]


def test_the_session_opens_with_krx_where_both_venues_are_asked_for() -> None:
    assert opens_at(USUAL, Venue.ALL) == at(USUAL, "09:00")
    assert opens_at(USUAL, Venue.KRX) == at(USUAL, "09:00")
    assert opens_at(USUAL, Venue.NXT) == at(USUAL, "08:00")


@pytest.mark.parametrize("venue", Venue)
def test_the_regular_session_closes_at_one_time_everywhere(venue: Venue) -> None:
    assert closes_at(USUAL, venue) == at(USUAL, "15:30")
    assert closes_at(EXAM, venue) == at(EXAM, "16:30")


def test_figures_are_final_ten_minutes_after_the_last_trade() -> None:
    assert final_at(USUAL, Venue.KRX) == at(USUAL, "18:10")
    assert final_at(USUAL, Venue.NXT) == at(USUAL, "20:10")
    assert final_at(USUAL, Venue.ALL) == at(USUAL, "20:10")
    assert final_at(EXAM, Venue.ALL) == at(EXAM, "20:10")


def test_before_nextrade_both_venues_are_krx_alone() -> None:
    assert final_at(BEFORE_NXT, Venue.ALL) == at(BEFORE_NXT, "18:10")
    assert phases(BEFORE_NXT, Venue.ALL, "08:10 18:10") == ["pre_open", "final"]


def test_nextrade_has_no_phases_before_it_existed() -> None:
    assert not trades_on(BEFORE_NXT, Venue.NXT)
    assert trades_on(TradingSession(date(2025, 3, 4)), Venue.NXT)
    assert phases(BEFORE_NXT, Venue.NXT, "10:00") == ["holiday"]


def test_hours_of_a_venue_that_did_not_exist_are_refused_in_korean() -> None:
    with pytest.raises(InvalidRequestError, match="2025-03-04 이후") as refused:
        opens_at(BEFORE_NXT, Venue.NXT)

    assert refused.value.parameter == "venue"


def test_krx_trades_until_eight_since_september_2026() -> None:
    last, first = (TradingSession(date(2026, 9, day)) for day in (11, 14))

    assert final_at(last, Venue.KRX) == at(last, "18:10")
    assert final_at(first, Venue.KRX) == at(first, "20:10")
    assert phases(first, Venue.KRX, "15:30 15:40 18:10 20:09 20:10") == [
        "regular_close",
        "after_hours",
        "after_hours",
        "after_hours",
        "final",
    ]


def test_nextrades_first_day_began_at_ten() -> None:
    first, second = (TradingSession(date(2025, 3, day)) for day in (4, 5))

    assert opens_at(first, Venue.NXT) == at(first, "10:00")
    assert opens_at(second, Venue.NXT) == at(second, "08:00")
    assert opens_at(first, Venue.ALL) == at(first, "09:00")


def test_the_close_was_at_three_until_august_2016() -> None:
    last = TradingSession(date(2016, 7, 29))

    assert closes_at(last, Venue.KRX) == at(last, "15:00")
    assert phases(last, Venue.KRX, "08:00 14:50 15:10") == [
        "opening_auction",
        "closing_auction",
        "after_hours",
    ]


def test_the_opening_auction_began_at_eight_until_april_2019() -> None:
    assert phases(TradingSession(date(2019, 4, 26)), Venue.KRX, "08:00") == [
        "opening_auction"
    ]
    assert phases(TradingSession(date(2019, 4, 29)), Venue.KRX, "08:00") == ["pre_open"]


def test_a_day_without_a_session_is_a_holiday() -> None:
    assert phase_at(at(USUAL, "10:00"), Venue.ALL, None) is Phase.HOLIDAY


def test_other_days_are_before_or_after_the_session() -> None:
    day = timedelta(days=1)

    assert phase_at(at(USUAL, "10:00") - day, Venue.ALL, USUAL) is Phase.PRE_OPEN
    assert phase_at(at(USUAL, "00:30") + day, Venue.ALL, USUAL) is Phase.FINAL


def test_the_instant_may_be_in_any_zone() -> None:
    assert phase_at(datetime(2026, 8, 20, 0, 0, tzinfo=UTC), Venue.KRX, USUAL) is (
        Phase.REGULAR
    )


# 09:00 to 15:30 are 390 minutes: 12:15 is the 195th.
@pytest.mark.parametrize(
    ("clock", "share"),
    [("08:00", 0.0), ("09:00", 0.0), ("12:15", 0.5), ("15:30", 1.0), ("19:00", 1.0)],
)
def test_the_share_of_the_session_run_so_far(clock: str, share: float) -> None:
    assert elapsed_fraction(at(USUAL, clock), USUAL, Venue.ALL) == share


def test_a_late_day_runs_its_own_hours() -> None:
    # 10:00 to 15:30 are 330 minutes: 12:45 is the 165th.
    assert elapsed_fraction(at(FIRST, "12:45"), FIRST, Venue.KRX) == 0.5
    assert elapsed_fraction(at(EXAM, "13:15"), EXAM, Venue.KRX) == 0.5


def test_a_session_is_never_early() -> None:
    with pytest.raises(ValueError, match="never early"):
        SessionHours(opens_late=timedelta(minutes=-1))


def test_an_instant_without_a_zone_is_seouls() -> None:
    noon = datetime(2026, 8, 20, 12, tzinfo=KST)

    assert in_seoul(datetime(2026, 8, 20, 12)) == noon  # noqa: DTZ001 - the case
    assert in_seoul(datetime(2026, 8, 20, 3, tzinfo=UTC)) == noon
    assert in_seoul(datetime(2026, 8, 20, 3, tzinfo=UTC)).tzinfo is KST


sessions = st.builds(
    TradingSession,
    st.dates(min_value=date(2005, 1, 27), max_value=date(2030, 12, 31)),
    st.sampled_from([USUAL_HOURS, FIRST_SESSION_HOURS, EXAM_DAY_HOURS]),
)
seconds = st.integers(min_value=0, max_value=24 * 3600 - 1)
venues = st.sampled_from(Venue)
ORDER = list(Phase)


def after_midnight(session: TradingSession, second: int) -> datetime:
    return at(session, "00:00") + timedelta(seconds=second)


@given(sessions, venues, seconds, seconds)
def test_phases_never_go_back(
    session: TradingSession, venue: Venue, one: int, other: int
) -> None:
    early, late = sorted((one, other))
    before = phase_at(after_midnight(session, early), venue, session)
    after = phase_at(after_midnight(session, late), venue, session)

    assert ORDER.index(before) <= ORDER.index(after)


@given(sessions, seconds)
def test_both_venues_are_final_exactly_when_each_is(
    session: TradingSession, second: int
) -> None:
    now = after_midnight(session, second)
    each = {phase_at(now, venue, session) for venue in (Venue.KRX, Venue.NXT)}

    both_final = each - {Phase.HOLIDAY} == {Phase.FINAL}

    assert (phase_at(now, Venue.ALL, session) is Phase.FINAL) == both_final


@given(sessions, st.sampled_from([Venue.ALL, Venue.KRX]), seconds)
def test_final_begins_when_the_hours_say(
    session: TradingSession, venue: Venue, second: int
) -> None:
    now = after_midnight(session, second)

    assert (phase_at(now, venue, session) is Phase.FINAL) == (
        now >= final_at(session, venue)
    )
    assert (
        opens_at(session, venue) < closes_at(session, venue) < final_at(session, venue)
    )
