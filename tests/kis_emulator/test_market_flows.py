from datetime import date, datetime

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.market_investors import MARKET_INVESTORS
from tests.kis_emulator.endpoints.market_investors_daily import MARKET_INVESTORS_DAILY
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import live_flows, millions
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.market_flows import market_flows, market_flows_on
from tests.kis_emulator.server import RunningEmulator

TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


def instant(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=KST)


def market_rows(asker: Asker, market: str, code: str) -> list[dict[str, str]]:
    params = {"FID_INPUT_ISCD": market, "FID_INPUT_ISCD_2": code}
    return asker.get(MARKET_INVESTORS, **params).rows


def market_row(asker: Asker, market: str, code: str) -> dict[str, str]:
    (row,) = market_rows(asker, market, code)
    return row


@pytest.mark.parametrize(("market_", "code"), [("KSP", "0001"), ("KSQ", "1001")])
def test_a_market_is_the_sum_of_its_stocks(
    asker: Asker, emulator: RunningEmulator, market_: str, code: str
) -> None:
    row = market_row(asker, market_, code)
    name = {"0001": "KOSPI", "1001": "KOSDAQ"}[code]
    here = emulator.truth.members(name, TODAY)
    flows = live_flows(emulator.truth, "J", emulator.clock.now())
    bought = int(flows.buy_amount[Investor.INDIVIDUAL, here].sum())
    assert abs(int(row["prsn_shnu_tr_pbmn"]) * 1_000_000 - bought) <= 500_000
    sold = int(flows.sell_volume[Investor.FOREIGN, here].sum())
    assert abs(int(row["frgn_seln_vol"]) * 1_000 - sold) <= 500
    net = int(row["orgn_shnu_tr_pbmn"]) - int(row["orgn_seln_tr_pbmn"])
    assert int(row["orgn_ntby_tr_pbmn"]) == net


def test_a_market_moves_with_the_day(asker: Asker, emulator: RunningEmulator) -> None:
    early = market_row(asker, "KSP", "0001")
    emulator.clock.set(instant("13:00"))
    later = market_row(asker, "KSP", "0001")
    assert int(later["frgn_shnu_vol"]) > int(early["frgn_shnu_vol"])


def test_industries_and_funds_have_flows(market: SimulatedMarket, asker: Asker) -> None:
    now = instant("10:30")
    part, whole = (market_flows(market, code, now) for code in ("0009", "0027"))
    assert 0 < part.sides[0].buy_amount < whole.sides[0].buy_amount
    assert int(market_row(asker, "ETF", "T000")["prsn_shnu_vol"]) > 0
    assert int(market_row(asker, "ETN", "E199")["prsn_shnu_vol"]) > 0


def market_days(asker: Asker, sub: str) -> list[dict[str, str]]:
    asker.timeout = 30.0
    return asker.get(
        MARKET_INVESTORS_DAILY,
        FID_COND_MRKT_DIV_CODE="U",
        FID_INPUT_ISCD="0001",
        FID_INPUT_DATE_1="20200102",
        FID_INPUT_ISCD_1="KSP",
        FID_INPUT_DATE_2="20200102",
        FID_INPUT_ISCD_2=sub,
    ).rows


def test_market_days_ignore_the_dates(asker: Asker, emulator: RunningEmulator) -> None:
    rows = market_days(asker, "0001")
    assert len(rows) == 300
    assert [row["stck_bsop_date"] for row in rows[:2]] == ["20261120", "20261119"]
    truth = market_flows_on(emulator.truth, "0001", YESTERDAY).sides[0]
    served = millions(truth.buy_amount) - millions(truth.sell_amount)
    assert int(rows[1]["frgn_ntby_tr_pbmn"]) == served
    index = asker.index("0001").json["output"]
    assert rows[0]["bstp_nmix_prpr"] == index["bstp_nmix_prpr"]
    assert rows[0]["stck_prdy_clpr"] == rows[1]["bstp_nmix_prpr"]


def test_market_days_of_a_blank_sub_code_are_zeros(asker: Asker) -> None:
    rows = market_days(asker, "")
    nets = {value for row in rows for key, value in row.items() if "_ntby_" in key}
    assert nets == {"0"}
    assert len(rows) == 300


def test_before_the_reset_a_market_shows_the_session_before(
    market: SimulatedMarket,
) -> None:
    early = market_flows(market, "0001", instant("08:39"))
    assert early == market_flows_on(market, "0001", YESTERDAY)
    opening = market_flows(market, "0001", instant("08:41"))
    assert opening.session == TODAY
    assert not any(side.buy_volume for side in opening.sides)


def test_after_the_last_trade_a_market_is_final(market: SimulatedMarket) -> None:
    late = market_flows(market, "1001", instant("18:00"))
    assert late == market_flows_on(market, "1001", TODAY)
