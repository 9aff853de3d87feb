"""Arrays as compressed bytes: shuffled by byte, then zstandard with a checksum.

Shuffling (all first bytes, then all second ones) was measured on real market days:
15 to 25 % smaller than plain, and twice as fast to write.
"""

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import zstandard

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAMAGE = (zstandard.ZstdError, ValueError, KeyError, TypeError, struct.error)
"""What reading altered bytes raises."""

_LEVEL = 3
_HEAD = struct.Struct("<I")


def compress(data: bytes) -> bytes:
    """Smaller, with a checksum."""
    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    return packer.compress(data)


def decompress(data: bytes) -> bytes:
    """What `compress` was given.

    Raises:
        ZstdError: The bytes were altered.
    """
    return zstandard.ZstdDecompressor().decompress(data)


def pack(array: "NDArray[Any]") -> bytes:
    """One array; its dtype and length are to be kept beside it."""
    return compress(_shuffled(array))


class Unpacker:
    """Reads many arrays, cheaper than each with a decompressor of its own.

    To be used from one thread at a time.
    """

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor()

    def array(self, data: bytes, dtype: str, count: int) -> "NDArray[Any]":
        """One array of a known dtype and length.

        Raises:
            ZstdError: The bytes were altered.
            ValueError: They hold another number of values.
        """
        kind = np.dtype(dtype)
        said = zstandard.get_frame_parameters(data).content_size
        if said != kind.itemsize * count:
            raise ValueError(f"{said} bytes, not {count} of {dtype}")
        return _in_order(self._decompressor.decompress(data), kind, count)


def pack_columns(columns: Mapping[str, "NDArray[Any]"]) -> bytes:
    """Several arrays with their names, dtypes and lengths."""
    facts = [[name, array.dtype.str, len(array)] for name, array in columns.items()]
    head = orjson.dumps(facts)
    arrays = (_shuffled(array) for array in columns.values())
    return compress(b"".join((_HEAD.pack(len(head)), head, *arrays)))


def unpack_columns(data: bytes) -> "dict[str, NDArray[Any]]":
    """What `pack_columns` was given; the arrays may be written to.

    Raises:
        ZstdError, ValueError: The bytes were altered.
    """
    content = decompress(data)
    (length,) = _HEAD.unpack_from(content)
    start = _HEAD.size + length
    columns = {}
    for name, dtype, count in orjson.loads(content[_HEAD.size : start]):
        kind = np.dtype(dtype)
        end = start + kind.itemsize * count
        columns[name] = _in_order(content[start:end], kind, count)
        start = end
    return columns


def _shuffled(array: "NDArray[Any]") -> bytes:
    flat = np.ascontiguousarray(array)
    if not len(flat):
        return b""
    return flat.view(np.uint8).reshape(len(flat), -1).T.tobytes()


def _in_order(data: bytes, kind: "np.dtype[Any]", count: int) -> "NDArray[Any]":
    raw = np.frombuffer(data, dtype=np.uint8).reshape(kind.itemsize, count)
    return raw.T.copy().view(kind).reshape(count)
