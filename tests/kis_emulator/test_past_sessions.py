"""What befell listings before the day: as bars, quotes, masters and totals show it."""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.figures import COLUMNS
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.masters import LAYOUTS, master
from tests.kis_emulator.past_draw import NEW_LISTINGS
from tests.kis_emulator.past_events import Halt, Issue
from tests.kis_emulator.server import RunningEmulator, running_emulator
from tests.kis_emulator.test_masters import decode

FRIDAY = date(2026, 11, 20)
FIRST = "20251101"
Bar = dict[str, str]


@pytest.fixture(scope="module")
def eventful() -> SimulatedMarket:
    return SimulatedMarket(stocks=400, etf=80, etn=40, nxt=90, past_events=True)


@pytest.fixture
def emulator(eventful: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=eventful,
        clock=EmulatorClock(datetime(2026, 11, 20, 20, 30, tzinfo=KST)),
        rate_limit=500,
    ) as running:
        yield running


def code_of(market: SimulatedMarket, row: int) -> str:
    return market.listings()[row].code


def newcomers(market: SimulatedMarket) -> list[Listed]:
    young = [x for x in market.listings() if x.listed_on > date(2026, 1, 1)]
    return sorted(young, key=lambda item: item.listed_on, reverse=True)


def bars_between(
    asker: Asker, code: str, first: int, last: int, **changes: str
) -> list[Bar]:
    start, end = (f"{date.fromordinal(on):%Y%m%d}" for on in (first, last))
    found: list[Bar] = asker.bars(code, start, end, **changes).json["output2"]
    return found


def record_of(market: SimulatedMarket, code: str, day: date) -> dict[str, str]:
    """A listing's line in a morning's master; empty where it has none."""
    for name, board in (("kospi_code", "KOSPI"), ("kosdaq_code", "KOSDAQ")):
        for line in master(market, name, day).split(b"\n"):
            if line[:9].decode("cp949").rstrip() == code:
                return {"board": board, **decode(LAYOUTS[board], line)}
    return {}


def issue_of(market: SimulatedMarket, growth: float) -> Issue:
    return next(x for x in market.past.issues if x.growth == pytest.approx(growth))


def reduced(market: SimulatedMarket) -> tuple[Halt, Issue]:
    issue = next(x for x in market.past.issues if x.reduction)
    return next(x for x in market.past.halts if x.row == issue.row), issue


def test_the_calendar_reaches_back_far_enough() -> None:
    days = TradingDays().back(date(2025, 1, 1), FRIDAY, 400)
    assert len(days) >= 280
    assert (days[0], len(set(days))) == (FRIDAY, len(days))


def test_some_were_listed_lately(market: SimulatedMarket) -> None:
    days = market.days.back(date(2026, 1, 1), FRIDAY, 200)
    listed = [days.index(item.listed_on) for item in newcomers(market)]
    assert listed == sorted(NEW_LISTINGS)
    assert sum(3 <= back <= 30 for back in listed) >= 5


def test_a_new_listing_has_no_bar_before_its_first_day(
    asker: Asker, eventful: SimulatedMarket
) -> None:
    for back, item in zip(sorted(NEW_LISTINGS), newcomers(eventful), strict=True):
        bars = asker.bars(item.code, "20260101", "20261120").json["output2"]
        assert len(bars) == back + 1
        assert bars[-1]["stck_bsop_date"] == f"{item.listed_on:%Y%m%d}"
        assert int(bars[-1]["acml_vol"]) > 0
        assert bars[-1]["mod_yn"] == "N"


