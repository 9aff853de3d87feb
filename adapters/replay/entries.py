"""One recorded exchange or download as a JSON line, exact to the byte.

A JSON body is stored as JSON, its lists of equal objects as columns, which compress
much better; a body that this would change in any byte is stored as text or base64.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson

from adapters.replay.damage import damaged
from domain.session import in_seoul

DOWNLOADS = "files"
"""The topic of downloads."""

WRONG = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What reading a line raises that is not what was written."""

Packed = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What was asked, and what came back.

    Attributes:
        at: When the answer was there.
        path: Below the base URL.
        tr_id: The broker's transaction id; blank for a download.
        params: Query parameters, without secrets.
        status: HTTP status; 200 for a download.
        packed: The body, as `pack` made it.
    """

    at: datetime
    path: str
    tr_id: str = ""
    params: Mapping[str, str]
    status: int = 200
    packed: Packed

    @property
    def body(self) -> bytes:
        """The bytes that came."""
        try:
            return unpack(self.packed)
        except WRONG as error:
            raise damaged("응답 내용") from error

    @property
    def is_good(self) -> bool:
        """Whether the broker gave what it was asked for."""
        return self.status == 200 and self._said.get("rt_cd") == "0"

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A list of objects in a JSON body; empty where there is none.

        Raises:
            MarketDataMalformedError: Its columns do not fit together.
        """
        value = self._said.get(name)
        if name not in self.packed.get("tables", ()):
            rows = value if isinstance(value, list) else []
            return [row for row in rows if isinstance(row, dict)]
        try:
            return _rows(value)
        except WRONG as error:
            raise damaged("응답 내용") from error

    @cached_property
    def _said(self) -> dict[str, Any]:
        """The JSON object in the body, tables as columns; empty where there is none."""
        said = self.packed.get("json")
        if said is None and "text" in self.packed:
            said = _json(self.body)
        return said if isinstance(said, dict) else {}


def to_lines(entries: Iterable[Entry]) -> bytes:
    """One JSON object a line, by instant and question, however they arrived."""
    lines = [
        orjson.dumps(
            {
                "at": entry.at.isoformat(),
                "path": entry.path,
                "tr_id": entry.tr_id,
                "status": entry.status,
                "params": dict(entry.params),
                "body": entry.packed,
            }
        )
        for entry in sorted(entries, key=_order)
    ]
    return b"\n".join(lines)


def of_lines(lines: bytes) -> list[Entry]:
    """Reads what `to_lines` wrote.

    Raises:
        MarketDataMalformedError: It is something else.
    """
    try:
        return [_entry(orjson.loads(line)) for line in lines.split(b"\n") if line]
    except WRONG as error:
        raise damaged("기록 줄") from error


def _entry(said: dict[str, Any]) -> Entry:
    params, packed = said["params"], said["body"]
    if not all(isinstance(value, str) for value in params.values()):
        raise TypeError("a parameter is no text")
    return Entry(
        at=in_seoul(datetime.fromisoformat(said["at"])),
        path=str(said["path"]),
        tr_id=str(said["tr_id"]),
        params=params,
        status=int(said["status"]),
        packed=packed,
    )


def _order(entry: Entry) -> tuple[datetime, str, str, str]:
    return entry.at, entry.tr_id, entry.path, orjson.dumps(dict(entry.params)).decode()


def pack(body: bytes) -> Packed:
    """The body as something that JSON holds, and that `unpack` turns back exactly."""
    said = _json(body)
    if isinstance(said, dict):
        tables = [name for name, value in said.items() if _is_table(value)]
        whole = {
            name: _columns(value) if name in tables else value
            for name, value in said.items()
        }
        packed = {"json": whole, "tables": tables}
        if unpack(packed) == body:
            return packed
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def unpack(packed: Packed) -> bytes:
    """The bytes that `pack` was given."""
    if "text" in packed:
        return str(packed["text"]).encode()
    if "base64" in packed:
        return base64.b64decode(packed["base64"])
    whole = dict(packed["json"])
    for name in packed["tables"]:
        whole[name] = _rows(whole[name])
    return orjson.dumps(whole)


def _rows(table: Any) -> list[dict[str, Any]]:
    keys, columns = table["keys"], table["columns"]
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


def _json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _is_table(value: object) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(row, dict) and row for row in value):
        return False
    keys = list(value[0])
    return all(list(row) == keys for row in value)


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = zip(*(row.values() for row in rows), strict=True)
    return {"keys": list(rows[0]), "columns": [list(column) for column in columns]}
