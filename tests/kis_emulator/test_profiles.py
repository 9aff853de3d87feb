from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import orjson
import pytest

from tests.kis_emulator.asking import Asker, Heard
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.inquire_price import INQUIRE_PRICE, multiple
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.profiles import profiles_of
from tests.kis_emulator.programs import PROGRAM, program_of
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.server import RunningEmulator, running_emulator

FRIDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 19)
UNRECORDED = {"new_hgpr_lwpr_cls_code", "apprch_rate", "mang_issu_cls_code"}


def at(clock: str, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=KST)


def price(asker: Asker, code: str, division: str = "J") -> Heard:
    return asker.get(
        INQUIRE_PRICE, FID_COND_MRKT_DIV_CODE=division, FID_INPUT_ISCD=code
    )


def output(asker: Asker, code: str, division: str = "J") -> dict[str, str]:
    found: dict[str, str] = price(asker, code, division).json["output"]
    return found


def first(market: SimulatedMarket, **wanted: object) -> Listed:
    return next(
        item
        for item in market.listings_on(FRIDAY)
        if all(getattr(item, name) == value for name, value in wanted.items())
    )


@pytest.fixture
def on_nxt(market: SimulatedMarket) -> str:
    """A common share that both venues trade."""
    return first(market, on_nxt=True, preferred="0", group="ST").code


def test_every_recorded_key_is_there_in_its_order(
    shared: Path, asker: Asker, on_nxt: str
) -> None:
    sample = (shared / "kis-samples" / "FHKST01010100-2.json").read_bytes()
    keys = list(output(asker, on_nxt))
    assert set(keys) >= UNRECORDED
    recorded = list(orjson.loads(sample)["output"])
    assert [key for key in keys if key not in UNRECORDED] == recorded


@pytest.mark.parametrize("division", ["J", "NX"])
def test_the_quote_is_the_venues(
    asker: Asker, emulator: RunningEmulator, on_nxt: str, division: str
) -> None:
    quote = emulator.truth.snapshot(division, emulator.clock.now()).quote(on_nxt)
    assert quote is not None
    said = output(asker, on_nxt, division)
    figures = [int(said[key]) for key in ("stck_prpr", "acml_vol", "acml_tr_pbmn")]
    assert figures == [quote.price, quote.volume, quote.trading_value]
    assert int(said["lstn_stcn"]) == quote.listed_shares
    assert int(said["hts_avls"]) == quote.price * quote.listed_shares // 10**8


def test_unified_adds_both_venues(asker: Asker, on_nxt: str) -> None:
    krx, nxt, both = (output(asker, on_nxt, division) for division in ("J", "NX", "UN"))
    for key in ("acml_vol", "acml_tr_pbmn", "pgtr_ntby_qty"):
        assert int(both[key]) == int(krx[key]) + int(nxt[key])
    assert both["eps"] == krx["eps"] == nxt["eps"]


def test_the_profile_is_the_truths(
    asker: Asker, market: SimulatedMarket, on_nxt: str
) -> None:
    profile, said = profiles_of(market, FRIDAY).of(on_nxt), output(asker, on_nxt)
    assert profile is not None
    assert profile.eps is not None
    assert round(float(said["eps"]) * 100) == profile.eps
    assert int(said["frgn_hldn_qty"]) == profile.foreign_shares
    assert int(said["lstn_stcn"]) == profile.listed_shares
    used = profile.foreign_shares * 100 / profile.foreign_limit
    assert float(said["hts_frgn_ehrt"]) == pytest.approx(used, abs=0.005001)


def test_multiples_are_the_price_over_what_a_share_earns() -> None:
    # as recorded: 128,500 won over 6,532.00 and 74,721.00; 75,700 over 2,131.00
    assert multiple(128_500, 653_200) == "19.67"
    assert multiple(128_500, 7_472_100) == "1.72"
    assert multiple(75_700, 213_100) == "35.52"
    assert multiple(128_500, -653_200) == multiple(128_500, 0) == "0.00"
    assert multiple(128_500, None) == "0.00"


