"""Encodes the stock masters of a morning: CP949, fixed bytes, zipped."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

from tests.kis_emulator.base_change import BaseChange
from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.index_codes import INDEX_MASTER, index_master
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.master_layout import KOSDAQ, KOSPI, Field, Layout

MASTERS = {
    "kospi_code": ("KOSPI", False),
    "kosdaq_code": ("KOSDAQ", False),
    "nxt_kospi_code": ("KOSPI", True),
    "nxt_kosdaq_code": ("KOSDAQ", True),
}
LAYOUTS = {"KOSPI": KOSPI, "KOSDAQ": KOSDAQ}
_BUILT_AT = (7, 30)


def _field(field: Field, text: str) -> bytes:
    raw = text.encode("cp949")
    if field.number:
        minus = raw.startswith(b"-")
        digits = raw.removeprefix(b"-").rjust(field.width - minus, b"0")
        raw = b"-" + digits if minus else digits
    raw = raw.ljust(field.width)
    if len(raw) > field.width:
        raise ValueError(f"{field.name} is wider than {field.width} bytes: {text!r}")
    return raw


def encode(layout: Layout, values: Mapping[str, str]) -> bytes:
    """One record without its line end; defaults where no value is given."""
    texts = ((field, values.get(field.name, field.default)) for field in layout)
    return b"".join(_field(field, text) for field, text in texts)


def _yes(truth: bool) -> str:
    return "Y" if truth else "N"


_SHARES_CHANGE = (BaseChange.SPLIT, BaseChange.MERGER, BaseChange.REDUCTION)


def values_of(item: Listed, figures: Figures, change: BaseChange) -> dict[str, str]:
    """A listing as the morning's master says it.

    Args:
        item: The listing, as of that day.
        figures: Of the session that the master is made for.
        change: Why its base price is not the previous close.
    """
    row = figures.row_of[item.code]
    shares = int(figures.listed_shares[row])
    base = int(figures.base[row])
    previous = int(figures.previous_close[row])
    cap = shares * (base if change in _SHARES_CHANGE else previous)
    return {
        "mksc_shrn_iscd": item.code,
        "stnd_iscd": item.isin,
        "hts_kor_isnm": item.name,
        "scrt_grp_cls_code": item.group,
        "bstp_larg_div_code": item.sector_large,
        "bstp_medm_div_code": item.sector_medium,
        "bstp_smal_div_code": item.sector_small,
        "krx_issu_yn": _yes(item.kind == "STOCK"),
        "kospi_issu_yn": _yes(item.kind == "STOCK"),
        "etp_prod_cls_code": item.etp,
        "etpr_undt_objt_co_yn": _yes(item.spac),
        "short_over_cls_code": item.overheated,
        "invt_alrm_yn": _yes(item.attention),
        "stck_sdpr": str(base),
        "trht_yn": _yes(item.halted),
        "sltr_yn": _yes(item.delisting),
        "mang_issu_yn": _yes(item.administrative),
        "mrkt_alrm_cls_code": item.alarm,
        "insn_pbnt_yn": _yes(item.unfaithful),
        "flng_cls_code": change.flng_cls_code,
        "fcam_mod_cls_code": change.fcam_mod_cls_code,
        "crdt_able": _yes(item.credit),
        "prdy_vol": str(int(figures.previous_volume[row])),
        "stck_fcam": str(item.par),
        "stck_lstn_date": f"{item.listed_on:%Y%m%d}",
        "lstn_stcn": str(shares // 1_000),
        "cpfn": str(item.par * shares),
        "prst_cls_code": item.preferred,
        "prdy_avls_scal": str(cap // 100_000_000),
    }


def master_day(truth: Truth, now: datetime) -> date:
    """The session the newest master is for: built at 07:30 of each."""
    now = in_kst(now)
    day = now.date()
    if truth.days.is_session(day) and (now.hour, now.minute) >= _BUILT_AT:
        return day
    return truth.days.previous(day)


def master(truth: Truth, name: str, day: date) -> bytes:
    """The lines of one file (``kospi_code``, ``idxcode`` …), each ended by LF."""
    if name == INDEX_MASTER:
        return index_master()
    market, nxt_only = MASTERS[name]
    figures = truth.final("J", day)

    def change(item: Listed, figures: Figures) -> BaseChange:
        row = figures.row_of[item.code]
        plain = figures.base[row] == figures.previous_close[row]
        return BaseChange.NONE if plain else truth.base_change(item.code, day)

    lines = [
        encode(LAYOUTS[market], values_of(item, figures, change(item, figures))) + b"\n"
        for item in sorted(truth.listings_on(day), key=lambda item: item.code)
        if item.market == market and (item.on_nxt or not nxt_only)
    ]
    return b"".join(lines)


def zipped_master(truth: Truth, name: str, day: date) -> bytes:
    """The file as downloaded; its member's time is the date of the data."""
    buffer = io.BytesIO()
    stamp = (day.year, day.month, day.day, *_BUILT_AT, 0)
    member = zipfile.ZipInfo(f"{name}.mst", date_time=stamp)
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, master(truth, name, day))
    return buffer.getvalue()
