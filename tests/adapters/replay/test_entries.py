import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.replay.entries import Entry, of_lines, pack, to_lines, unpack
from domain.errors import MarketDataMalformedError
from tests.adapters.replay.tapes import at

ROWS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(max_size=5)), max_size=4
)
JSON_BODIES = st.dictionaries(st.text(max_size=5), ROWS | st.text() | st.none())


@given(st.binary() | JSON_BODIES.map(orjson.dumps))
def test_a_body_comes_back_to_the_byte(body: bytes) -> None:
    packed = orjson.loads(orjson.dumps(pack(body)))

    assert unpack(packed) == body


def test_a_body_with_blanks_between_its_tokens_comes_back_to_the_byte() -> None:
    body = '{ "output": [{"a": "가"}, {"a": "1.50"}] }'.encode()

    assert unpack(pack(body)) == body


def test_equal_rows_are_stored_as_columns() -> None:
    body = orjson.dumps({"output": [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]})

    packed = pack(body)

    assert packed["json"]["output"] == {
        "keys": ["a", "b"],
        "columns": [["1", "3"], ["2", "4"]],
    }


def test_lines_do_not_depend_on_the_order_of_arrival() -> None:
    one = Entry(at=at("09:05"), path="/a", params={}, packed=pack(b"1"))
    two = Entry(at=at("09:06"), path="/a", params={}, packed=pack(b"2"))

    assert to_lines([two, one]) == to_lines([one, two])
    assert of_lines(to_lines([two, one])) == [one, two]


@pytest.mark.parametrize("line", [b"junk", b"[]", b"{}", b'{"params":{"a":1}}'])
def test_a_line_that_is_none_is_damage(line: bytes) -> None:
    with pytest.raises(MarketDataMalformedError, match="손상"):
        of_lines(line)


def test_a_body_in_no_known_form_is_damage() -> None:
    entry = Entry(at=at("09:05"), path="/a", params={}, packed={"odd": 1})

    with pytest.raises(MarketDataMalformedError, match="손상"):
        _ = entry.body
