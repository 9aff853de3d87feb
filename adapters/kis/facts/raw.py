"""The broker's answers as they came: nothing parsed away, nothing refused."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from adapters.kis.envelope import Body, code_of, read_body
from adapters.kis.master_layouts import Layout
from adapters.kis.masters import MasterRecord, parse_master, unzip_master
from adapters.kis.transport import KisResponse
from domain.session import KST

Row = Mapping[str, object]


@dataclass(frozen=True)
class RawAnswer:
    """One answer, of whatever status."""

    response: KisResponse

    @cached_property
    def body(self) -> Body:
        """The JSON object; empty where there is none."""
        return read_body(self.response.body) or {}

    @property
    def code(self) -> str:
        """The broker's code."""
        return code_of(self.body)

    @property
    def is_good(self) -> bool:
        """Whether it is a success."""
        return self.response.status == 200 and self.body.get("rt_cd") == "0"

    def rows(self, key: str = "output") -> list[Row]:
        """The objects of a list, the empty ones too."""
        found = self.body.get(key)
        listed = found if isinstance(found, list) else []
        return [row for row in listed if isinstance(row, dict)]

    @property
    def told(self) -> str:
        """Status and codes in one line."""
        if not self.body:
            return f"HTTP {self.response.status}, JSON 아님"
        return (
            f"HTTP {self.response.status} rt_cd={self.body.get('rt_cd')}"
            f" {self.code or '코드 없음'}"
        )


def text(row: Row, field: str) -> str:
    """A field's text without its padding; blank where it is missing."""
    value = row.get(field)
    return value.strip() if isinstance(value, str) else ""


def number(row: Row, field: str) -> int:
    """A field's whole number; 0 where it is blank or none."""
    digits = text(row, field).partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def shown(row: Row, *fields: str) -> str:
    """``field='value'`` of some fields, as they came."""
    return " ".join(f"{name}={row.get(name)!r}" for name in fields)


@dataclass(frozen=True)
class RawMaster:
    """One downloaded master.

    Attributes:
        data: Its records.
        layout: Where their fields lie.
        stamped: The zip member's own time.
    """

    data: bytes
    layout: Layout
    stamped: datetime

    @classmethod
    def of(cls, zipped: bytes, layout: Layout) -> "RawMaster":
        """Unzips it.

        Raises:
            MarketDataMalformedError: It is no sound zip.
        """
        data = unzip_master(zipped).data
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            stamped = datetime(*archive.infolist()[0].date_time, tzinfo=KST)
        return cls(data, layout, stamped)

    @cached_property
    def records(self) -> dict[str, MasterRecord]:
        """Whole records by short code."""
        whole = (x for x in parse_master(self.data, self.layout) if x.is_whole)
        return {record["mksc_shrn_iscd"]: record for record in whole}
