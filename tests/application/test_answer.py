"""What every answer says of itself."""

from dataclasses import replace

from application.answer import as_of, frame_notes, full_coverage, null_notes
from application.current_market import Sighting
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Kind, Market, Venue
from domain.provenance import Basis, Source
from domain.screening import Universe
from domain.session import Phase
from tests.builders import BEFORE, SESSION, at, frame, listing, totals
from tests.fakes import FakeCalendar, FakeClock

KRX = Universe(venue=Venue.KRX)

GAPPED = frame(
    {
        listing("000020"): 300,
        listing("000040"): None,
        listing("086520", market=Market.KOSDAQ): 100,
        listing("086530", market=Market.KOSDAQ): None,
        listing("069500", kind=Kind.ETF): None,
    },
    official=totals(400, 400),
)


def notes(seen: MarketFrame, universe: Universe = KRX) -> list[str]:
    return frame_notes(seen, universe, full_coverage(seen, universe))


def test_coverage_names_what_is_missing_of_the_universe() -> None:
    coverage = full_coverage(GAPPED, KRX)

    assert coverage.basis is Basis.FULL_MARKET
    assert (coverage.listed, coverage.quoted) == (4, 2)
    assert coverage.missing == ("000040", "086530")
    assert coverage.trading_value_share == 0.5

    kospi = full_coverage(GAPPED, Universe(venue=Venue.KRX, market=Market.KOSPI))
    assert (kospi.listed, kospi.quoted, kospi.missing) == (2, 1, ("000040",))
    assert kospi.trading_value_share == 0.75


def test_a_whole_frame_needs_no_note() -> None:
    assert notes(frame({"005930": 1}, official=totals(1, 1)), Universe()) == []


def test_gaps_kept_and_doubtful_quotes_are_noted() -> None:
    marked = {"000020", "086520", "069500"}
    seen = frame(
        dict.fromkeys(GAPPED.listings, 1) | {listing("086530"): None},
        carried=frozenset(marked),
        suspect=frozenset({"000020"}),
        official=totals(1, 1),
    )

    gap, kept, doubtful = notes(seen, Universe())

    assert gap.startswith("시세를 받지 못한 1종목")
    assert kept.startswith("2종목은")
    assert doubtful.startswith("1종목은 거래대금÷거래량이")
    assert doubtful.endswith("000020")


def test_missing_official_totals_are_explained() -> None:
    alone, krx = null_notes(KRX, totals(1))
    (nxt,) = null_notes(Universe(venue=Venue.NXT), totals(1))

    assert "nxt_share" in alone
    assert "받지 못했거나" in krx
    assert "공식 합계" in nxt
    assert "krx_trading_value" in nxt


def test_funds_alone_have_no_share_of_the_official_totals() -> None:
    seen = frame({listing("069500", kind=Kind.ETF): 1}, official=totals(1, 1))

    (said,) = notes(seen, Universe(kinds=frozenset({Kind.ETF})))

    assert "trading_value_share" in said


def test_a_master_of_the_day_before_is_said() -> None:
    seen = frame({"005930": 1}, official=totals(1, 1))
    old = replace(seen, listings=replace(seen.listings, dated=BEFORE))

    (said,) = notes(old, Universe())

    assert str(BEFORE) in said


def test_provenance_is_of_the_frame_and_the_reason_comes_first() -> None:
    seen = frame({"005930": 1}, is_final=True)
    timeliness = Timeliness(clock=FakeClock(at("10:31:30")), calendar=FakeCalendar())

    said = as_of(
        Sighting(frame=seen, stale=True, reason="이유."),
        full_coverage(seen, KRX),
        source=Source(name="recording:x", simulated=True),
        timeliness=timeliness,
        notes=("다음.",),
    )

    assert (said.as_of_from, said.as_of) == (at("10:29:52"), at("10:30"))
    assert said.session == SESSION
    assert said.phase is Phase.REGULAR
    assert (said.is_final, said.stale, said.age_seconds) == (True, True, 90.0)
    assert said.notes == ("이유.", "다음.")
    assert said.source == Source(name="recording:x", simulated=True)
    assert said.venue is Venue.KRX