def test_about_a_quarter_of_all_stocks_lose_money(
    whole_market: SimulatedMarket,
) -> None:
    profiles = profiles_of(whole_market, FRIDAY)
    stocks = whole_market.members("KOSPI") | whole_market.members("KOSDAQ")
    assert 0.18 < (profiles.eps[stocks] < 0).mean() < 0.30
    assert 0 < (profiles.bps[stocks] < 0).mean() < 0.04


def test_a_loss_has_a_minus_and_no_multiple(
    asker: Asker, market: SimulatedMarket
) -> None:
    profiles = profiles_of(market, FRIDAY)
    said = output(asker, profiles.codes[int(np.argmin(profiles.eps))])
    assert said["eps"].startswith("-")
    assert said["per"] == "0.00"


@pytest.mark.parametrize(
    ("wanted", "eps"),
    [
        ({"kind": "ETF"}, "0.00"),
        ({"kind": "ETN"}, ""),
        ({"spac": True}, "0.00"),
        ({"preferred": "2"}, ""),
    ],
)
def test_what_earns_nothing_has_zeros_or_blanks(
    asker: Asker, market: SimulatedMarket, wanted: dict[str, object], eps: str
) -> None:
    said = output(asker, first(market, **wanted).code)
    assert (said["eps"], said["per"]) == (eps, "0.00")


def test_earnings_and_foreign_holding_change_a_little_by_the_day(
    market: SimulatedMarket,
) -> None:
    today, before = profiles_of(market, FRIDAY), profiles_of(market, THURSDAY)
    same = (today.listed_shares == before.listed_shares) & (np.abs(before.eps) > 10_000)
    change = today.eps[same] / before.eps[same] - 1
    assert (change != 0).mean() > 0.5
    assert np.abs(change).max() < 0.01
    held = before.foreign_shares > 10_000
    moved = today.foreign_shares[held & same] / before.foreign_shares[held & same]
    assert 0 < np.abs(moved - 1).max() < 0.01


def test_a_split_divides_earnings_too(market: SimulatedMarket) -> None:
    figures = market.final("J", FRIDAY)
    split = next(
        code
        for code in figures.codes
        if 0.15 < market.split_ratio(code, FRIDAY) < 0.3
        and abs(profiles_of(market, THURSDAY).eps[figures.row_of[code]]) > 1_000
    )
    row = figures.row_of[split]
    after, before = (profiles_of(market, day).eps[row] for day in (FRIDAY, THURSDAY))
    assert after * 5 == pytest.approx(before, rel=0.02)


def test_foreigners_hold_no_more_than_they_may(whole_market: SimulatedMarket) -> None:
    profiles = profiles_of(whole_market, FRIDAY)
    assert np.all(profiles.foreign_shares <= profiles.foreign_limit)
    assert np.all(profiles.foreign_limit <= profiles.listed_shares)
    limited = profiles.foreign_limit < profiles.listed_shares
    assert 20 < limited.sum() < 200


@pytest.mark.parametrize("clock", ["09:05", "15:40"])
def test_todays_high_and_low_lie_within_the_years(
    asker: Asker, emulator: RunningEmulator, clock: str
) -> None:
    emulator.clock.set(at(clock))
    figures = emulator.truth.snapshot("J", at(clock))
    traded = [code for code in figures.codes if figures.volume[figures.row_of[code]]]
    for code in traded[::7]:
        said, row = output(asker, code), figures.row_of[code]
        high, low = int(figures.high[row]), int(figures.low[row])
        assert int(said["w52_hgpr"]) >= int(said["stck_dryy_hgpr"]) >= high
        assert int(said["w52_lwpr"]) <= int(said["stck_dryy_lwpr"]) <= low
        assert "20251120" <= said["w52_hgpr_date"] <= "20261120"
        assert "20260101" <= said["dryy_lwpr_date"] <= "20261120"