def test_nobody_knew_it_the_day_before(
    asker: Asker, emulator: RunningEmulator, eventful: SimulatedMarket
) -> None:
    item = newcomers(eventful)[0]
    before = eventful.days.previous(item.listed_on)
    assert eventful.final("J", before).quote(item.code) is None
    assert eventful.listing_on(item.code, before) is None
    assert record_of(eventful, item.code, before) == {}
    assert record_of(eventful, item.code, item.listed_on)["prdy_vol"] == "000000000000"
    emulator.clock.set(datetime.combine(before, datetime.min.time(), KST))
    assert asker.quotes(("J", item.code)).rows[0]["inter2_prpr"] == "0"
    assert asker.bars(item.code, "20260101", "20261120").json["output2"] == []


def test_a_rights_issue_marks_its_bar_and_grows_the_shares_weeks_later(
    asker: Asker, emulator: RunningEmulator, eventful: SimulatedMarket
) -> None:
    issue = issue_of(eventful, 1.2)
    code = code_of(eventful, issue.row)
    after, before = bars_between(asker, code, issue.ex_on - 5, issue.ex_on)[:2]
    # 20 new shares per 100 at 75 % of the price: (100 + 15) / 120 = 0.958
    assert (after["flng_cls_code"], after["prtt_rate"]) == ("01", "0.96")
    base = int(after["stck_clpr"]) - int(after["prdy_vrss"])
    assert base == pytest.approx(int(before["stck_clpr"]) * 0.958, rel=0.005)
    assert after["revl_issu_reas"] == ""
    shares = {
        on: listed_shares(asker, emulator, code, date.fromordinal(on))
        for on in (issue.ex_on, issue.listed_on)
    }
    assert shares[issue.listed_on] == pytest.approx(shares[issue.ex_on] * 1.2, abs=2)


def listed_shares(asker: Asker, emulator: RunningEmulator, code: str, day: date) -> int:
    """상장주수 as the bars' head gives it on a day."""
    emulator.clock.set(datetime(day.year, day.month, day.day, 16, tzinfo=KST))
    return int(asker.bars(code, FIRST, "20261120").json["output1"]["lstn_stcn"])


def test_a_free_share_each_halves_the_price_without_a_split(
    asker: Asker, eventful: SimulatedMarket
) -> None:
    issue = issue_of(eventful, 2.0)
    code = code_of(eventful, issue.row)
    after, before = bars_between(asker, code, issue.ex_on - 5, issue.ex_on)[:2]
    assert (after["flng_cls_code"], after["prtt_rate"]) == ("01", "0.50")
    assert int(after["stck_clpr"]) < 0.6 * int(before["stck_clpr"])
    record = record_of(eventful, code, date.fromordinal(issue.ex_on))
    assert (record["flng_cls_code"], record["fcam_mod_cls_code"]) == ("01", "00")


def test_a_halt_shows_days_without_trading_at_a_standing_price(
    asker: Asker, eventful: SimulatedMarket
) -> None:
    halt = next(x for x in eventful.past.halts if x.row != reduced(eventful)[0].row)
    code = code_of(eventful, halt.row)
    *halted, before = bars_between(asker, code, halt.before, halt.last)
    assert len(halted) >= 3
    for bar in halted:
        assert (bar["mod_yn"], bar["acml_vol"], bar["acml_tr_pbmn"]) == ("Y", "0", "0")
        assert (bar["stck_oprc"], bar["stck_hgpr"], bar["stck_lwpr"]) == ("0", "0", "0")
        assert (bar["stck_clpr"], bar["prdy_vrss"]) == (before["stck_clpr"], "0")
    resumed = bars_between(asker, code, halt.last + 1, halt.last + 7)[-1]
    assert (resumed["mod_yn"], resumed["flng_cls_code"]) == ("N", "00")
    assert int(resumed["acml_vol"]) > 0


def test_a_halted_day_is_in_its_mornings_master(eventful: SimulatedMarket) -> None:
    halt = eventful.past.halts[0]
    code = code_of(eventful, halt.row)
    days = (halt.before, halt.first, halt.last)
    told = [record_of(eventful, code, date.fromordinal(on)) for on in days]
    assert [record["trht_yn"] for record in told] == ["N", "Y", "Y"]
    assert record_of(eventful, code, FRIDAY)["trht_yn"] == "N"


