from datetime import date, datetime
from pathlib import Path

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.real_day import RealDay, real_day
from tests.kis_emulator.server import running_emulator

DAY = date(2024, 2, 8)


@pytest.fixture(scope="module")
def official(shared: Path) -> RealDay:
    return real_day(shared / "krx" / "official_amount_marcap_janfeb.parquet", DAY)


def closing() -> datetime:
    return datetime(2024, 2, 8, 15, 40, tzinfo=KST)


def test_official_figures_come_out_as_they_stand(official: RealDay) -> None:
    quote = official.snapshot("J", closing()).quote("005930")
    assert quote is not None
    # 2024-02-08: 20,810,708 shares for 1,545,421,527,910 won, closing 900 down
    assert (quote.volume, quote.trading_value) == (20_810_708, 1_545_421_527_910)
    assert (quote.price, quote.change, quote.listed_shares) == (
        74_100,
        -900,
        5_969_782_550,
    )
    assert official.listing_of["005930"].name == "삼성전자"


def test_before_the_opening_it_shows_the_day_before_then_zeros(
    official: RealDay,
) -> None:
    early = official.snapshot("J", closing().replace(hour=8, minute=0))
    assert early.quote("005930") == official.final("J", date(2024, 2, 7)).quote(
        "005930"
    )
    reset = official.snapshot("J", closing().replace(hour=8, minute=50))
    assert not reset.volume.any()


def test_a_real_day_is_served_like_any_other(official: RealDay) -> None:
    with running_emulator(market=official, clock=EmulatorClock(closing())) as emulator:
        asker = Asker.with_token(emulator.base_url)
        first = asker.rank().rows[0]
        heaviest = official.final("J", DAY).trading_value.max()
        assert int(first["acml_tr_pbmn"]) == heaviest
        assert asker.rank("NX").rows == []
        assert len(asker.bars("005930", "20240101", "20240208").json["output2"]) == 28
        total = asker.index("0001").json["output"]
        assert total["bstp_nmix_prpr"] == "2700.00"
        assert (
            asker.send("GET", "/common/master/kospi_code.mst.zip", None, {}).status
            == 200
        )


def test_a_day_without_rows_is_refused(shared: Path) -> None:
    path = shared / "krx" / "official_amount_marcap_janfeb.parquet"
    with pytest.raises(ValueError, match="2024-02-10"):
        real_day(path, date(2024, 2, 10))
