"""Indices behind the port: quotes now, and names from the broker's file."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from adapters.kis.index_names import IndexNames, parse_index_names
from adapters.kis.indices import KisIndices
from adapters.kis.transport import KisResponse, Priority
from application.ports.clock import Clock
from application.ports.past_data import IndexQuote
from domain.errors import (
    MarketDataError,
    MarketDataMalformedError,
    MarketDataUnavailableError,
)
from domain.listing import Market, Won
from tests.adapters.kis.fakes import KST, HandClock, ScriptedTransport, good
from tests.adapters.kis.master_lines import zipped
from tests.adapters.kis.past_wire import emulated, scripted
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.index_codes import CODES
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.sectors import sector_at
from tests.kis_emulator.server import RunningEmulator, running_emulator

PATH = "/common/master/idxcode.mst.zip"


def index_line(code: str, name: str) -> bytes:
    return (code[0] + code).encode() + name.encode("cp949").ljust(40)


def names_zip(*names: tuple[str, str]) -> bytes:
    return zipped(*(index_line(*named) for named in names), name="idxcode.mst")


def row(code: str = "0009", **changes: str) -> dict[str, str]:
    return {
        "bstp_cls_code": code,
        "hts_kor_isnm": "제약 ",
        "bstp_nmix_prpr": "12000.11",
        "bstp_nmix_prdy_vrss": "-120.00",
        "prdy_vrss_sign": "5",
        "bstp_nmix_prdy_ctrt": "-1.03",
        "acml_vol": "118963",
        "acml_tr_pbmn": "7078909",
        "acml_vol_rlim": "4.95",
        "acml_tr_pbmn_rlim": "",
        **changes,
    }


def indices(answer: KisResponse) -> tuple[KisIndices, ScriptedTransport]:
    wire, transport = scripted(answer)
    names = IndexNames(transport, Path("/nowhere"), HandClock())
    return KisIndices(wire.indices, names), transport


@pytest.mark.parametrize(
    ("market", "letter", "code"),
    [(Market.KOSPI, "K", "0001"), (Market.KOSDAQ, "Q", "1001")],
)
async def test_every_index_of_a_market_comes_in_one_call(
    market: Market, letter: str, code: str
) -> None:
    source, transport = indices(good(output2=[row(), row("0010"), row()]))

    quotes = await source.sector_quotes(market)

    assert quotes[0] == IndexQuote(
        code="0009",
        name="제약",
        change_rate=-0.0103,
        trading_value=Won(7_078_909_000_000),
    )
    assert [quote.code for quote in quotes] == ["0009", "0010"]
    (request,) = transport.requests
    assert request.priority is Priority.INTERACTIVE
    assert request.params["FID_MRKT_CLS_CODE"] == letter
    assert request.params["FID_INPUT_ISCD"] == code


@pytest.mark.parametrize(
    ("rate", "sign", "fraction"),
    [
        ("-1.03", "5", -0.0103),
        ("1.03", "5", -0.0103),
        ("1.03", "2", 0.0103),
        ("0.00", "3", 0.0),
        ("", "2", None),
    ],
)
async def test_a_rate_is_a_signed_fraction(
    rate: str, sign: str, fraction: float | None
) -> None:
    answer = good(output2=[row(bstp_nmix_prdy_ctrt=rate, prdy_vrss_sign=sign)])
    (quote,) = await indices(answer)[0].sector_quotes(Market.KOSPI)
    assert quote.change_rate == fraction


async def test_a_blank_value_of_an_index_is_missing() -> None:
    answer = good(output2=[row(acml_tr_pbmn=""), row("0010", acml_tr_pbmn="9" * 20)])
    quotes = await indices(answer)[0].sector_quotes(Market.KOSPI)
    assert [quote.trading_value for quote in quotes] == [None, None]


async def test_a_bad_index_loses_no_other() -> None:
    source, _ = indices(good(output2=[row(acml_tr_pbmn="12a4"), row("0010")]))
    quotes = await source.sector_quotes(Market.KOSPI)
    assert [quote.code for quote in quotes] == ["0010"]


async def test_a_list_without_one_good_index_is_an_error() -> None:
    source, _ = indices(good(output2=[row(acml_tr_pbmn="12a4")]))
    with pytest.raises(MarketDataMalformedError, match="acml_tr_pbmn"):
        await source.sector_quotes(Market.KOSPI)


async def test_an_empty_list_of_indices_is_no_answer() -> None:
    with pytest.raises(MarketDataUnavailableError):
        await indices(good(output2=[]))[0].sector_quotes(Market.KOSPI)


def test_names_lie_in_bytes_five_to_forty_four() -> None:
    lines = index_line("0009", "제약") + b"tail\r\n" + index_line("1024", "제약")
    assert parse_index_names(lines) == {"0009": "제약", "1024": "제약"}


def test_a_line_without_a_code_or_a_name_is_left_out() -> None:
    lines = [
        index_line("0009", "제약"),
        b"0001",
        b"0" + b"00x9" + "화학".encode("cp949"),
        b"00010" + b"\x81\x20" * 20,
    ]
    assert parse_index_names(b"\n".join(lines)) == {"0009": "제약"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"<html>\n"])
def test_a_file_without_names_is_refused(data: bytes) -> None:
    with pytest.raises(MarketDataMalformedError):
        parse_index_names(data)


def store(
    folder: Path, clock: Clock, *names: tuple[str, str]
) -> tuple[IndexNames, ScriptedTransport]:
    files = {PATH: names_zip(*names)} if names else {}
    transport = ScriptedTransport(files=files)
    return IndexNames(transport, folder, clock), transport


async def test_names_are_fetched_once_a_day_however_many_ask(tmp_path: Path) -> None:
    clock = HandClock()
    names, transport = store(tmp_path, clock, ("0009", "제약"))

    found = await asyncio.gather(names.names(), names.names())
    await names.names()
    clock.forward(days=1)
    await names.names()

    assert found[0] == found[1] == {"0009": "제약"}
    assert transport.downloads == [PATH, PATH]


async def test_names_of_the_day_are_read_from_disk(tmp_path: Path) -> None:
    first, _ = store(tmp_path, HandClock(), ("0009", "제약"))
    await first.names()
    second, transport = store(tmp_path, HandClock())

    assert await second.names() == {"0009": "제약"}
    assert transport.downloads == []


async def test_yesterdays_names_serve_while_the_file_cannot_be_had(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    first, _ = store(tmp_path, clock, ("0009", "제약"))
    await first.names()
    clock.forward(days=1)
    second, transport = store(tmp_path, clock)

    found = [await second.names(), await second.names()]
    clock.forward(minutes=2)
    await second.names()

    assert found == [{"0009": "제약"}] * 2
    assert len(transport.downloads) == 2  # tried again after a minute


async def test_without_any_file_there_are_no_names(tmp_path: Path) -> None:
    names, _ = store(tmp_path, HandClock())
    with pytest.raises(MarketDataUnavailableError):
        await names.names()


async def test_a_kept_file_that_is_broken_is_fetched_anew(tmp_path: Path) -> None:
    clock = HandClock(datetime(2026, 11, 20, 10, tzinfo=KST))
    (tmp_path / "2026-11-20").mkdir()
    (tmp_path / "2026-11-20" / "idxcode.mst.zip").write_bytes(b"cut")
    names, _ = store(tmp_path, clock, ("0009", "제약"))
    assert await names.names() == {"0009": "제약"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


async def test_emulated_indices_are_the_truth(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    async with emulated(emulator, tmp_path) as wire:
        names = IndexNames(wire.transport, tmp_path / "indices", emulator.clock)
        source = KisIndices(wire.indices, names)
        quotes = {
            quote.code: quote for quote in await source.sector_quotes(Market.KOSPI)
        }
        called = await source.sector_names()

    assert called == {known.code: known.name for known in CODES}
    for code in ("0001", "0009", "0027"):
        index = sector_at(emulator.truth, code, emulator.clock.now())
        percent = round(100 * (index.level - index.previous) / index.previous, 2)
        assert quotes[code].trading_value == index.trading_value // 10**6 * 10**6
        assert quotes[code].change_rate == pytest.approx(percent / 100, abs=5e-5)
        assert quotes[code].name == called[code]


async def test_every_error_is_one_of_ours(tmp_path: Path) -> None:
    transport = ScriptedTransport(files={PATH: b"<html>"})
    with pytest.raises(MarketDataError):
        await IndexNames(transport, tmp_path, HandClock()).names()
