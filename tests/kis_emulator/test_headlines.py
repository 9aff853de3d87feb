from collections import Counter
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path

import orjson
import pytest

from tests.kis_emulator.asking import Asker, Heard
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.news_title import NEWS_TITLE
from tests.kis_emulator.headlines import headlines_on, headlines_until, movers
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator

FRIDAY = date(2026, 11, 20)


def at(clock: str, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=KST)


def titles(asker: Asker, **changes: str) -> Heard:
    params = {
        "FID_NEWS_OFER_ENTP_CODE": "",
        "FID_COND_MRKT_CLS_CODE": "",
        "FID_INPUT_ISCD": "",
        "FID_TITL_CNTT": "",
        "FID_INPUT_DATE_1": "",
        "FID_INPUT_HOUR_1": "",
        "FID_RANK_SORT_CLS_CODE": "",
        "FID_INPUT_SRNO": "",
    }
    return asker.get(NEWS_TITLE, **(params | changes))


@pytest.fixture
def code(market: SimulatedMarket) -> str:
    """The stock with the most titles of the day."""
    filed = Counter(
        code for title in headlines_on(market, FRIDAY) for code in title.codes
    )
    return filed.most_common(1)[0][0]


def test_rows_have_the_recorded_keys(shared: Path, asker: Asker, code: str) -> None:
    sample = (shared / "kis-samples" / "FHKST01011800-1.json").read_bytes()
    rows = titles(asker, FID_INPUT_ISCD=code).rows
    assert list(rows[0]) == list(orjson.loads(sample)["output"][0])
    assert all(isinstance(value, str) for row in rows for value in row.values())


def test_a_page_is_forty_titles_newest_first_and_none_to_come(asker: Asker) -> None:
    stamps = [row["data_dt"] + row["data_tm"] for row in titles(asker).rows]
    assert len(stamps) == 40
    assert stamps[0] <= "20261120103000"
    assert all(later >= earlier for later, earlier in pairwise(stamps))


def test_a_codes_titles_are_the_truths(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("19:30"))
    rows = titles(asker, FID_INPUT_ISCD=code).rows
    today = [row["cntt_usiq_srno"] for row in rows if row["data_dt"] == "20261120"]
    planted = headlines_on(emulator.truth, FRIDAY, code)
    assert len(planted) >= 3
    assert today == [title.serial for title in planted]
    assert all(code in (row[f"iscd{place}"] for place in range(1, 11)) for row in rows)


def test_pages_go_on_at_the_last_rows_second_and_overlap_there(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.clock.set(at("19:30"))
    read: list[str] = []
    stamp = ("00" + "20261120", "0000" + "193000")
    for _ in range(6):
        page = titles(asker, FID_INPUT_DATE_1=stamp[0], FID_INPUT_HOUR_1=stamp[1]).rows
        assert not read or page[0]["data_tm"] <= stamp[1][4:]
        read += [row["cntt_usiq_srno"] for row in page]
        stamp = ("00" + page[-1]["data_dt"], "0000" + page[-1]["data_tm"])
    newest = [
        title.serial
        for title in headlines_until(emulator.truth, at("19:30"))
        if title.at.date() == FRIDAY
    ]
    unique = list(dict.fromkeys(read))
    assert len(unique) < len(read)
    assert unique == newest[: len(unique)]


def test_a_past_instant_may_be_asked(asker: Asker) -> None:
    rows = titles(
        asker, FID_INPUT_DATE_1="0020261118", FID_INPUT_HOUR_1="0000110100"
    ).rows
    assert (rows[0]["data_dt"], rows[0]["data_tm"] <= "110100") == ("20261118", True)


def test_some_titles_are_filed_under_several_codes(
    asker: Asker, emulator: RunningEmulator
) -> None:
    several = next(
        title
        for title in headlines_on(emulator.truth, date(2026, 11, 19))
        if len(title.codes) == 5
    )
    row = next(
        row
        for row in titles(asker, FID_INPUT_ISCD=several.codes[4]).rows
        if row["cntt_usiq_srno"] == several.serial
    )
    listed = emulator.truth.listing_of
    assert [row[f"iscd{place}"] for place in range(1, 7)] == [*several.codes, ""]
    assert row["kor_isnm5"] == listed[several.codes[4]].name


def test_disclosures_bear_the_exchanges_provider_codes(
    whole_market: SimulatedMarket,
) -> None:
    found = headlines_on(whole_market, FRIDAY)
    disclosed = [title for title in found if title.is_disclosure]
    assert 0.1 < len(disclosed) / len(found) < 0.5
    for title in disclosed:
        market = whole_market.listing_of[title.codes[0]].market
        assert title.provider == {"KOSPI": "F", "KOSDAQ": "G", "KONEX": "N"}[market]


def test_movers_have_up_to_six_of_their_own_and_others_seldom_any(
    whole_market: SimulatedMarket,
) -> None:
    final = whole_market.final("J", FRIDAY)
    own = Counter(
        title.codes[0] for title in headlines_on(whole_market, FRIDAY) if title.codes
    )
    moved = {final.codes[row] for row in movers(final).nonzero()[0]}
    stocks = {item.code for item in whole_market.listings() if item.kind == "STOCK"}
    counts = [own[code] for code in moved & stocks]
    assert set(counts) == {0, 1, 2, 3, 4, 5, 6}
    quiet = stocks - moved
    assert sum(own[code] > 0 for code in quiet) < 0.1 * len(quiet)


def test_the_same_day_has_the_same_titles_in_another_process() -> None:
    one, other = (SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10) for _ in range(2))
    other.snapshot("J", at("11:00"))
    assert headlines_on(one, FRIDAY) == headlines_on(other, FRIDAY)


def test_serials_are_unique_and_some_titles_share_a_second(
    market: SimulatedMarket,
) -> None:
    found = headlines_on(market, FRIDAY)
    assert len({title.serial for title in found}) == len(found)
    assert len({title.at for title in found}) < len(found)


def test_a_closed_day_has_no_titles(market: SimulatedMarket) -> None:
    assert headlines_on(market, date(2026, 11, 21)) == ()


def test_an_unknown_code_has_no_titles(asker: Asker) -> None:
    heard = titles(asker, FID_INPUT_ISCD="005930")
    assert (heard.json["rt_cd"], heard.rows) == ("0", [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_NEWS_OFER_ENTP_CODE", "F"),
        ("FID_TITL_CNTT", "실적"),
        ("FID_INPUT_SRNO", "1"),
        ("FID_INPUT_DATE_1", "20261120"),
        ("FID_INPUT_DATE_1", "0020261131"),
        ("FID_INPUT_HOUR_1", "103000"),
        ("FID_INPUT_HOUR_1", "0000256000"),
    ],
)
def test_a_wrong_parameter_is_named(asker: Asker, name: str, value: str) -> None:
    heard = titles(asker, **{name: value})
    assert (heard.json["rt_cd"], heard.json["msg1"]) == ("2", f"ERROR INVALID {name}")
