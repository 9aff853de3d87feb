"""Profiles of every stock in columns: made, put together, read again."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.archive.packed_axis import matches
from adapters.archive.schema import to_micros
from domain.listing import Ticker
from domain.profile import Profile
from domain.session import KST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[Any]]

_WHOLE = ("listed_shares", "foreign_holding", "high_52_weeks", "low_52_weeks")
_REAL = ("eps", "bps", "foreign_limit_exhaustion_rate")
_NONE = np.iinfo(np.int64).min
"""What stands for no whole number; NaN stands for no real one."""

_SEOUL = timedelta(hours=9) // timedelta(microseconds=1)
"""Microseconds that Seoul is ahead, ever since 1988."""


def columns_of(session: date, profiles: Iterable[Profile]) -> "Columns":
    """Profiles that were read for a session, by ticker; the last of one stock."""
    unique = {profile.ticker: profile for profile in profiles}
    held = [unique[ticker] for ticker in sorted(unique)]
    columns: Columns = {
        "ticker": np.array([each.ticker.encode() for each in held], dtype="S8"),
        "session": np.full(len(held), session.toordinal(), dtype=np.int64),
        "read_at": np.array([to_micros(each.read_at) for each in held], dtype=np.int64),
    }
    for names, absent, dtype in ((_WHOLE, _NONE, np.int64), (_REAL, np.nan, float)):
        for name in names:
            values = [getattr(each, name) for each in held]
            filled = [absent if value is None else value for value in values]
            columns[name] = np.array(filled, dtype=dtype)
    return columns


def put_over(newer: "Columns", older: "Columns") -> "Columns":
    """Both, by ticker; of a stock that is in both the one of the later session.

    Of one session the newer stands.
    """
    source, target = matches(_codes(older), _codes(newer))
    beaten = older["session"][source] > newer["session"][target]
    old = np.ones(len(older["session"]), dtype=bool)
    new = np.ones(len(newer["session"]), dtype=bool)
    old[source[~beaten]] = False
    new[target[beaten]] = False
    whole = {
        name: np.concatenate((older[name][old], newer[name][new])) for name in newer
    }
    order = np.argsort(whole["ticker"])
    return {name: column[order] for name, column in whole.items()}


def read_for(session: date, columns: "Columns") -> "Columns":
    """Only the profiles that were read for the session."""
    rows = columns["session"] == session.toordinal()
    return {name: column[rows] for name, column in columns.items()}


def profiles_in(columns: "Columns") -> dict[Ticker, Profile]:
    """Profiles by ticker."""
    instants = (columns["read_at"] + _SEOUL).view("datetime64[us]").tolist()
    rows = zip(
        columns["ticker"].tolist(),
        instants,
        *(_given(columns[name], columns[name] == _NONE) for name in _WHOLE),
        *(_given(columns[name], np.isnan(columns[name])) for name in _REAL),
        strict=True,
    )
    found = {}
    for text, read_at, shares, holding, high, low, eps, bps, exhaustion in rows:
        ticker = Ticker(text.decode())
        found[ticker] = Profile(
            ticker=ticker,
            read_at=read_at.replace(tzinfo=KST),
            listed_shares=shares,
            eps=eps,
            bps=bps,
            foreign_holding=holding,
            foreign_limit_exhaustion_rate=exhaustion,
            high_52_weeks=high,
            low_52_weeks=low,
        )
    return found


def _given(column: "NDArray[Any]", absent: "NDArray[np.bool_]") -> list[Any]:
    """The values, None where there is none."""
    values = column.astype(object)
    values[absent] = None
    return list(values)


def _codes(columns: "Columns") -> "NDArray[np.uint64]":
    return columns["ticker"].view(">u8").astype(np.uint64)
