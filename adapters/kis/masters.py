"""Stock masters: fixed-width CP949 records, and the listings they amount to."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from adapters.kis.bar_marks import ex_marks, par_marks
from adapters.kis.master_layouts import KOSDAQ, KOSPI, Layout
from domain.errors import InvalidTickerError, MarketDataMalformedError
from domain.listing import (
    Flag,
    Kind,
    Listing,
    Listings,
    Market,
    Shares,
    Ticker,
    Won,
)
from domain.marks import NO_MARKS, Mark

MAX_BYTES = 16 * 1024 * 1024
"""A master unzips to some 1.3 MB; a zip that holds more than this is refused."""

_UNZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(IndexError, ValueError, RuntimeError),  # none inside, odd date, encrypted
)
_KINDS = {
    **dict.fromkeys(("ST", "DR", "FS", "RT", "IF", "SC", "MF"), Kind.STOCK),
    **dict.fromkeys(("EF", "FE"), Kind.ETF),
    "EN": Kind.ETN,
}
_OUT_OF_SCOPE = frozenset({"BC", "SW", "SR", "EW"})
_WARNINGS = {"01": Flag.CAUTION, "02": Flag.WARNING, "03": Flag.RISK}
_YES_FLAGS = {
    "trht_yn": Flag.HALTED,
    "sltr_yn": Flag.DELISTING,
    "mang_issu_yn": Flag.ADMINISTRATIVE,
    "insn_pbnt_yn": Flag.UNFAITHFUL_DISCLOSURE,
    "etpr_undt_objt_co_yn": Flag.SPAC,
    "invt_alrm_yn": Flag.ATTENTION,  # KOSDAQ alone has it
}


@dataclass(frozen=True, slots=True)
class MasterRecord:
    """One line of a master; fields are sliced and decoded when asked for.

    Attributes:
        line: The record's bytes.
        layout: Where its fields lie.
    """

    line: bytes
    layout: Layout

    def __getitem__(self, field: str) -> str:
        """A field's text without its padding.

        Raises:
            KeyError: This layout has no such field.
            UnicodeDecodeError: The bytes are not CP949.
        """
        text = self.line[self.layout.slices[field]].strip()
        # The CP949 codec costs twenty times ASCII's, and only names need it.
        return text.decode("ascii" if text.isascii() else "cp949")

    @property
    def is_whole(self) -> bool:
        """Whether the line is as long as its layout says."""
        return len(self.line) == self.layout.width


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterFile:
    """An unzipped master.

    Attributes:
        data: CP949 records, one a line.
        dated: The day the file was made, as its zip says.
    """

    data: bytes
    dated: date


def unzip_master(zipped: bytes, *, may_be_empty: bool = False) -> MasterFile:
    """The first file in a master's zip.

    Args:
        zipped: The zip.
        may_be_empty: Whether a file without a byte is one that lists nothing.

    Raises:
        MarketDataMalformedError: No zip, an empty or a broken one, or one too big.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            member = archive.infolist()[0]
            with archive.open(member) as file:
                data = file.read(MAX_BYTES + 1)
            dated = date(*member.date_time[:3])
    except _UNZIP_ERRORS as error:
        raise _bad_zip(len(zipped)) from error
    if len(data) > MAX_BYTES or not (data or may_be_empty):
        raise _bad_zip(len(zipped))
    return MasterFile(data=data, dated=dated)


def _bad_zip(size: int) -> MarketDataMalformedError:
    return MarketDataMalformedError(
        f"종목 마스터 파일({size}바이트)의 압축을 풀 수 없습니다."
        " 잠시 뒤 다시 시도해 주세요.",
        field="master",
        value=size,
    )


def parse_master(data: bytes, layout: Layout) -> tuple[MasterRecord, ...]:
    """Every line but blank ones as a record; ``is_whole`` tells which were cut."""
    lines = (line.removesuffix(b"\r") for line in data.split(b"\n"))
    return tuple(MasterRecord(line, layout) for line in lines if line.strip())


