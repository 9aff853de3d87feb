from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.endpoints.stock_investors import STOCK_INVESTORS
from tests.kis_emulator.endpoints.stock_investors_daily import STOCK_INVESTORS_DAILY
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import final_flows, flows_of, live_flows, millions
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.server import RunningEmulator, running_emulator

TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
WHO = {
    "frgn": Investor.FOREIGN,
    "orgn": Investor.INSTITUTION,
    "prsn": Investor.INDIVIDUAL,
}


def instant(clock: str, day: date = TODAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=KST)


@pytest.fixture
def code(emulator: RunningEmulator) -> str:
    """The stock most traded on NXT."""
    nxt = emulator.truth.final("NX", TODAY)
    return nxt.codes[int(np.argmax(nxt.trading_value))]


def days_of(asker: Asker, code: str, division: str = "J") -> list[dict[str, str]]:
    params = {"FID_COND_MRKT_DIV_CODE": division, "FID_INPUT_ISCD": code}
    return asker.get(STOCK_INVESTORS, **params).rows


def daily_of(asker: Asker, code: str, day: str, division: str = "J") -> dict[str, Any]:
    return asker.get(
        STOCK_INVESTORS_DAILY,
        FID_COND_MRKT_DIV_CODE=division,
        FID_INPUT_ISCD=code,
        FID_INPUT_DATE_1=day,
        FID_ORG_ADJ_PRC="",
        FID_ETC_CLS_CODE="1",
    ).json


@pytest.mark.parametrize("venue", ["J", "NX"])
def test_buying_and_selling_are_what_traded(
    market: SimulatedMarket, venue: str
) -> None:
    traded, flows = market.final(venue, TODAY), final_flows(market, venue, TODAY)
    for volume in (flows.buy_volume, flows.sell_volume):
        assert (volume.sum(axis=0) == traded.volume).all()
        assert (volume >= 0).all()
    for amount in (flows.buy_amount, flows.sell_amount):
        assert (amount.sum(axis=0) == traded.trading_value).all()


@pytest.mark.parametrize("venue", ["J", "NX"])
def test_average_prices_lie_between_low_and_high(
    market: SimulatedMarket, venue: str
) -> None:
    traded, flows = market.final(venue, TODAY), final_flows(market, venue, TODAY)
    assert (flows.buy_amount >= flows.buy_volume * traded.low).all()
    assert (flows.buy_amount <= flows.buy_volume * traded.high).all()
    assert (flows.sell_amount >= flows.sell_volume * traded.low).all()
    assert (flows.sell_amount <= flows.sell_volume * traded.high).all()


def test_both_venues_add_up(market: SimulatedMarket, code: str) -> None:
    krx, nxt, both = (
        final_flows(market, division, TODAY).side(code, Investor.FOREIGN)
        for division in ("J", "NX", "UN")
    )
    assert krx is not None
    assert nxt is not None
    assert both is not None
    assert both.buy_volume == krx.buy_volume + nxt.buy_volume
    assert both.sell_amount == krx.sell_amount + nxt.sell_amount


def test_provisional_figures_lack_the_after_hours_trades(
    market: SimulatedMarket,
) -> None:
    early = flows_of(market, "J", TODAY, instant("15:40"))
    late = flows_of(market, "J", TODAY, instant("18:10"))
    assert early is not None
    assert late is not None
    share = early.buy_amount.sum() / late.buy_amount.sum()
    assert 0.97 < share < 1.0
    traded = market.snapshot("J", instant("15:40"))
    assert (early.buy_amount.sum(axis=0) == traded.trading_value).all()


def test_equal_stocks_have_equal_flows(whole_market: SimulatedMarket) -> None:
    traded = whole_market.final("J", TODAY)
    values, counts = np.unique(traded.trading_value, return_counts=True)
    tied = values[(counts > 1) & (values > 10**10)][0]
    one, other = np.flatnonzero(traded.trading_value == tied)[:2]
    flows = final_flows(whole_market, "J", TODAY)
    assert (flows.buy_amount[:, one] == flows.buy_amount[:, other]).all()


def test_thirty_sessions_come_newest_first(asker: Asker, code: str) -> None:
    days = [row["stck_bsop_date"] for row in days_of(asker, code)]
    assert len(days) == 30
    assert days == sorted(days, reverse=True)
    assert days[:2] == ["20261120", "20261119"]


@pytest.mark.parametrize("division", ["J", "NX", "UN"])
def test_a_past_row_is_the_truth_in_millions(
    asker: Asker, emulator: RunningEmulator, code: str, division: str
) -> None:
    row = days_of(asker, code, division)[1]
    truth = final_flows(emulator.truth, division, YESTERDAY)
    for who, investor in WHO.items():
        side = truth.side(code, investor)
        assert side is not None
        assert int(row[f"{who}_shnu_vol"]) == side.buy_volume
        assert int(row[f"{who}_seln_vol"]) == side.sell_volume
        assert int(row[f"{who}_shnu_tr_pbmn"]) == millions(side.buy_amount)
        assert int(row[f"{who}_seln_tr_pbmn"]) == millions(side.sell_amount)