def test_a_new_high_is_of_today(asker: Asker, emulator: RunningEmulator) -> None:
    emulator.clock.set(at("15:40"))
    figures = emulator.truth.snapshot("J", at("15:40"))
    profiles = profiles_of(emulator.truth, FRIDAY)
    row = int(np.argmax(figures.high / profiles.range_high))
    said = output(asker, figures.codes[row])
    assert figures.high[row] > profiles.range_high[row]
    assert (int(said["w52_hgpr"]), said["w52_hgpr_date"]) == (
        figures.high[row],
        "20261120",
    )


@pytest.mark.parametrize(
    ("wanted", "field", "status"),
    [
        ({"halted": True}, "temp_stop_yn", "58"),
        ({"administrative": True, "halted": False}, "mang_issu_cls_code", "51"),
        ({"overheated": "2", "alarm": "00"}, "short_over_yn", None),
        ({"delisting": True}, "sltr_yn", None),
        ({"attention": True}, "invt_caful_yn", None),
    ],
)
def test_flags_are_said(
    whole_market: SimulatedMarket,
    wanted: dict[str, object],
    field: str,
    status: str | None,
) -> None:
    code = first(whole_market, **wanted).code
    with running_emulator(market=whole_market) as emulator:
        said = output(Asker.with_token(emulator.base_url), code)
    assert said[field] == "Y"
    assert status in (None, said["iscd_stat_cls_code"])


def test_program_net_is_the_flows(
    asker: Asker, emulator: RunningEmulator, on_nxt: str
) -> None:
    side = program_of(emulator.truth, "J", emulator.clock.now()).side(on_nxt, PROGRAM)
    assert side is not None
    said = output(asker, on_nxt)
    assert (int(said["pgtr_ntby_qty"]), said["frgn_ntby_qty"]) == (side.net_volume, "0")


def test_before_the_reset_everything_is_of_the_session_before(
    asker: Asker, emulator: RunningEmulator, market: SimulatedMarket
) -> None:
    emulator.clock.set(at("07:30"))
    split = next(
        code
        for code in market.final("J", FRIDAY).codes
        if 0.15 < market.split_ratio(code, FRIDAY) < 0.3
    )
    profile = profiles_of(market, THURSDAY).of(split)
    said = output(asker, split)
    assert profile is not None
    assert int(said["lstn_stcn"]) == profile.listed_shares


@pytest.mark.parametrize("division", ["J", "NX", "UN"])
def test_an_unknown_code_comes_as_zeros(asker: Asker, division: str) -> None:
    said = output(asker, "005930", division)
    assert (said["stck_prpr"], said["lstn_stcn"], said["stck_shrn_iscd"]) == (
        "0",
        "0",
        "005930",
    )


def test_a_code_that_nxt_does_not_trade_comes_as_zeros(
    asker: Asker, market: SimulatedMarket
) -> None:
    assert output(asker, first(market, on_nxt=False).code, "NX")["stck_prpr"] == "0"


def test_an_index_division_is_refused(asker: Asker, on_nxt: str) -> None:
    heard = price(asker, on_nxt, "U")
    assert heard.json["msg1"] == "ERROR INVALID FID_COND_MRKT_DIV_CODE"


def test_every_value_is_text(asker: Asker, market: SimulatedMarket) -> None:
    for item in market.listings()[::40]:
        assert all(
            isinstance(value, str) for value in output(asker, item.code).values()
        )


def test_a_real_day_has_quotes_without_earnings(shared: Path) -> None:
    day = date(2024, 2, 8)
    official = real_day(shared / "krx" / "official_amount_marcap_janfeb.parquet", day)
    with running_emulator(market=official) as emulator:
        emulator.clock.set(at("15:40", day))
        said = output(Asker.with_token(emulator.base_url), "005930")
    assert (said["stck_prpr"], said["lstn_stcn"]) == ("74100", "5969782550")
    assert (said["eps"], said["per"], said["pgtr_ntby_qty"]) == ("0.00", "0.00", "0")
