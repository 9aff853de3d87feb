from datetime import datetime

import pytest
import zstandard

from adapters.cache.packed import unwrap, wrap
from application.ports.cache import Form, Held
from tests.adapters.cache.caching import JSON, TEXT
from tests.builders import at

HELD = Held(value={"종목": [1, 2]}, as_of=at("10:30"), stale=True, reason="늦습니다.")


def test_a_value_comes_back_with_what_it_is_of() -> None:
    assert unwrap(wrap(HELD, JSON), JSON).held == HELD


def test_two_computations_are_told_apart() -> None:
    stamps = {unwrap(wrap(HELD, JSON), JSON).stamp for _ in range(2)}

    assert len(stamps) == 2


def test_what_repeats_is_compressed() -> None:
    held = Held(value="가나다라" * 5_000, as_of=at("10:30"))

    data = wrap(held, TEXT)

    assert len(data) < 2_000
    assert unwrap(data, TEXT).held == held


def test_what_is_small_or_compressed_already_stays_as_it_is() -> None:
    raw: Form[bytes] = Form(pack=bytes, unpack=bytes, size=len)
    text = "".join(f"{number**7:x}" for number in range(1_000)).encode()
    packed = zstandard.compress(text)
    assert len(packed) > 2_000
    small = b"a" * 500

    kept = [
        wrap(Held(value=value, as_of=at("10:30")), raw) for value in (packed, small)
    ]

    assert [packed in kept[0], small in kept[1]] == [True, True]
    assert [data[5] for data in kept] == [0, 0]  # plain, by the envelope's front


@pytest.mark.parametrize("value", [{"종목": 1}, {"종목": "가" * 3_000}])
def test_a_changed_byte_anywhere_is_noticed(value: object) -> None:
    data = wrap(Held(value=value, as_of=at("10:30")), JSON)

    for place in range(len(data)):
        with pytest.raises(ValueError, match="no parcel"):
            unwrap(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], JSON)


def test_cut_lengthened_and_foreign_bytes_are_refused() -> None:
    data = wrap(HELD, JSON)
    for bad in (b"", data[:-1], data[:10], data + b"x", b"{}", b"MVRC", b"\x00" * 40):
        with pytest.raises(ValueError, match="no parcel"):
            unwrap(bad, JSON)


def test_another_version_is_refused() -> None:
    data = wrap(HELD, JSON)

    with pytest.raises(ValueError, match="foreign"):
        unwrap(data[:4] + b"\x02" + data[5:], JSON)


def test_an_instant_without_a_zone_is_refused() -> None:
    held = Held(value=1, as_of=datetime(2026, 8, 20, 10, 30))  # noqa: DTZ001 - the point

    with pytest.raises(ValueError, match="zone"):
        unwrap(wrap(held, JSON), JSON)


def test_what_another_form_packed_is_refused() -> None:
    foreign: Form[object] = Form(
        pack=lambda value: b"", unpack=lambda raw: raw[10_000], size=lambda value: 1
    )

    with pytest.raises(ValueError, match="no parcel"):
        unwrap(wrap(HELD, JSON), foreign)
