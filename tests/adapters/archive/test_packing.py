"""Arrays as bytes: exact, and never wrong without a word."""

import numpy as np
import pytest

from adapters.archive.packed_axis import matches
from adapters.archive.packing import (
    DAMAGE,
    Unpacker,
    pack,
    pack_columns,
    unpack_columns,
)


@pytest.mark.parametrize(
    "array",
    [
        np.array([0, -1, 2**62, -(2**63)], dtype=np.int64),
        np.array([True, False, True]),
        np.array([0.1, np.nan, -np.inf]),
        np.array([b"005930", b"Q530036"], dtype="S8"),
        np.zeros(0, dtype=np.int64),
        np.arange(10)[::3],
    ],
)
def test_an_array_comes_back_as_it_was(
    array: "np.ndarray[tuple[int], np.dtype]",
) -> None:
    read = Unpacker().array(pack(array), array.dtype.str, len(array))
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


def test_columns_come_back_with_their_names() -> None:
    columns = {"days": np.arange(3), "marks": np.array([True]), "none": np.zeros(0)}
    read = unpack_columns(pack_columns(columns))
    assert list(read) == ["days", "marks", "none"]
    assert [array.tolist() for array in read.values()] == [[0, 1, 2], [True], []]


@pytest.mark.parametrize("place", [0, 4, 9, -1, -5])
def test_one_altered_byte_is_noticed(place: int) -> None:
    packed = bytearray(pack(np.arange(1_000)))
    packed[place] ^= 0x40
    with pytest.raises(DAMAGE):
        Unpacker().array(bytes(packed), "<i8", 1_000)


def test_another_number_of_values_is_noticed() -> None:
    with pytest.raises(DAMAGE):
        Unpacker().array(pack(np.arange(3)), "<i8", 4)


@pytest.mark.parametrize("packed", [b"", b"nonsense", pack(np.arange(9))])
def test_what_holds_no_columns_is_noticed(packed: bytes) -> None:
    with pytest.raises(DAMAGE):
        unpack_columns(packed)


def test_codes_are_found_in_any_order() -> None:
    held = np.array([30, 10, 20], dtype=np.uint64)
    rows, wanted = matches(held, np.array([20, 25, 30, 99], dtype=np.uint64))
    assert (rows.tolist(), wanted.tolist()) == ([2, 0], [0, 2])


def test_no_code_is_found_among_none() -> None:
    none = np.zeros(0, dtype=np.uint64)
    for held, wanted in ((none, none), (none, none + 1), (np.array([1], "u8"), none)):
        assert [rows.tolist() for rows in matches(held, wanted)] == [[], []]