def codes_of(records: Iterable[MasterRecord]) -> frozenset[str]:
    """The short codes of whole records: what Nextrade trades, of its masters."""
    return frozenset(
        record.line[:9].decode("ascii", "replace").strip()
        for record in records
        if record.is_whole
    )


def to_listings(
    kospi: Iterable[MasterRecord],
    kosdaq: Iterable[MasterRecord],
    nxt_codes: frozenset[str],
    *,
    dated: date | None = None,
    on_bad: Callable[[str, str], None] = lambda _code, _why: None,
) -> Listings:
    """Stocks, ETFs and ETNs of both markets.

    Args:
        kospi: Records of the KOSPI master.
        kosdaq: Records of the KOSDAQ master.
        nxt_codes: Codes that Nextrade trades too.
        dated: The day the masters were made for.
        on_bad: Told the code and the reason of each record that had to be skipped.
    """
    found: list[Listing] = []
    for market, records in ((Market.KOSPI, kospi), (Market.KOSDAQ, kosdaq)):
        for record in records:
            try:
                listing = _listing(record, market, nxt_codes)
            except (ValueError, InvalidTickerError) as error:
                on_bad(record.line[:9].decode("ascii", "replace").strip(), str(error))
            else:
                if listing is not None:
                    found.append(listing)
    return Listings.of(found, dated=dated)


def _listing(
    record: MasterRecord, market: Market, nxt_codes: frozenset[str]
) -> Listing | None:
    """The listing; None where its group is out of scope."""
    if not record.is_whole:
        raise ValueError(f"{len(record.line)} bytes, not {record.layout.width}")
    group = record["scrt_grp_cls_code"]
    if group in _OUT_OF_SCOPE:
        return None
    if group not in _KINDS:
        raise ValueError(f"unknown group {group!r}")
    code = Ticker(record["mksc_shrn_iscd"])
    base_price = _number(record, "stck_sdpr")
    volume = _number(record, "prdy_vol")
    return Listing(
        ticker=code,
        name=record["hts_kor_isnm"],
        market=market,
        kind=_KINDS[group],
        flags=_flags(record, group),
        on_nxt=code in nxt_codes,
        base_price=Won(base_price) if base_price else None,
        previous_volume=None if volume is None else Shares(volume),
        sectors=_sectors(record),
        shares_thousands=_number(record, "lstn_stcn") or None,
        listed_on=_day(record["stck_lstn_date"]),
        marks=_marks(record),
    )


def _marks(record: MasterRecord) -> Mark:
    """What the session does to its price; an unreadable code is left to the bars."""
    try:
        return ex_marks(record["flng_cls_code"]) | par_marks(
            record["fcam_mod_cls_code"]
        )
    except MarketDataMalformedError:
        return NO_MARKS


def _sectors(record: MasterRecord) -> tuple[str, ...]:
    """Industry codes, large to small; 0000 is none."""
    codes = (record[f"bstp_{level}_div_code"] for level in ("larg", "medm", "smal"))
    return tuple(code for code in codes if code and code != "0000")


def _day(text: str) -> date | None:
    """A day as the broker writes it; None of blanks and zeros."""
    if not text.strip("0"):
        return None
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day alone


def _flags(record: MasterRecord, group: str) -> Flag:
    flags = _WARNINGS.get(record["mrkt_alrm_cls_code"], Flag(0))
    for field, flag in _YES_FLAGS.items():
        where = record.layout.slices.get(field)
        if where is not None and record.line[where] == b"Y":
            flags |= flag
    if record["short_over_cls_code"] in {"2", "3"}:
        flags |= Flag.OVERHEATED
    if record["prst_cls_code"] in {"1", "2"}:
        flags |= Flag.PREFERRED
    if group == "RT":
        flags |= Flag.REIT
    return flags


def _number(record: MasterRecord, field: str) -> int | None:
    text = record[field]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{field} {text!r} is no number")
    return int(text)


LAYOUTS = {Market.KOSPI: KOSPI, Market.KOSDAQ: KOSDAQ}
"""The layout of each market's masters."""