def test_nxt_halts_with_krx(asker: Asker, eventful: SimulatedMarket) -> None:
    on_nxt = {row for row, item in enumerate(eventful.listings()) if item.on_nxt}
    halt = next(x for x in eventful.past.halts if x.row in on_nxt)
    bars = bars_between(
        asker,
        code_of(eventful, halt.row),
        halt.first,
        halt.last,
        FID_COND_MRKT_DIV_CODE="NX",
    )
    assert {(bar["acml_vol"], bar["mod_yn"]) for bar in bars} == {("0", "Y")}


def test_a_capital_reduction_ends_its_halt_with_a_new_base(
    asker: Asker, eventful: SimulatedMarket
) -> None:
    halt, issue = reduced(eventful)
    code = code_of(eventful, halt.row)
    resumed = bars_between(asker, code, issue.ex_on, issue.ex_on)[0]
    assert (resumed["prtt_rate"], resumed["revl_issu_reas"]) == ("10.00", "02")
    assert (resumed["flng_cls_code"], resumed["mod_yn"]) == ("00", "N")
    last, first = (
        eventful.final("J", date.fromordinal(on)).quote(code)
        for on in (halt.last, issue.ex_on)
    )
    assert last is not None
    assert first is not None
    assert first.listed_shares == pytest.approx(last.listed_shares / 10, abs=1)
    assert first.base == pytest.approx(last.price * 10, rel=0.01)


def test_some_of_the_halted_still_traded_some_weeks_ago(
    eventful: SimulatedMarket,
) -> None:
    rows = np.flatnonzero(eventful.past.halted_since)
    assert len(rows) == 2
    for row in rows:
        since = date.fromordinal(int(eventful.past.halted_since[row]))
        code, before = code_of(eventful, int(row)), eventful.days.previous(since)
        volumes = [eventful.final("J", day).volume[row] for day in (before, since)]
        assert volumes[0] > 0 == volumes[1]
        told = [eventful.listing_on(code, day) for day in (before, since)]
        assert [item.halted for item in told if item] == [False, True]


def test_every_bar_changes_against_its_base_price(
    asker: Asker, eventful: SimulatedMarket
) -> None:
    rows = {issue.row for issue in eventful.past.issues}
    rows |= {halt.row for halt in eventful.past.halts}
    for row in sorted(rows)[:6]:
        code = code_of(eventful, row)
        for bar in asker.bars(code, "20260701", "20261120").json["output2"]:
            day = date.fromisoformat(bar["stck_bsop_date"])
            quote = eventful.final("J", day).quote(code)
            assert quote is not None
            assert int(bar["stck_clpr"]) - int(bar["prdy_vrss"]) == quote.base
            marked = bar["prtt_rate"] != "0.00"
            assert marked == (quote.base != quote.previous_close)


def test_two_came_from_the_other_market(eventful: SimulatedMarket) -> None:
    assert len(eventful.past.moves) == 2
    for row, move in eventful.past.moves.items():
        code, day = code_of(eventful, row), date.fromordinal(move.on)
        before = eventful.days.previous(day)
        told = [record_of(eventful, code, on) for on in (before, day)]
        assert [record["board"] for record in told] == ["KOSDAQ", "KOSPI"]
        assert told[0]["bstp_larg_div_code"].startswith("1")
        assert eventful.members("KOSDAQ", before)[row]
        assert eventful.members("KOSPI", day)[row]
        assert not eventful.members("KOSPI", before)[row]


