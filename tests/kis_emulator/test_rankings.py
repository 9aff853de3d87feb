import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.server import RunningEmulator

ETF_AND_ETN = "0000001100"


@pytest.fixture
def krx(emulator: RunningEmulator) -> Figures:
    return emulator.truth.snapshot("J", emulator.clock.now())


def test_the_ranking_stops_at_thirty_and_goes_down_by_value(
    asker: Asker, krx: Figures
) -> None:
    rows = asker.rank().rows
    values = [int(row["acml_tr_pbmn"]) for row in rows]
    heaviest = np.sort(krx.trading_value)[::-1]
    assert values == heaviest[:30].tolist()
    assert [row["data_rank"] for row in rows] == [str(rank) for rank in range(1, 31)]


def test_asking_for_the_next_page_returns_the_same(asker: Asker) -> None:
    first = asker.rank().body
    asker.headers["tr_cont"] = "N"
    assert asker.rank().body == first


def test_a_row_says_what_the_truth_says(asker: Asker, krx: Figures) -> None:
    row = asker.rank().rows[7]
    quote = krx.quote(row["mksc_shrn_iscd"])
    assert quote is not None
    assert int(row["acml_vol"]) == int(row["avrg_vol"]) == quote.volume
    assert int(row["prdy_vrss"]) == quote.change
    assert int(row["prdy_vol"]) == quote.previous_volume
    assert int(row["lstn_stcn"]) == quote.listed_shares
    assert row["vol_inrt"] == f"{quote.volume / quote.previous_volume * 100:.2f}"


def test_konex_is_mixed_in_and_in_no_listing_of_a_market(
    asker: Asker, emulator: RunningEmulator
) -> None:
    markets = emulator.truth.listing_of
    everything = {row["mksc_shrn_iscd"] for row in asker.rank().rows}
    assert any(markets[code].market == "KONEX" for code in everything)
    kosdaq = asker.rank(FID_INPUT_ISCD="1001").rows
    assert {markets[row["mksc_shrn_iscd"]].market for row in kosdaq} == {"KOSDAQ"}


def test_the_mask_takes_out_etf_and_etn(
    asker: Asker, emulator: RunningEmulator
) -> None:
    def kinds(mask: str) -> set[str]:
        rows = asker.rank(FID_TRGT_EXLS_CLS_CODE=mask).rows
        listed = emulator.truth.listing_of
        return {listed[row["mksc_shrn_iscd"]].kind for row in rows}

    assert "ETF" in kinds("000000")
    assert kinds(ETF_AND_ETN) == {"STOCK"}


def test_the_mask_takes_out_preferred_shares_and_warned_ones(
    asker: Asker, emulator: RunningEmulator
) -> None:
    listed = emulator.truth.listing_of
    rows = asker.rank(FID_TRGT_EXLS_CLS_CODE="1111111101").rows
    found = [listed[row["mksc_shrn_iscd"]] for row in rows]
    assert {(item.alarm, item.preferred, item.spac) for item in found} == {
        ("00", "0", False)
    }


def test_price_bounds_are_inclusive(asker: Asker) -> None:
    first = asker.rank().rows[0]["stck_prpr"]
    rows = asker.rank(FID_INPUT_PRICE_1=first, FID_INPUT_PRICE_2=first).rows
    assert {row["stck_prpr"] for row in rows} == {first}


def test_by_volume_is_another_order(asker: Asker, krx: Figures) -> None:
    rows = asker.rank(FID_BLNG_CLS_CODE="0").rows
    volumes = [int(row["acml_vol"]) for row in rows]
    assert volumes == np.sort(krx.volume)[::-1][:30].tolist()


def test_nxt_ranks_its_own(asker: Asker, emulator: RunningEmulator) -> None:
    nxt = emulator.truth.snapshot("NX", emulator.clock.now())
    values = [int(row["acml_tr_pbmn"]) for row in asker.rank("NX").rows]
    assert values == np.sort(nxt.trading_value)[::-1][:30].tolist()


@pytest.mark.parametrize("division", ["UN", "Q", "U"])
def test_other_divisions_are_refused_with_200(asker: Asker, division: str) -> None:
    heard = asker.rank(division)
    assert heard.status == 200
    assert heard.json == {
        "rt_cd": "2",
        "msg_cd": "OPSQ2001",
        "msg1": "ERROR INVALID FID_COND_MRKT_DIV_CODE",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_COND_SCR_DIV_CODE", "11111"),
        ("FID_BLNG_CLS_CODE", "9"),
        ("FID_INPUT_PRICE_1", "1,000"),
        ("FID_TRGT_EXLS_CLS_CODE", "x"),
    ],
)
def test_a_wrong_parameter_is_named(asker: Asker, name: str, value: str) -> None:
    assert asker.rank(**{name: value}).json["msg1"] == f"ERROR INVALID {name}"
