from datetime import date, datetime

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.endpoints.calendar import HOLIDAYS, MARKET_TIME
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator


def test_pages_of_24_days_follow_each_other(asker: Asker) -> None:
    keys = {"CTX_AREA_NK": "", "CTX_AREA_FK": ""}
    first = asker.get(HOLIDAYS, BASS_DT="20261101", **keys)
    assert len(first.rows) == 24
    assert first.headers["tr_cont"] == "M"
    keys["CTX_AREA_NK"] = first.json["ctx_area_nk"]
    following = asker.get(HOLIDAYS, BASS_DT="20261101", **keys)
    assert following.rows[0]["bass_dt"] == "20261125"


def test_the_broker_may_know_a_day_better_or_worse_than_the_almanac() -> None:
    days = TradingDays(
        unlisted_holidays=[date(2026, 11, 23)],
        listed_holidays=[date(2026, 11, 24)],
        extra_sessions=[date(2026, 12, 25)],
    )
    said = [days.is_announced(date(2026, *day)) for day in ((11, 23), (11, 24))]
    assert said == [True, False]
    assert not days.is_session(date(2026, 11, 23))
    assert days.is_session(date(2026, 12, 25))
    assert days.next(date(2026, 11, 20)) == date(2026, 11, 25)


def test_an_unlisted_holiday_is_said_to_be_open() -> None:
    days = TradingDays(unlisted_holidays=[date(2026, 11, 23)])
    market = SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10, days=days)
    with running_emulator(market=market) as emulator:
        asker = Asker.with_token(emulator.base_url)
        heard = asker.get(HOLIDAYS, BASS_DT="20261123", CTX_AREA_NK="", CTX_AREA_FK="")
        assert heard.rows[0]["opnd_yn"] == "Y"


def test_market_time_tells_the_emulators_clock(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.clock.set(datetime(2026, 11, 20, 8, 35, 23, tzinfo=KST))
    output = asker.get(MARKET_TIME).json["output1"]
    assert (output["today"], output["time"]) == ("20261120", "083523")
    assert [output[f"date{number}"] for number in range(1, 6)] == [
        "20261118",
        "20261119",
        "20261120",
        "20261123",
        "20261124",
    ]
