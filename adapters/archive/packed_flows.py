"""Investor flows as bytes, and two sets of them put together stock by stock."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.archive.packed_axis import codes_of, matches
from adapters.archive.packing import pack_columns, unpack_columns
from domain.investors import FLOW_COLUMNS, Investor, InvestorFlows
from domain.listing import Listings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Figures = dict[str, NDArray[np.int64]]
    Rows = NDArray[np.intp]

_KNOWN = "known"


def pack_flows(flows: InvestorFlows) -> bytes:
    """The flows' columns as they are kept."""
    columns: dict[str, NDArray[Any]] = {}
    for investor, known in flows.known.items():
        columns[f"{investor.value}.{_KNOWN}"] = known
        for name in FLOW_COLUMNS:
            columns[f"{investor.value}.{name}"] = flows.columns[investor][name]
    return pack_columns(columns)


def unpack_flows(
    content: bytes,
) -> "tuple[dict[Investor, Figures], dict[Investor, NDArray[np.bool_]]]":
    """Columns and what is known, by investor; read-only."""
    columns: dict[Investor, Figures] = {}
    known = {}
    for label, array in unpack_columns(content).items():
        array.flags.writeable = False
        owner, name = label.split(".")
        investor = Investor(owner)
        if name == _KNOWN:
            known[investor] = array
        else:
            columns.setdefault(investor, {})[name] = array
    return columns, known


def put_over(newer: InvestorFlows, older: InvestorFlows) -> InvestorFlows:
    """The newer flows; where they know nothing of a stock, the older ones.

    Final only if every figure that is known comes from final flows.
    """
    listings = _together(newer.listings, older.listings)
    columns, known = {}, {}
    old_rows, new_rows = (_rows(each.listings, listings) for each in (older, newer))
    only_newer = True
    for investor in dict.fromkeys((*older.known, *newer.known)):
        old = _spread(older, investor, old_rows, len(listings))
        new = _spread(newer, investor, new_rows, len(listings))
        only_newer &= not (old[_KNOWN] & ~new[_KNOWN]).any()
        known[investor] = (new[_KNOWN] | old[_KNOWN]).astype(bool)
        columns[investor] = {
            name: np.where(new[_KNOWN], new[name], old[name]) for name in FLOW_COLUMNS
        }
    return InvestorFlows(
        listings=listings,
        venue=newer.venue,
        session=newer.session,
        columns=columns,
        known=known,
        as_of=max(newer.as_of, older.as_of),
        is_final=newer.is_final and (older.is_final or only_newer),
    )


def _together(newer: Listings, older: Listings) -> Listings:
    """Both; the newer ones' facts stand."""
    if newer.items == older.items:
        return newer
    return Listings.of((*newer, *older), dated=newer.dated)


def _rows(part: Listings, whole: Listings) -> "Rows":
    rows, _ = matches(codes_of(whole), codes_of(part))
    return rows


def _spread(
    flows: InvestorFlows, investor: Investor, rows: "Rows", count: int
) -> "Mapping[str, NDArray[Any]]":
    """An investor's columns over more listings."""
    known = np.zeros(count, dtype=bool)
    spread: dict[str, NDArray[Any]] = {_KNOWN: known}
    spread |= {name: np.zeros(count, dtype=np.int64) for name in FLOW_COLUMNS}
    if investor in flows.known:
        known[rows] = flows.known[investor]
        for name in FLOW_COLUMNS:
            spread[name][rows] = flows.columns[investor][name]
    return spread
