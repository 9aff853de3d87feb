from datetime import datetime

import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.slot_estimates import SLOT_ESTIMATES
from tests.kis_emulator.endpoints.slot_leaders import SLOT_LEADERS
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator
from tests.kis_emulator.slots import estimates_of, slot_of


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def leaders(asker: Asker, **changes: str) -> list[dict[str, str]]:
    params = {
        "FID_COND_MRKT_DIV_CODE": "V",
        "FID_COND_SCR_DIV_CODE": "16449",
        "FID_INPUT_ISCD": "0000",
        "FID_DIV_CLS_CODE": "0",
        "FID_RANK_SORT_CLS_CODE": "0",
        "FID_ETC_CLS_CODE": "1",
    }
    return asker.get(SLOT_LEADERS, **(params | changes)).rows


@pytest.mark.parametrize(
    ("clock", "slot"),
    [
        ("09:29:59", 0),
        ("09:30", 1),
        ("10:00", 2),
        ("11:20", 3),
        ("13:19:59", 3),
        ("13:20", 4),
        ("14:30", 5),
        ("23:00", 5),
    ],
)
def test_the_day_has_five_slots(clock: str, slot: int) -> None:
    assert slot_of(instant(f"2026-11-20T{clock}")) == slot


def test_foreigners_come_first_and_institutions_at_ten(
    market: SimulatedMarket,
) -> None:
    first = estimates_of(market, instant("2026-11-20T09:45"))
    second = estimates_of(market, instant("2026-11-20T10:01"))
    assert first is not None
    assert second is not None
    assert first.foreign.any()
    assert not first.institution.any()
    assert (second.foreign == first.foreign).all()
    assert second.institution.any()


def test_figures_are_whole_thousands_and_stand_between_slots(
    market: SimulatedMarket,
) -> None:
    one = estimates_of(market, instant("2026-11-20T11:21"))
    other = estimates_of(market, instant("2026-11-20T13:19"))
    assert one is not None
    assert other is not None
    assert (one.foreign == other.foreign).all()
    assert not (one.institution % 1_000).any()


def test_before_half_past_nine_there_is_nothing(
    asker: Asker, emulator: RunningEmulator
) -> None:
    code = emulator.truth.listings()[0].code
    emulator.clock.set(instant("2026-11-20T09:29"))
    assert leaders(asker) == []
    assert asker.get(SLOT_ESTIMATES, MKSC_SHRN_ISCD=code).json["output2"] == []


def test_the_leaders_are_those_who_bought_most(
    asker: Asker, emulator: RunningEmulator
) -> None:
    rows = leaders(asker)
    truth = estimates_of(emulator.truth, emulator.clock.now())
    assert truth is not None
    listed = emulator.truth.listings()
    ranked = [item.kind != "OUT" and item.market != "KONEX" for item in listed]
    most = np.sort(truth.foreign[ranked])[::-1][:30]
    assert [int(row["frgn_ntby_qty"]) for row in rows] == most.tolist()
    assert all(row["ntby_qty"] == row["frgn_ntby_qty"] for row in rows)


def test_sellers_of_kosdaq_by_amount(asker: Asker, emulator: RunningEmulator) -> None:
    rows = leaders(
        asker,
        FID_INPUT_ISCD="1001",
        FID_DIV_CLS_CODE="1",
        FID_RANK_SORT_CLS_CODE="1",
        FID_ETC_CLS_CODE="2",
    )
    markets = {emulator.truth.listing_of[row["mksc_shrn_iscd"]].market for row in rows}
    amounts = [int(row["orgn_ntby_tr_pbmn"]) for row in rows]
    assert markets == {"KOSDAQ"}
    assert amounts == sorted(amounts)
    assert amounts[0] < 0


def test_amounts_are_quantity_times_the_price_now(asker: Asker) -> None:
    row = leaders(asker)[0]
    won = int(row["frgn_ntby_qty"]) * int(row["stck_prpr"])
    assert abs(int(row["frgn_ntby_tr_pbmn"]) * 1_000_000 - won) <= 500_000


def test_a_stocks_slots_are_padded_and_newest_first(
    asker: Asker, emulator: RunningEmulator
) -> None:
    code = leaders(asker)[0]["mksc_shrn_iscd"]
    emulator.clock.set(instant("2026-11-20T14:31"))
    rows = asker.get(SLOT_ESTIMATES, MKSC_SHRN_ISCD=code).json["output2"]
    assert [row["bsop_hour_gb"] for row in rows] == ["5", "4", "3", "2", "1"]
    assert {len(row["frgn_fake_ntby_qty"]) for row in rows} == {18}
    assert rows[4]["orgn_fake_ntby_qty"] == "0" * 18
    for row in rows:
        parts = int(row["frgn_fake_ntby_qty"]) + int(row["orgn_fake_ntby_qty"])
        assert int(row["sum_fake_ntby_qty"]) == parts


def test_both_lists_agree(asker: Asker) -> None:
    for row in leaders(asker)[:3]:
        code = row["mksc_shrn_iscd"]
        slots = asker.get(SLOT_ESTIMATES, MKSC_SHRN_ISCD=code).json["output2"]
        assert int(slots[0]["frgn_fake_ntby_qty"]) == int(row["frgn_ntby_qty"])
        assert int(slots[0]["orgn_fake_ntby_qty"]) == int(row["orgn_ntby_qty"])


def test_a_weekend_keeps_the_last_slot(market: SimulatedMarket) -> None:
    weekend = estimates_of(market, instant("2026-11-21T08:00"))
    friday = estimates_of(market, instant("2026-11-20T15:00"))
    assert weekend is not None
    assert friday is not None
    assert weekend.slot == 5
    assert (weekend.foreign == friday.foreign).all()
