"""The file: a magic, then chunks that can each be read alone.

::

    file   = magic, chunk, chunk, ...
    chunk  = header, topic, payload
    header = "CHNK" kind:u8 topic_length:u16 from:i64 to:i64 stored:u32 raw:u32
             payload_crc:u32 header_crc:u32          (little endian; instants in µs)

A payload is one zstd frame of JSON lines. ``header_crc`` covers the header and the
topic, so that a file can be scanned without reading a payload. A file that ends within
a chunk was cut off there, and the chunks before stand. Kinds that a reader does not
know are passed over.
"""

import enum
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import zstandard

from adapters.replay.damage import damaged, unusable
from domain.session import KST

MAGIC = b"\x89KISREC\n"
VERSION = 1
MOST_BYTES = 64 * 1024 * 1024
"""What a chunk may decompress to; one whole sweep is some 3 MB."""

_START = struct.Struct("<8sH")
_HEADER = struct.Struct("<4sBHqqIIII")
_CRC = struct.Struct("<I")
_MARK = b"CHNK"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Kind(enum.IntEnum):
    """What a chunk holds."""

    MANIFEST = 1
    EXCHANGES = 2
    DOWNLOADS = 3
    INSTANT = 4  # no payload: a sweep ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Where a chunk lies, and what its header says.

    Attributes:
        kind: What it holds; a plain number where this version does not know it.
        topic: Of which endpoint; see `adapters.replay.entries.topic_of`.
        first: When its earliest entry was taken.
        last: When its latest entry was taken.
        offset: Where its payload begins in the file.
        stored: Bytes of the payload.
        raw: Bytes of it, decompressed.
        crc: CRC-32 of the payload as stored.
    """

    kind: int
    topic: str
    first: datetime
    last: datetime
    offset: int
    stored: int
    raw: int
    crc: int


def start() -> bytes:
    """What a file begins with."""
    return _START.pack(MAGIC, VERSION)


def encode(  # noqa: PLR0913 - a header's fields, all by name
    *,
    kind: Kind,
    first: datetime,
    last: datetime,
    lines: bytes = b"",
    topic: str = "",
    level: int = 9,
) -> bytes:
    """One chunk, ready to be appended."""
    payload = zstandard.ZstdCompressor(level=level).compress(lines) if lines else b""
    named = topic.encode()
    fields = (_MARK, kind, len(named), _micros(first), _micros(last))
    sizes = (len(payload), len(lines), zlib.crc32(payload))
    header = _HEADER.pack(*fields, *sizes, 0)[: -_CRC.size] + named
    checked = _CRC.pack(zlib.crc32(header))
    split = _HEADER.size - _CRC.size
    return header[:split] + checked + named + payload


def scan(file: BinaryIO, path: Path) -> tuple[list[Chunk], bool]:
    """The whole chunks of a file, and whether it was cut off within one.

    Raises:
        InvalidRequestError: It is no recording, or of another version.
        MarketDataMalformedError: A header is damaged.
    """
    size = file.seek(0, 2)
    file.seek(0)
    begun = file.read(_START.size)
    if len(begun) < _START.size or not begun.startswith(MAGIC):
        raise unusable(path, "녹화 파일이 아닙니다.")
    version = _START.unpack(begun)[1]
    if version != VERSION:
        raise unusable(path, f"이 제품이 읽지 못하는 판(v{version})의 녹화입니다.")
    chunks: list[Chunk] = []
    place = _START.size
    while place < size:
        file.seek(place)
        chunk = _read_header(file, place)
        if chunk is None or chunk.offset + chunk.stored > size:
            return chunks, True
        chunks.append(chunk)
        place = chunk.offset + chunk.stored
    return chunks, False


def _read_header(file: BinaryIO, place: int) -> Chunk | None:
    """The header at a place; None where the file ends within it."""
    fixed = file.read(_HEADER.size)
    if len(fixed) < _HEADER.size:
        return None
    mark, kind, length, first, last, stored, raw, crc, own = _HEADER.unpack(fixed)
    named = file.read(length) if mark == _MARK else b""
    if mark == _MARK and len(named) < length:
        return None
    if own != zlib.crc32(fixed[: -_CRC.size] + named) or mark != _MARK:
        raise damaged("구획 머리", at=place)
    try:
        return Chunk(
            kind=kind,
            topic=named.decode(),
            first=_instant(first),
            last=_instant(last),
            offset=place + _HEADER.size + length,
            stored=stored,
            raw=raw,
            crc=crc,
        )
    except (ValueError, OverflowError) as error:
        raise damaged("구획 머리", at=place) from error


def payload(file: BinaryIO, chunk: Chunk) -> bytes:
    """A chunk's JSON lines.

    Raises:
        MarketDataMalformedError: They are not what was written, or too many.
    """
    file.seek(chunk.offset)
    if max(chunk.stored, chunk.raw) > MOST_BYTES:
        raise damaged("구획 크기", at=chunk.offset)
    stored = file.read(chunk.stored)
    if len(stored) < chunk.stored or zlib.crc32(stored) != chunk.crc:
        raise damaged("구획 내용", at=chunk.offset)
    if not chunk.raw:
        return b""
    try:
        said = zstandard.get_frame_parameters(stored).content_size
        if said != chunk.raw:
            raise damaged("구획 크기", at=chunk.offset)
        return zstandard.ZstdDecompressor().decompress(stored, max_output_size=said)
    except zstandard.ZstdError as error:
        raise damaged("압축된 내용", at=chunk.offset) from error


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(KST)
