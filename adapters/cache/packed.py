"""The envelope in which a value leaves the process.

A front (magic, version, how the body is kept, a checksum, the head's length), a head
of JSON, and the body, compressed where that pays. Nothing in it is ever executed.
"""

import secrets
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson
import zstandard

from application.ports.cache import Form, Held
from domain.session import in_seoul

T = TypeVar("T")

DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    struct.error,
    zstandard.ZstdError,
)
"""What reading altered or foreign bytes raises."""

_MAGIC = b"MVRC"
_VERSION = 1
_PLAIN, _ZSTANDARD = 0, 1
_FRONT = struct.Struct("<4sBBII")
_LEVEL = 3
_WORTH = 1_024
_MOST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(Generic[T]):
    """A value out of its envelope.

    Attributes:
        held: The value and what it is of.
        stamp: Tells one computation from another with the same ``as_of``.
    """

    held: Held[T]
    stamp: str


def wrap(held: Held[T], form: Form[T]) -> bytes:
    """The value as bytes, with a stamp of its own.

    Raises:
        DAMAGE: The form cannot pack it.
    """
    coding, body = _smaller(form.pack(held.value))
    head = orjson.dumps(
        {
            "as_of": held.as_of.isoformat(),
            "stale": held.stale,
            "reason": held.reason,
            "stamp": secrets.token_hex(8),
        }
    )
    rest = head + body
    front = _FRONT.pack(_MAGIC, _VERSION, coding, zlib.crc32(rest), len(head))
    return front + rest


def unwrap(data: bytes, form: Form[T]) -> Parcel[T]:
    """What `wrap` was given.

    Raises:
        ValueError: The bytes are damaged, or not ours, or of another version.
    """
    try:
        return _unwrapped(data, form)
    except DAMAGE as error:
        raise ValueError(f"no parcel: {error}") from error


def _unwrapped(data: bytes, form: Form[T]) -> Parcel[T]:
    magic, version, coding, checksum, length = _FRONT.unpack_from(data)
    if (magic, version) != (_MAGIC, _VERSION) or coding not in (_PLAIN, _ZSTANDARD):
        raise ValueError("foreign")
    rest = memoryview(data)[_FRONT.size :]
    if zlib.crc32(rest) != checksum:
        raise ValueError("altered")
    head = orjson.loads(rest[:length])
    body = bytes(rest[length:])
    as_of = datetime.fromisoformat(head["as_of"])
    if as_of.tzinfo is None:
        raise ValueError("an instant without a zone")
    held = Held(
        value=form.unpack(_whole(body) if coding == _ZSTANDARD else body),
        as_of=in_seoul(as_of),
        stale=bool(head["stale"]),
        reason=str(head["reason"]),
    )
    return Parcel(held=held, stamp=str(head["stamp"]))


def _smaller(body: bytes) -> tuple[int, bytes]:
    """The body as it is kept: forms that compress by themselves stay as they are."""
    if len(body) >= _WORTH:
        packed = zstandard.ZstdCompressor(level=_LEVEL).compress(body)
        if len(packed) < len(body) * 0.9:
            return _ZSTANDARD, packed
    return _PLAIN, body


def _whole(body: bytes) -> bytes:
    size = zstandard.get_frame_parameters(body).content_size
    if size > _MOST:  # a few bytes that say they are gigabytes
        raise ValueError(f"{size} bytes")
    return zstandard.ZstdDecompressor().decompress(body)
