"""Which of the recorded sweeps answers at an instant."""

from datetime import date, timedelta

import orjson
import pytest

from adapters.kis.client import KisClient
from adapters.kis.sweep import QuoteSweep
from adapters.kis.transport import KisRequest, KisResponse
from adapters.replay.chunks import Kind
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from domain.errors import MarketDataMalformedError, MarketDataUnavailableError
from tests.adapters.kis.fakes import HandClock, failed, good, quote_row
from tests.adapters.replay.tapes import (
    QUOTATIONS,
    Tape,
    at,
    index_request,
    prices,
    quotes_request,
    replay,
)

YESTERDAY = date(2026, 11, 19)
HOLIDAYS = KisRequest(
    path=f"{QUOTATIONS}/chk-holiday",
    tr_id="CTCA0903R",
    params={"BASS_DT": "20261120", "CTX_AREA_NK": "", "CTX_AREA_FK": ""},
)
BARS = KisRequest(
    path=f"{QUOTATIONS}/inquire-daily-itemchartprice",
    tr_id="FHKST03010100",
    params={"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": "000010"},
)
RANKING = KisRequest(
    path=f"{QUOTATIONS}/volume-rank",
    tr_id="FHPST01710000",
    params={"FID_COND_MRKT_DIV_CODE": "J", "FID_BLNG_CLS_CODE": "3"},
)


def _quote(code: str, price: str) -> KisResponse:
    return good(output=[quote_row(code, inter2_prpr=price)])


async def test_the_newest_sweep_until_now_answers(tape: Tape) -> None:
    for minute, price in ((5, 11), (10, 12), (15, 13)):
        tape.take_quotes(at(f"09:{minute:02}"), {("J", "000010"): price})
    recording = tape.done()

    assert await prices(replay(recording, at("09:10")), ("J", "000010")) == {
        "000010": "12"
    }
    assert await prices(replay(recording, at("09:14")), ("J", "000010")) == {
        "000010": "12"
    }
    assert await prices(replay(recording, at("15:00")), ("J", "000010")) == {
        "000010": "13"
    }


async def test_a_sweep_is_all_that_came_since_the_one_before(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11, ("J", "000020"): 21})
    tape.take(at("09:05:01"), quotes_request(("J", "000010")), _quote("000010", "12"))
    tape.take(at("09:09:59"), quotes_request(("J", "000020")), _quote("000020", "22"))
    tape.writer.mark(at("09:10"))

    found = await prices(
        replay(tape.done(), at("09:10")), ("J", "000010"), ("J", "000020")
    )

    assert found == {"000010": "12", "000020": "22"}


async def test_within_the_first_sweep_later_rows_are_not_seen_yet(tape: Tape) -> None:
    tape.take(at("09:05"), quotes_request(("J", "000010")), _quote("000010", "11"))
    tape.take(at("09:07"), quotes_request(("J", "000010")), _quote("000010", "12"))
    tape.writer.mark(at("09:08"))

    assert await prices(replay(tape.done(), at("09:06")), ("J", "000010")) == {
        "000010": "11"
    }


async def test_a_later_sweep_is_not_seen_until_it_has_ended(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11, ("J", "000020"): 21})
    tape.take(at("09:09"), quotes_request(("J", "000010")), _quote("000010", "12"))
    tape.writer.mark(at("09:10"))

    found = await prices(
        replay(tape.done(), at("09:09")), ("J", "000010"), ("J", "000020")
    )

    assert found == {"000010": "11", "000020": "21"}


async def test_a_running_clock_moves_the_quotes_on(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    tape.take_quotes(at("09:10"), {("J", "000010"): 12})
    clock = HandClock(at("09:05"))
    transport = ReplayTransport(tape.done(), clock)

    before = await prices(transport, ("J", "000010"))
    clock.forward(minutes=5)

    assert (before, await prices(transport, ("J", "000010"))) == (
        {"000010": "11"},
        {"000010": "12"},
    )


async def test_a_row_lost_in_a_sweep_is_not_filled_from_the_one_before(
    tape: Tape,
) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11, ("J", "000020"): 21})
    tape.take(
        at("09:10"),
        quotes_request(("J", "000010"), ("J", "000020")),
        _quote("000010", "12"),
    )
    tape.writer.mark(at("09:10"))
    transport = replay(tape.done(), at("09:10"))

    found = await prices(transport, ("J", "000020"), ("J", "000010"))
    assert found == {"000010": "12"}
    with pytest.raises(MarketDataUnavailableError):
        await transport.exchange(quotes_request(("J", "000020")))


async def test_the_product_misses_a_lost_row_even_after_a_second_try(
    tape: Tape,
) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11, ("J", "000020"): 21})
    tape.take_quotes(at("09:10"), {("J", "000010"): 12})
    sweep = QuoteSweep(KisClient(replay(tape.done(), at("09:10"))), "J")

    rows = await sweep.run(["000010", "000020"])

    assert [(row.inter_shrn_iscd, row.inter2_prpr) for row in rows] == [("000010", 12)]


