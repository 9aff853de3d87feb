import json

import orjson
import pytest

from adapters.kis.transport import KisRequest, KisResponse
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import answered, failed, good, quote_row
from tests.adapters.replay.tapes import (
    Tape,
    at,
    index_request,
    prices,
    quotes,
    quotes_request,
    replay,
)


async def test_another_batching_gives_the_same_rows(tape: Tape) -> None:
    first = quotes_request(("J", "000010"), ("J", "000020"))
    tape.take(at("09:05"), first, quotes({"000010": 11, "000020": 12}))
    tape.take_quotes(at("09:06"), {("J", "000030"): 13})
    transport = replay(tape.done(), at("09:06"))

    asked = quotes_request(("J", "000030"), ("J", "000010"))
    response = await transport.exchange(asked)

    assert response.status == 200
    assert orjson.loads(response.body) == {
        "output": [
            quote_row("000030", inter2_prpr="13"),
            quote_row("000010", inter2_prpr="11"),
        ],
        "rt_cd": "0",
        "msg_cd": "MCA00000",
        "msg1": "정상처리 되었습니다.",
    }


async def test_quotes_written_with_blanks_are_read_too(tape: Tape) -> None:
    body = json.dumps({"output": [quote_row("000010")], "rt_cd": "0"}, indent=1)
    answer = KisResponse(status=200, body=body.encode())
    tape.take(at("09:05"), quotes_request(("J", "000010")), answer)

    found = await prices(replay(tape.done(), at("09:05")), ("J", "000010"))

    assert found == {"000010": "10100"}


async def test_each_venue_has_its_own_quote_of_a_code(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    tape.take_quotes(at("09:05"), {("NX", "000010"): 99})
    transport = replay(tape.done(), at("09:05"))

    assert await prices(transport, ("J", "000010")) == {"000010": "11"}
    assert await prices(transport, ("NX", "000010")) == {"000010": "99"}


async def test_a_code_never_recorded_is_left_out(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    transport = replay(tape.done(), at("09:05"))

    found = await prices(transport, ("J", "000010"), ("J", "999999"), ("NX", "000010"))

    assert found == {"000010": "11"}


async def test_a_refused_call_gives_no_rows(tape: Tape) -> None:
    request = quotes_request(("J", "000010"))
    tape.take(at("09:05"), request, quotes({"000010": 11}))
    tape.take(at("09:06"), request, failed("EGW00201"))
    tape.take(at("09:06"), request, answered(200, {"output": "nothing", "rt_cd": "0"}))
    tape.writer.mark(at("09:06"))

    assert await prices(replay(tape.done(), at("09:06")), ("J", "000010")) == {
        "000010": "11"
    }


async def test_one_code_at_two_divisions_is_told_apart_by_slot(tape: Tape) -> None:
    rows = [quote_row("000010", inter2_prpr=price) for price in ("11", "99")]
    asked = quotes_request(("J", "000010"), ("NX", "000010"))
    tape.take(at("09:05"), asked, good(output=rows))
    transport = replay(tape.done(), at("09:05"))

    assert await prices(transport, ("NX", "000010")) == {"000010": "99"}


async def test_a_row_that_may_be_of_either_division_is_of_none(tape: Tape) -> None:
    asked = quotes_request(("J", "000010"), ("NX", "000010"))
    tape.take(at("09:05"), asked, good(output=[quote_row("000010")]))
    transport = replay(tape.done(), at("09:05"))

    with pytest.raises(MarketDataUnavailableError):
        await transport.exchange(quotes_request(("J", "000010")))


async def test_quotes_that_were_not_recorded_say_what_is_missing(tape: Tape) -> None:
    tape.take_quotes(at("09:05"), {("J", "000010"): 11})
    transport = replay(tape.done(), at("09:04:59"))

    with pytest.raises(MarketDataUnavailableError) as caught:
        await transport.exchange(quotes_request(("J", "000010")))

    assert str(caught.value) == (
        "녹화본 '손으로 쓴 녹화'의 2026-11-20 09:04:59 시점에는 이 조건의"
        " intstock-multprice(FHKST11300006) 기록이 없습니다. REPLAY_AT이나 조건을"
        " 바꾸거나 다른 녹화본을 쓰세요."
    )


async def test_another_question_is_answered_as_it_was_recorded(tape: Tape) -> None:
    body = b'{ "rt_cd" : "0", "output": {"acml_tr_pbmn": "10"} }'
    tape.take(at("09:05"), index_request(), good(output={"acml_tr_pbmn": "9"}))
    tape.take(at("09:06"), index_request(), KisResponse(status=200, body=body))
    transport = replay(tape.done(), at("09:06"))

    assert (await transport.exchange(index_request())).body == body


async def test_order_blanks_and_case_of_parameters_do_not_matter(tape: Tape) -> None:
    tape.take(at("09:05"), index_request(), good(output={"a": "1"}))
    asked = KisRequest(
        path="/x",
        tr_id="FHPUP02100000",
        params={
            "fid_input_iscd": "0001 ",
            "FID_COND_MRKT_DIV_CODE": "U",
            "CTX_AREA_FK": "",
        },
    )

    response = await replay(tape.done(), at("09:05")).exchange(asked)

    assert orjson.loads(response.body)["output"] == {"a": "1"}


async def test_a_good_answer_comes_before_a_newer_failure(tape: Tape) -> None:
    tape.take(at("09:05"), index_request(), good(output={"a": "1"}))
    tape.take(at("09:06"), index_request(), failed("EGW00201"))

    response = await replay(tape.done(), at("09:06")).exchange(index_request())

    assert response.status == 200


async def test_a_failure_is_replayed_where_there_is_nothing_better(tape: Tape) -> None:
    tape.take(at("09:06"), index_request(), failed("EGW00201"))

    response = await replay(tape.done(), at("09:06")).exchange(index_request())

    assert response == failed("EGW00201")


async def test_an_unrecorded_question_says_what_is_missing(tape: Tape) -> None:
    tape.take(at("09:05"), index_request(), good(output={"a": "1"}))
    transport = replay(tape.done(), at("09:05"))

    with pytest.raises(
        MarketDataUnavailableError, match=r"inquire-index-price\(FHPUP02100000\)"
    ):
        await transport.exchange(index_request("1001"))


async def test_a_file_that_was_not_recorded_says_so(tape: Tape) -> None:
    with pytest.raises(MarketDataUnavailableError, match=r"kospi_code\.mst\.zip 기록"):
        await replay(tape.done(), at("09:05")).download("/a/kospi_code.mst.zip")