def test_three_are_gone_from_a_day_on(
    asker: Asker, emulator: RunningEmulator, eventful: SimulatedMarket
) -> None:
    assert len(eventful.past.winding_up) == 3
    for row in eventful.past.winding_up:
        code = code_of(eventful, row)
        gone = date.fromordinal(int(eventful.past.delisted_on[row]))
        last = eventful.days.previous(gone)
        emulator.clock.set(datetime(last.year, last.month, last.day, 16, tzinfo=KST))
        assert int(asker.quotes(("J", code)).rows[0]["acml_vol"]) > 0
        assert len(asker.bars(code, FIRST, "20261120").json["output2"]) == 100
        record = record_of(eventful, code, last)
        assert (record["sltr_yn"], record["mang_issu_yn"]) == ("Y", "Y")
        emulator.clock.set(datetime(gone.year, gone.month, gone.day, 16, tzinfo=KST))
        assert asker.quotes(("J", code)).rows[0]["inter2_prpr"] == "0"
        assert asker.bars(code, FIRST, "20261120").json["output2"] == []
        assert record_of(eventful, code, gone) == {}
        assert code not in {item.code for item in eventful.listings_on(FRIDAY)}


def test_the_days_own_figures_do_not_know_of_the_past(
    market: SimulatedMarket, eventful: SimulatedMarket
) -> None:
    at = datetime(2026, 11, 20, 13, 0, tzinfo=KST)
    stayed = eventful.past.is_listed(FRIDAY)
    assert (~stayed).sum() == 3
    plain, other = market.snapshot("J", at), eventful.snapshot("J", at)
    for name in COLUMNS:
        assert np.array_equal(
            getattr(plain, name)[stayed], getattr(other, name)[stayed]
        )
    assert not other.listed_shares[~stayed].any()
    assert not other.trading_value[~stayed].any()


def test_masters_tell_yesterdays_capitalisation(market: SimulatedMarket) -> None:
    item = market.listings()[0]
    quote = market.final("J", FRIDAY).quote(item.code)
    assert quote is not None
    record = record_of(market, item.code, FRIDAY)
    cap = quote.previous_close * quote.listed_shares // 100_000_000
    assert int(record["prdy_avls_scal"]) == cap
    assert int(record["lstn_stcn"]) == quote.listed_shares // 1_000
    assert record["stck_lstn_date"] == f"{item.listed_on:%Y%m%d}"
    young = newcomers(market)[0]
    told = record_of(market, young.code, FRIDAY)["stck_lstn_date"]
    assert told == f"{young.listed_on:%Y%m%d}"


def test_a_split_does_not_swell_yesterdays_capitalisation(
    market: SimulatedMarket,
) -> None:
    final = market.final("J", FRIDAY)
    row = int(np.flatnonzero(final.base < 0.7 * final.previous_close)[0])
    before = market.final("J", date(2026, 11, 19)).quote(final.codes[row])
    assert before is not None
    cap = before.price * before.listed_shares / 100_000_000
    told = record_of(market, final.codes[row], FRIDAY)
    assert int(told["prdy_avls_scal"]) == pytest.approx(cap, rel=0.01)
    assert told["fcam_mod_cls_code"] == "01"


@pytest.mark.parametrize("venue", ["J", "NX"])
def test_packed_sessions_are_the_sessions_themselves(
    market: SimulatedMarket, venue: str
) -> None:
    days = market.days.back(date(2026, 1, 1), FRIDAY, 130)
    code = market.snapshot("NX", datetime(2026, 11, 20, 13, tzinfo=KST)).codes[0]
    quotes = market.finals(venue, code, days)
    assert quotes == [market.final(venue, day).quote(code) for day in days]
    fresh = SimulatedMarket(stocks=400, etf=80, etn=40, nxt=90)
    assert fresh.final(venue, days[-1]).quote(code) == quotes[-1]


def test_nxt_has_no_session_before_it_opened(market: SimulatedMarket) -> None:
    code = market.snapshot("NX", datetime(2026, 11, 20, 13, tzinfo=KST)).codes[0]
    days = [date(2025, 3, 4), date(2025, 2, 28)]
    assert [quote.session for quote in market.finals("NX", code, days)] == days[:1]
