"""Writes master records field by field, from their layouts."""

import io
import zipfile

from adapters.kis.master_layouts import KOSPI, Layout

DEFAULTS = {
    "scrt_grp_cls_code": "ST",
    "short_over_cls_code": "0",
    "mrkt_alrm_cls_code": "00",
    "prst_cls_code": "0",
    "stck_sdpr": "000010000",
    "prdy_vol": "000000001234",
}


def master_line(code: str, layout: Layout = KOSPI, **fields: str) -> bytes:
    line = bytearray(b" " * layout.width)
    known = {
        "mksc_shrn_iscd": code,
        "hts_kor_isnm": f"가상{code}",
        **DEFAULTS,
        **fields,
    }
    for name, text in known.items():
        where = layout.slices[name]
        line[where] = text.encode("cp949").ljust(where.stop - where.start)
    return bytes(line)


def zipped(
    *lines: bytes,
    name: str = "kospi_code.mst",
    day: tuple[int, int, int] = (2026, 11, 20),
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name, (*day, 6, 30, 0))
        archive.writestr(info, b"\n".join(lines) + b"\n")
    return buffer.getvalue()
