import itertools
from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from tests.kis_emulator.clock import KST
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.ticks import limits, on_tick

FRIDAY = date(2026, 11, 20)
THURSDAY = date(2026, 11, 19)


def at(clock: str, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=KST)


INSTANTS = [
    "09:00",
    "09:00:01",
    "10:30",
    "15:19:59",
    "15:25",
    "15:30",
    "17:00",
    "23:00",
]


def test_the_default_day_is_a_plain_friday_session() -> None:
    assert FRIDAY.weekday() == 4
    assert TradingDays().is_session(FRIDAY)


def test_a_whole_market_has_the_numbers_it_was_asked_for(
    whole_market: SimulatedMarket,
) -> None:
    scope = [item for item in whole_market.listings() if item.market != "KONEX"]
    kinds = [item.kind for item in scope]
    assert [kinds.count(kind) for kind in ("STOCK", "ETF", "ETN")] == [2750, 900, 350]
    assert len(whole_market.snapshot("NX", at("10:30")).codes) == 640
    codes = [item.code for item in whole_market.listings()]
    assert len(set(codes)) == len(codes)


def test_nobody_could_take_it_for_the_real_market(
    whole_market: SimulatedMarket,
) -> None:
    names = [item.name for item in whole_market.listings()]
    assert all(name.startswith(("가상", "모의")) for name in names)
    assert len(set(names)) == len(names)
    assert "005930" not in whole_market.listing_of


@pytest.mark.parametrize("venue", ["J", "NX"])
@pytest.mark.parametrize("clock", INSTANTS)
def test_value_over_volume_lies_within_low_and_high(
    whole_market: SimulatedMarket, venue: str, clock: str
) -> None:
    shown = whole_market.snapshot(venue, at(clock))
    traded = shown.volume > 0
    assert np.all(shown.low * shown.volume <= shown.trading_value)
    assert np.all(shown.trading_value <= shown.high * shown.volume)
    for price in (shown.price, shown.open):
        assert np.all((shown.low <= price) & (price <= shown.high) | ~traded)
    assert np.all((shown.lower <= shown.low) & (shown.high <= shown.upper) | ~traded)
    assert np.all((shown.price == shown.base) & (shown.open == 0) | traded)


@pytest.mark.parametrize("venue", ["J", "NX"])
def test_cumulative_figures_never_fall(market: SimulatedMarket, venue: str) -> None:
    instants = [at("09:00") + timedelta(minutes=7 * step) for step in range(100)]
    shown = [market.snapshot(venue, instant) for instant in instants]
    volumes = np.array([figures.volume for figures in shown])
    values = np.array([figures.trading_value for figures in shown])
    highs = np.array([figures.high for figures in shown])
    assert np.all(np.diff(volumes, axis=0) >= 0)
    assert np.all(np.diff(values, axis=0) >= 0)
    assert np.all(np.diff(highs, axis=0) >= 0)


def test_a_day_opens_and_closes_with_auctions(market: SimulatedMarket) -> None:
    def total(clock: str) -> int:
        return int(market.snapshot("J", at(clock)).trading_value.sum())

    assert total("08:59:59") == 0 < total("09:00")
    assert total("15:20") == total("15:29:59") < total("15:30")
    assert total("15:30") < total("16:00") < total("18:00") == total("23:59")
    first_hour = total("10:00") - total("09:00:01")
    assert first_hour > 1.3 * (total("13:00") - total("12:00"))


def test_nxt_trades_before_and_after_krx(market: SimulatedMarket) -> None:
    def total(clock: str) -> int:
        return int(market.snapshot("NX", at(clock)).trading_value.sum())

    assert total("07:59:59") == 0 < total("08:10")
    assert total("08:50") == total("08:59:59") < total("09:30")
    assert total("15:20") == total("15:30") < total("18:00") < total("20:00")


def test_yesterday_stands_until_the_reset_then_zeros_at_the_base_price(
    market: SimulatedMarket,
) -> None:
    early, final = market.snapshot("J", at("08:39:59")), market.final("J", THURSDAY)
    assert np.array_equal(early.trading_value, final.trading_value)
    assert date.fromordinal(int(early.session[0])) == THURSDAY
    reset = market.snapshot("J", at("08:40"))
    assert not reset.volume.any()
    assert not reset.high.any()
    assert np.array_equal(reset.price, reset.base)
    assert date.fromordinal(int(reset.session[0])) == FRIDAY


def test_one_market_may_reset_late() -> None:
    late = SimulatedMarket(
        stocks=100, etf=5, etn=5, nxt=20, late_reset={"KOSDAQ": time(9, 3)}
    )
    kosdaq, kospi = late.members("KOSDAQ"), late.members("KOSPI")
    shown = late.snapshot("J", at("09:02:59"))
    final = late.final("J", THURSDAY)
    assert np.array_equal(shown.trading_value[kosdaq], final.trading_value[kosdaq])
    assert set(shown.session[kosdaq]) == {THURSDAY.toordinal()}
    assert set(shown.session[kospi]) == {FRIDAY.toordinal()}
    assert set(late.snapshot("J", at("09:03")).session) == {FRIDAY.toordinal()}


