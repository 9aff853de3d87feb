"""Headlines behind the port, page after page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.kis.evidence import KisEvidence
from adapters.kis.transport import Priority
from application.ports.past_data import Headline, Headlines
from domain.errors import MarketDataMalformedError
from domain.listing import Ticker
from domain.session import KST
from tests.adapters.kis.fakes import Answer, ScriptedTransport, good
from tests.adapters.kis.past_wire import emulated, scripted
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.headlines import headlines_until
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

TICKER = Ticker("000010")
NOON = datetime(2026, 11, 20, 12, tzinfo=KST)
SINCE, UNTIL = NOON - timedelta(hours=4), NOON


def title(serial: int, at: str = "090000", **changes: str) -> dict[str, str]:
    return {
        "cntt_usiq_srno": f"{serial:019d}",
        "news_ofer_entp_code": "6",
        "data_dt": "20261120",
        "data_tm": at,
        "hts_pbnt_titl_cntt": f"제목 {serial}",
        "news_lrdv_code": "02",
        "dorg": "가상뉴스",
        "iscd1": "000010",
        **changes,
    }


def page(*rows: dict[str, str]) -> Answer:
    return good(output=list(rows))


def evidence(*pages: Answer) -> tuple[KisEvidence, ScriptedTransport]:
    wire, transport = scripted(*pages)
    return KisEvidence(wire.stocks), transport


async def found(*pages: Answer) -> Headlines:
    return await evidence(*pages)[0].headlines(TICKER, SINCE, UNTIL)


def titles(headlines: Headlines) -> list[str]:
    return [row.title for row in headlines.rows]


async def test_one_page_that_reaches_back_far_enough_is_all() -> None:
    source, transport = evidence(
        page(title(3, "110000"), title(2, "081500"), title(1, "075959"))
    )

    headlines = await source.headlines(TICKER, SINCE, UNTIL)

    assert headlines == Headlines(
        rows=(
            Headline(
                at=NOON - timedelta(hours=1),
                title="제목 3",
                is_disclosure=False,
                source="가상뉴스",
            ),
            Headline(
                at=NOON - timedelta(hours=3, minutes=45),
                title="제목 2",
                is_disclosure=False,
                source="가상뉴스",
            ),
        ),
        is_cut=False,
    )
    (request,) = transport.requests
    assert request.priority is Priority.INTERACTIVE
    assert request.params["FID_INPUT_DATE_1"] == "0020261120"
    assert request.params["FID_INPUT_HOUR_1"] == "0000120000"


async def test_pages_go_back_from_the_oldest_title_and_overlap() -> None:
    source, transport = evidence(
        page(title(4, "110000"), title(3, "100000")),
        page(title(3, "100000"), title(2, "090000")),
        page(title(2, "090000"), title(1, "070000")),
    )

    headlines = await source.headlines(TICKER, SINCE, UNTIL)

    assert titles(headlines) == ["제목 4", "제목 3", "제목 2"]
    assert not headlines.is_cut
    assert [request.params["FID_INPUT_HOUR_1"] for request in transport.requests] == [
        "0000120000",
        "0000100000",
        "0000090000",
    ]


async def test_three_pages_that_do_not_reach_back_are_cut() -> None:
    headlines = await found(
        page(title(4, "110000")),
        page(title(3, "103000")),
        page(title(2, "100000")),
        page(title(1, "093000")),
    )
    assert titles(headlines) == ["제목 4", "제목 3", "제목 2"]
    assert headlines.is_cut


async def test_a_list_that_ends_before_then_is_whole() -> None:
    same = page(title(2, "110000"), title(1, "100000"))
    assert not (await found(same, same)).is_cut
    assert not (await found(same, page())).is_cut
    assert await found(page()) == Headlines(rows=(), is_cut=False)


async def test_a_full_page_that_only_repeats_is_cut() -> None:
    full = page(*(title(serial, "100000") for serial in range(1, 41)))
    headlines = await found(full, full)
    assert (len(headlines.rows), headlines.is_cut) == (40, True)


async def test_a_later_time_of_an_edited_title_does_not_turn_pages_back() -> None:
    source, transport = evidence(
        page(title(3, "100000")),
        page(title(2, "113000")),
        page(title(1, "070000")),
    )
    headlines = await source.headlines(TICKER, SINCE, UNTIL)
    assert titles(headlines) == ["제목 2", "제목 3"]
    assert transport.requests[2].params["FID_INPUT_HOUR_1"] == "0000100000"


async def test_titles_of_other_stocks_and_other_hours_are_left_out() -> None:
    headlines = await found(
        page(
            title(5, "120001"),
            title(4, "110000", iscd1="000020"),
            title(3, "110000", iscd1="", iscd2="000010"),
            title(2, "110000", iscd1=""),
            title(1, "070000"),
        )
    )
    assert titles(headlines) == ["제목 3"]


@pytest.mark.parametrize(
    ("changes", "disclosed"),
    [
        ({"news_ofer_entp_code": "F"}, True),
        ({"news_ofer_entp_code": "G"}, True),
        ({"news_ofer_entp_code": "I"}, True),
        ({"dorg": "거래소공시"}, True),
        ({"dorg": "금융감독원"}, True),
        ({"news_ofer_entp_code": "7", "dorg": "인포스탁"}, False),
        ({"news_ofer_entp_code": "", "dorg": ""}, False),
    ],
)
async def test_a_disclosure_is_told_by_who_provides_it(
    changes: dict[str, str], disclosed: bool
) -> None:
    (row,) = (await found(page(title(2, "110000", **changes)), page())).rows
    assert row.is_disclosure is disclosed


async def test_a_bad_title_loses_no_other() -> None:
    headlines = await found(
        page(title(3, "11000a"), title(2, "110000"), title(1, "070000"))
    )
    assert titles(headlines) == ["제목 2"]


async def test_a_page_without_one_good_title_is_an_error() -> None:
    with pytest.raises(MarketDataMalformedError, match="data_tm"):
        await found(page(title(1, "")))


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


async def test_emulated_headlines_are_the_planted_ones(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    now = emulator.clock.now()
    since = now - timedelta(days=3)
    stocks = [x.code for x in emulator.truth.listings() if x.kind == "STOCK"]
    async with emulated(emulator, tmp_path) as wire:
        source = KisEvidence(wire.stocks)
        for code in stocks[:20]:
            headlines = await source.headlines(Ticker(code), since, now)
            planted = [
                (x.at, x.title, x.is_disclosure)
                for x in headlines_until(emulator.truth, now, code)
                if x.at >= since
            ]
            assert sorted(
                (row.at, row.title, row.is_disclosure) for row in headlines.rows
            ) == sorted(planted)
            assert not headlines.is_cut
