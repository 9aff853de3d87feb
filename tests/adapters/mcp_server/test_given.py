"""The form in which an answer is kept, and told at another age."""

import sys
from typing import Any

import orjson
import pytest

from adapters.mcp_server.given import GIVEN, as_of, size_of, with_age
from tests.builders import at


def given() -> dict[str, Any]:
    return {
        "content": [{"type": "text", "text": "거래대금 순위"}],
        "structuredContent": {
            "ranking": [{"rank": 1, "stock_name": "삼성전자", "per": None}],
            "meta": {"as_of": "2026-08-20T10:30:00+09:00", "age_seconds": 0.0},
        },
        "isError": False,
    }


def test_its_instant_is_that_of_its_figures() -> None:
    assert as_of(given()) == at("10:30")


def test_another_age_changes_nothing_else_and_not_the_one_that_is_kept() -> None:
    kept = given()
    older = with_age(kept, 12.34567)
    assert older["structuredContent"]["meta"]["age_seconds"] == 12.346
    assert kept == given()
    older["structuredContent"]["meta"]["age_seconds"] = 0.0
    assert orjson.dumps(older) == orjson.dumps(given())


def test_it_comes_back_out_of_its_bytes() -> None:
    assert GIVEN.unpack(GIVEN.pack(given())) == given()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"{}",
        b'{"structuredContent":null}',
        b'{"structuredContent":{"meta":{}}}',
        b'{"structuredContent":{"meta":{"as_of":"soon"}}}',
        b'{"structuredContent":{"meta":{"as_of":5}}}',
    ],
)
def test_bytes_that_hold_no_answer_are_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        GIVEN.unpack(data)


def test_its_size_counts_everything_once() -> None:
    text, number = "x" * 1_000, 2**70
    shared = [text, number]
    value = {"a": shared, "b": shared}
    parts = (value, "a", "b", shared, text, number)
    assert size_of(value) == sum(sys.getsizeof(part) for part in parts)
    assert size_of(None) == sys.getsizeof(None)
