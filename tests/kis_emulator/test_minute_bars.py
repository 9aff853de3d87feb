from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from tests.kis_emulator.asking import Asker, Heard
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.dated_minutes import DATED_MINUTES
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.minute_bars import minute_bars
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.server import RunningEmulator, running_emulator

FRIDAY, WEDNESDAY = date(2026, 11, 20), date(2026, 11, 18)


def at(clock: str, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=KST)


def dated(asker: Asker, code: str, hour: str, day: str, **changes: str) -> Heard:
    params = {
        "FID_COND_MRKT_DIV_CODE": "J",
        "FID_INPUT_ISCD": code,
        "FID_INPUT_HOUR_1": hour,
        "FID_INPUT_DATE_1": day,
        "FID_PW_DATA_INCU_YN": "N",
        "FID_FAKE_TICK_INCU_YN": "",
    }
    return asker.get(DATED_MINUTES, **(params | changes))


def keys(body: Any) -> tuple[set[str], set[str]]:
    return set(body["output1"]), set(body["output2"][0])


@pytest.fixture
def code(market: SimulatedMarket) -> str:
    """The heaviest that both venues trade: something happens every minute."""
    figures = market.final("NX", FRIDAY)
    return figures.codes[int(np.argmax(figures.trading_value))]


@pytest.fixture
def quiet(market: SimulatedMarket) -> str:
    """Trades on a few minutes of the day only."""
    figures = market.final("J", FRIDAY)
    return figures.codes[int(np.argmin(np.abs(figures.volume - 60)))]


@pytest.mark.parametrize("division", ["J", "NX", "UN"])
@pytest.mark.parametrize("day", [FRIDAY, WEDNESDAY])
@pytest.mark.parametrize(
    "clock", ["08:20", "09:00", "10:17", "15:14", "15:30", "17:05"]
)
def test_a_bars_value_is_the_quotes_at_its_last_second(
    market: SimulatedMarket, code: str, division: str, day: date, clock: str
) -> None:
    bars = minute_bars(market, division, code, day)
    quote = quote_of(market, division, code, at(f"{clock}:59", day))
    assert quote is not None
    minute = int(clock[:2]) * 60 + int(clock[3:])
    so_far = bars.minute <= minute
    reached = int(bars.trading_value[so_far][-1]) if so_far.any() else 0
    expected = quote.trading_value if quote.session == day else 0
    assert reached == expected
    assert int(bars.volume[so_far].sum()) == (quote.volume if expected else 0)


def test_a_bars_prices_are_the_quotes(market: SimulatedMarket, code: str) -> None:
    bars = minute_bars(market, "J", code, FRIDAY)
    row = int(np.searchsorted(bars.minute, 11 * 60))
    before, after = (
        market.snapshot("J", at(clock)).quote(code)
        for clock in ("10:59:59", "11:00:59")
    )
    assert before is not None
    assert after is not None
    assert bars.close[row] == after.price
    assert bars.volume[row] == after.volume - before.volume
    assert (
        bars.low[row] * bars.volume[row] <= after.trading_value - before.trading_value
    )


def test_the_day_adds_up(market: SimulatedMarket) -> None:
    final = market.final("J", WEDNESDAY)
    for code in final.codes[:60]:
        quote, bars = final.quote(code), minute_bars(market, "J", code, WEDNESDAY)
        assert quote is not None
        assert int(bars.volume.sum()) == quote.volume
        assert bars.high.max(initial=0) == quote.high
        assert not len(bars) or (
            int(bars.trading_value[-1]),
            int(bars.open[0]),
            int(bars.low.min()),
            int(bars.close[-1]),
        ) == (quote.trading_value, quote.open, quote.low, quote.price)


def test_both_venues_add(market: SimulatedMarket, code: str) -> None:
    krx, nxt, both = (
        minute_bars(market, division, code, WEDNESDAY) for division in ("J", "NX", "UN")
    )
    assert both.trading_value[-1] == krx.trading_value[-1] + nxt.trading_value[-1]
    assert both.volume.sum() == krx.volume.sum() + nxt.volume.sum()
    assert np.all((both.low <= both.close) & (both.close <= both.high))
    assert np.all((both.low <= both.open) & (both.open <= both.high))
    assert both.minute[0] == 8 * 60


def test_a_delayed_session_moves_its_bars_along(code: str) -> None:
    hour = timedelta(hours=1)
    late = SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10, shifts={FRIDAY: hour})
    plain = SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10)
    listed = plain.final("NX", FRIDAY).codes[0]
    one, other = (minute_bars(market, "J", listed, FRIDAY) for market in (late, plain))
    assert np.array_equal(one.minute, other.minute + 60)
    assert np.array_equal(one.trading_value, other.trading_value)