async def test_a_row_lost_in_the_sweep_before_is_there_again(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    tape.take_quotes(at("09:10"), {("J", "000010"): 12, ("J", "000020"): 22})
    clock = HandClock(at("09:05"))
    transport = ReplayTransport(tape.done(), clock)

    before = await prices(transport, ("J", "000010"), ("J", "000020"))
    clock.forward(minutes=5)

    assert before == {"000010": "11"}
    assert await prices(transport, ("J", "000020")) == {"000020": "22"}


@pytest.mark.parametrize("asked", [index_request(), BARS, RANKING], ids=str)
async def test_what_a_sweep_lost_is_not_answered_from_the_one_before(
    tape: Tape, asked: KisRequest
) -> None:
    tape.take(at("09:05"), asked, good(output={"a": "1"}))
    tape.writer.mark(at("09:05"))
    tape.take_quotes(at("09:10"), {("J", "000010"): 12})
    recording = tape.done()

    assert (await replay(recording, at("09:05")).exchange(asked)).status == 200
    with pytest.raises(MarketDataUnavailableError, match=asked.tr_id):
        await replay(recording, at("09:10")).exchange(asked)


async def test_a_failure_is_not_mended_by_the_sweep_before(tape: Tape) -> None:
    tape.take(at("09:05"), index_request(), good(output={"a": "1"}))
    tape.writer.mark(at("09:05"))
    tape.take(at("09:10"), index_request(), failed("EGW00201"))
    tape.writer.mark(at("09:10"))

    response = await replay(tape.done(), at("09:10")).exchange(index_request())

    assert response == failed("EGW00201")


@pytest.mark.parametrize("day", [YESTERDAY, date(2026, 11, 20)], ids=str)
async def test_holidays_answer_from_any_earlier_time(tape: Tape, day: date) -> None:
    tape.take(at("08:00", day), HOLIDAYS, good(output=[{"bass_dt": "20261120"}]))
    tape.writer.mark(at("08:00", day))
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})

    response = await replay(tape.done(), at("09:05")).exchange(HOLIDAYS)

    assert orjson.loads(response.body)["output"] == [{"bass_dt": "20261120"}]


async def test_a_quote_of_an_earlier_session_never_answers(tape: Tape) -> None:
    tape.take_quotes(at("15:45", YESTERDAY), {("J", "000020"): 21})
    late = quotes_request(("J", "000030"))  # after the last sweep, in none
    tape.take(at("15:50", YESTERDAY), late, _quote("000030", "31"))
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    slots = [("J", "000010"), ("J", "000020"), ("J", "000030")]

    found = await prices(replay(tape.done(), at("09:05")), *slots)

    assert found == {"000010": "11"}


async def test_an_answer_of_an_earlier_session_never_answers(tape: Tape) -> None:
    yesterday = at("15:45", YESTERDAY)
    tape.take(yesterday, index_request(), good(output={"a": "1"}))
    tape.writer.mark(yesterday)
    tape.writer.mark(at("09:05"))  # a sweep that got nothing

    with pytest.raises(MarketDataUnavailableError):
        await replay(tape.done(), at("09:05")).exchange(index_request())


async def test_the_newest_file_until_now_is_downloaded(tape: Tape) -> None:
    path = "/common/master/kospi_code.mst.zip"
    tape.file(at("07:30", YESTERDAY), path, b"PK\x03\x04 old \xff")
    tape.writer.mark(at("08:00", YESTERDAY))
    tape.file(at("07:30"), path, b"PK\x03\x04 new \xff")
    for clock in ("09:05", "09:10"):
        tape.take_quotes(at(clock), {("J", "000010"): 11})
    recording = tape.done()

    assert await replay(recording, at("09:10")).download(path) == b"PK\x03\x04 new \xff"
    earlier = replay(recording, at("09:05") - timedelta(days=1))
    assert await earlier.download(path) == b"PK\x03\x04 old \xff"


async def test_only_the_chunks_that_are_needed_are_read(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11, ("J", "000020"): 21})
    tape.take_quotes(at("09:10"), {("J", "000010"): 12})
    recording = tape.done()
    _flip_first_quotes(recording)

    found = await prices(
        replay(recording, at("09:10")), ("J", "000010"), ("J", "000020")
    )

    assert found == {"000010": "12"}


async def test_a_damaged_chunk_is_a_clear_error_when_it_is_needed(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    recording = tape.done()
    _flip_first_quotes(recording)

    with pytest.raises(MarketDataMalformedError, match="녹화 파일이 손상"):
        await prices(replay(recording, at("09:05")), ("J", "000010"))


def _flip_first_quotes(recording: Recording) -> None:
    first = next(x for x in recording.chunks if x.kind == Kind.EXCHANGES)
    whole = bytearray(recording.path.read_bytes())
    whole[first.offset + 5] ^= 1
    recording.path.write_bytes(whole)