def test_a_weekend_and_an_unlisted_holiday_show_the_last_session() -> None:
    monday = date(2026, 11, 23)
    days = TradingDays(unlisted_holidays=[monday])
    market = SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10, days=days)
    final = market.final("J", FRIDAY)
    for day in (date(2026, 11, 21), monday):
        shown = market.snapshot("J", at("11:00", day))
        assert np.array_equal(shown.trading_value, final.trading_value)
    assert days.is_announced(monday)


def test_each_close_is_the_next_sessions_previous_close(
    market: SimulatedMarket,
) -> None:
    days = market.days.back(date(2026, 1, 1), FRIDAY, 60)
    for later, earlier in itertools.pairwise(days):
        previous = market.final("J", later).previous_close
        assert np.array_equal(previous, market.final("J", earlier).price), later


def test_figures_do_not_depend_on_what_was_asked_before() -> None:
    def fresh() -> SimulatedMarket:
        return SimulatedMarket(stocks=60, etf=5, etn=5, nxt=10)

    busy, idle = fresh(), fresh()
    for hour in range(9, 16):
        busy.snapshot("J", at(f"{hour:02d}:00", THURSDAY))
    one, other = busy.snapshot("J", at("10:30")), idle.snapshot("J", at("10:30"))
    assert np.array_equal(one.trading_value, other.trading_value)


def test_values_are_heavy_tailed_over_many_decades(
    whole_market: SimulatedMarket,
) -> None:
    values = whole_market.final("J", FRIDAY).trading_value
    traded = np.sort(values[values > 0])
    assert np.log10(traded[-1] / traded[0]) > 5
    assert traded[-100:].sum() > 0.4 * traded.sum()


def test_rare_things_are_there(whole_market: SimulatedMarket) -> None:
    listings, final = whole_market.listings(), whole_market.final("J", FRIDAY)
    assert (final.base != final.previous_close).sum() > 3
    assert (final.price == final.upper).any()
    assert (final.price == final.lower).any()
    assert {item.alarm for item in listings} == {"00", "01", "02", "03"}
    assert {item.overheated for item in listings} >= {"0", "1", "2"}
    assert {item.preferred for item in listings} == {"0", "1", "2"}
    for flag in ("halted", "delisting", "administrative", "unfaithful", "spac"):
        assert any(getattr(item, flag) for item in listings), flag
    assert {item.market for item in listings if item.attention} == {"KOSDAQ"}
    assert {"BC", "SW", "EW", "RT", "FS"} <= {item.group for item in listings}
    assert any(not item.code.isdecimal() for item in listings if item.kind == "STOCK")


def test_halted_stocks_show_zeros_at_the_base_price(
    whole_market: SimulatedMarket,
) -> None:
    shown = whole_market.snapshot("J", at("14:00"))
    code = next(item.code for item in whole_market.listings() if item.halted)
    quote = shown.quote(code)
    assert quote is not None
    assert (quote.open, quote.high, quote.low, quote.volume) == (0, 0, 0, 0)
    assert quote.price == quote.base


def test_some_stocks_tie_exactly(whole_market: SimulatedMarket) -> None:
    shown = whole_market.snapshot("J", at("10:30"))
    stocks = whole_market.members("KOSPI") | whole_market.members("KOSDAQ")
    heavy = np.sort(shown.trading_value[stocks])[-200:]
    assert (np.diff(heavy) == 0).sum() >= 2


def test_a_split_keeps_the_value_of_the_company(whole_market: SimulatedMarket) -> None:
    final = whole_market.final("J", FRIDAY)
    before = whole_market.final("J", THURSDAY)
    split = np.flatnonzero(final.base < 0.7 * final.previous_close)
    assert len(split) > 0
    grown = final.listed_shares[split] / before.listed_shares[split]
    shrunk = final.base[split] / final.previous_close[split]
    assert np.allclose(grown * shrunk, 1, atol=0.01)


def test_a_shifted_day_opens_an_hour_later() -> None:
    market = SimulatedMarket(
        stocks=60, etf=2, etn=2, nxt=10, shifts={THURSDAY: timedelta(hours=1)}
    )
    assert not market.snapshot("J", at("09:59:59", THURSDAY)).volume.any()
    assert market.snapshot("J", at("10:00", THURSDAY)).volume.any()
    assert market.snapshot("NX", at("09:59:59", THURSDAY)).volume.any()


def test_limits_are_those_of_recorded_quotes() -> None:
    # 78,200 -> 101,600 / 54,800 and 193,000 -> 250,500 / 135,100, as recorded
    upper, lower = limits(np.array([78_200, 193_000]))
    assert upper.tolist() == [101_600, 250_500]
    assert lower.tolist() == [54_800, 135_100]


def test_prices_stand_on_ticks(market: SimulatedMarket) -> None:
    shown = market.snapshot("J", at("13:13"))
    fund = np.array([item.is_fund for item in market.listings()])
    assert np.array_equal(on_tick(shown.price, fund), shown.price)


def test_a_whole_snapshot_is_kept_for_its_second(
    whole_market: SimulatedMarket,
) -> None:
    same = whole_market.snapshot("J", at("11:00:10") + timedelta(milliseconds=400))
    assert same is whole_market.snapshot("J", at("11:00:10"))