def test_a_page_is_120_bars_newest_first(asker: Asker, code: str) -> None:
    rows = dated(asker, code, "133030", "20261118").json["output2"]
    hours = [row["stck_cntg_hour"] for row in rows]
    assert (len(rows), hours[0], hours[-1]) == (120, "133000", "113100")
    assert {row["stck_bsop_date"] for row in rows} == {"20261118"}


def test_four_pages_read_a_regular_session(
    asker: Asker, market: SimulatedMarket, code: str
) -> None:
    pages = [
        dated(asker, code, hour, "20261118").json["output2"]
        for hour in ("153000", "132100", "112100", "092100")
    ]
    read = {
        row["stck_cntg_hour"]: int(row["cntg_vol"]) for page in pages for row in page
    }
    quote = market.snapshot("J", at("15:30:59", WEDNESDAY)).quote(code)
    assert quote is not None
    assert sum(read.values()) == quote.volume


def test_minutes_without_a_trade_have_no_bar(asker: Asker, quiet: str) -> None:
    rows = dated(asker, quiet, "180000", "20261118").json["output2"]
    assert 0 < len(rows) < 120
    assert all(int(row["cntg_vol"]) > 0 for row in rows)


@pytest.mark.parametrize("day", ["20261121", "20261123", "20251119", "20261003"])
def test_a_day_without_a_session_or_too_old_or_to_come_is_empty(
    asker: Asker, code: str, day: str
) -> None:
    heard = dated(asker, code, "153000", day)
    assert (heard.json["rt_cd"], heard.json["output2"]) == ("0", [])


def test_past_data_go_on_into_the_session_before_when_asked(
    asker: Asker, code: str
) -> None:
    rows = dated(asker, code, "092900", "20261118", FID_PW_DATA_INCU_YN="Y").json[
        "output2"
    ]
    days = [row["stck_bsop_date"] for row in rows]
    assert days == ["20261118"] * 30 + ["20261117"] * 90
    alone = dated(asker, code, "092900", "20261118").json["output2"]
    assert alone == rows[:30]


def test_today_ends_now(asker: Asker, emulator: RunningEmulator, code: str) -> None:
    emulator.clock.set(at("10:30:20"))
    body = dated(asker, code, "153000", "20261120").json
    newest = body["output2"][0]
    assert newest["stck_cntg_hour"] == "103000"
    assert newest["acml_tr_pbmn"] == body["output1"]["acml_tr_pbmn"]


def test_bars_of_a_split_day_are_raw(asker: Asker, market: SimulatedMarket) -> None:
    today = market.final("J", FRIDAY)
    split = next(
        code for code in today.codes if 0.15 < market.split_ratio(code, FRIDAY) < 0.3
    )
    before = market.final("J", date(2026, 11, 19)).quote(split)
    assert before is not None
    rows = dated(asker, split, "180000", "20261119").json["output2"]
    assert int(rows[0]["stck_prpr"]) == before.price


def test_before_the_first_trade_there_is_no_bar(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("08:55"))
    assert dated(asker, code, "085500", "20261120").json["output2"] == []


def test_the_listings_nxt_does_not_trade_have_no_bars_there(
    asker: Asker, market: SimulatedMarket
) -> None:
    off = next(item.code for item in market.listings() if not item.on_nxt)
    body = dated(asker, off, "153000", "20261118", FID_COND_MRKT_DIV_CODE="NX").json
    assert (body["output1"]["stck_prpr"], body["output2"]) == ("0", [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_COND_MRKT_DIV_CODE", "U"),
        ("FID_INPUT_HOUR_1", "1530"),
        ("FID_INPUT_HOUR_1", "256000"),
        ("FID_INPUT_HOUR_1", ""),
        ("FID_INPUT_DATE_1", "20261131"),
        ("FID_PW_DATA_INCU_YN", ""),
        ("FID_FAKE_TICK_INCU_YN", "N"),
    ],
)
def test_a_wrong_parameter_is_named(
    asker: Asker, code: str, name: str, value: str
) -> None:
    heard = dated(asker, code, "153000", "20261118", **{name: value})
    assert heard.json["msg1"] == f"ERROR INVALID {name}"


def test_rows_have_the_recorded_keys(shared: Path, asker: Asker, code: str) -> None:
    samples = shared / "kis-samples"
    recorded = orjson.loads((samples / "FHKST03010230-1.json").read_bytes())
    assert keys(dated(asker, code, "140000", "20261118").json) == keys(recorded)


def test_a_real_day_has_no_minutes(shared: Path) -> None:
    day = date(2024, 2, 8)
    official = real_day(shared / "krx" / "official_amount_marcap_janfeb.parquet", day)
    with running_emulator(market=official) as emulator:
        emulator.clock.set(at("15:40", day))
        body = dated(
            Asker.with_token(emulator.base_url), "005930", "153000", "20240208"
        )
        assert body.json["output2"] == []
        assert body.json["output1"]["stck_prpr"] == "74100"