def test_net_is_buying_less_selling_as_served(asker: Asker, code: str) -> None:
    for row in days_of(asker, code)[1:]:
        for who in WHO:
            bought, sold = (
                int(row[f"{who}_{side}_tr_pbmn"]) for side in ("shnu", "seln")
            )
            assert int(row[f"{who}_ntby_tr_pbmn"]) == bought - sold


def test_today_is_there_and_blank_until_1540(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(instant("15:39:59"))
    today = days_of(asker, code)[0]
    assert today["stck_bsop_date"] == "20261120"
    assert int(today["stck_clpr"]) > 0
    assert {today[key] for key in today if key.startswith(tuple(WHO))} == {""}


@pytest.mark.parametrize(
    ("division", "clocks"),
    [
        ("J", ("18:09:59", "18:10")),
        ("NX", ("20:09:59", "20:10")),
        ("UN", ("18:09:59", "20:10")),
    ],
)
def test_today_is_provisional_and_then_final(
    asker: Asker,
    emulator: RunningEmulator,
    code: str,
    division: str,
    clocks: tuple[str, str],
) -> None:
    last = final_flows(emulator.truth, division, TODAY).side(code, 0)
    early = live_flows(emulator.truth, division, instant("15:40")).side(code, 0)
    assert last is not None
    assert early is not None
    served: list[str] = []
    for clock in clocks:
        emulator.clock.set(instant(clock))
        served.append(days_of(asker, code, division)[0]["frgn_shnu_vol"])
    assert served == [str(early.buy_volume), str(last.buy_volume)]
    assert early.buy_volume < last.buy_volume


def test_on_a_weekend_friday_is_the_newest(
    emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(instant("11:00", date(2026, 11, 21)))
    asker = Asker.with_token(emulator.base_url)  # the old token has run out
    row = days_of(asker, code)[0]
    traded = emulator.truth.final("J", TODAY).quote(code)
    assert traded is not None
    assert row["stck_bsop_date"] == "20261120"
    assert row["stck_clpr"] == str(traded.price)
    bought = [int(row[f"{who}_shnu_vol"]) for who in WHO]
    assert traded.volume * 0.95 < sum(bought) <= traded.volume


def test_a_new_listing_has_rows_from_its_first_day(
    emulator: RunningEmulator, asker: Asker
) -> None:
    new = max(emulator.truth.listings(), key=lambda item: item.listed_on)
    days = [row["stck_bsop_date"] for row in days_of(asker, new.code)]
    assert 0 < len(days) < 30
    assert days[-1] == f"{new.listed_on:%Y%m%d}"


def test_nxt_knows_only_its_own(asker: Asker, emulator: RunningEmulator) -> None:
    listed = emulator.truth.listings()
    krx_only = next(item.code for item in listed if not item.on_nxt)
    assert days_of(asker, krx_only, "NX") == []
    assert days_of(asker, "005930") == []


def test_before_1540_today_is_refused_and_yesterday_is_not(
    asker: Asker, code: str
) -> None:
    assert daily_of(asker, code, "20261120") == {
        "rt_cd": "2",
        "msg_cd": "OPSQ2001",
        "msg1": "TIME LIMIT 00:00 ~ 15:40",
    }
    rows = daily_of(asker, code, "20261119")["output2"]
    assert len(rows) == 30
    assert rows[0]["stck_bsop_date"] == "20261119"


def test_the_dated_row_says_what_the_other_list_says(asker: Asker, code: str) -> None:
    dated = daily_of(asker, code, "20261119")["output2"][0]
    plain = days_of(asker, code)[1]
    assert {key: dated[key] for key in plain} == plain


def test_the_dated_row_adds_up(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    row = daily_of(asker, code, "20261119")["output2"][0]
    traded = emulator.truth.final("J", YESTERDAY).quote(code)
    assert traded is not None
    assert int(row["acml_tr_pbmn"]) == traded.trading_value
    bought = [int(row[f"{who}_shnu_vol"]) for who in (*WHO, "etc")]
    assert sum(bought) == traded.volume
    kinds = ("scrt", "ivtr", "pe_fund", "bank", "insu", "mrbn", "fund")
    parts = [int(row[f"{kind}_seln_tr_pbmn"]) for kind in kinds]
    assert sum(parts) == int(row["orgn_seln_tr_pbmn"])
    registered = int(row["frgn_reg_ntby_qty"]) + int(row["frgn_nreg_ntby_qty"])
    assert registered == int(row["frgn_ntby_qty"])


def test_a_real_day_tells_no_investors(shared: Path) -> None:
    path = shared / "krx" / "official_amount_marcap_janfeb.parquet"
    real = real_day(path, date(2024, 2, 8))
    clock = EmulatorClock(instant("16:00", date(2024, 2, 8)))
    with running_emulator(market=real, clock=clock) as emulator:
        asker = Asker.with_token(emulator.base_url)
        assert days_of(asker, real.listings()[0].code) == []
