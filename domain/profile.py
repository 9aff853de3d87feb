"""What changes slowly of every stock: shares, earnings, foreign holding, the year."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Listings, Shares, Ticker, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One stock's profile, as one inquiry gives it.

    Attributes:
        listed_shares: 상장주식수; None where not given.
        eps: 주당순이익, won, of the last report; negative is a loss; None: not given.
        bps: 주당순자산, won; None where not given.
        foreign_holding: 외국인 보유수량, shares; None where not given.
        foreign_limit_exhaustion_rate: 한도소진율, a fraction; None where not given.
        high_52_weeks, low_52_weeks: Won; None where not given.

    Source: KIS inquire-price, FHKST01010100.
    """

    ticker: Ticker
    read_at: datetime
    listed_shares: Shares | None = None
    eps: float | None = None
    bps: float | None = None
    foreign_holding: Shares | None = None
    foreign_limit_exhaustion_rate: float | None = None
    high_52_weeks: Won | None = None
    low_52_weeks: Won | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Profiles:
    """Profiles in columns over listings, read-only, shape ``(len(listings),)``.

    NaN, or -1 of whole numbers, is what is not known.

    Attributes:
        session: The day they are for.
        listed_shares: int64; from the profile, or 1,000 × the master's thousands.
        exact: bool; the shares are a profile's, not the master's thousands.
        eps, bps: float64, won.
        foreign_holding: int64, shares.
        foreign_limit_exhaustion_rate: float64, a fraction.
        high_52_weeks, low_52_weeks: int64, won.
        read_on: int64, ordinal of the day the profile was read; -1 for never.
    """

    listings: Listings
    session: date
    listed_shares: "Whole"
    exact: "Mask"
    eps: "Real"
    bps: "Real"
    foreign_holding: "Whole"
    foreign_limit_exhaustion_rate: "Real"
    high_52_weeks: "Whole"
    low_52_weeks: "Whole"
    read_on: "Whole"

    def __post_init__(self) -> None:
        """Shapes agree, and nobody writes."""
        for one in fields(self):
            column = getattr(self, one.name)
            if not isinstance(column, np.ndarray):
                continue
            if column.shape != (len(self.listings),):
                raise ValueError(f"{one.name}: {column.shape}")
            column.flags.writeable = False

    @property
    def known(self) -> "Mask":
        """Rows with a profile of any day."""
        return self.read_on >= 0


def profiles_of(
    listings: Listings, found: Mapping[str, Profile], session: date
) -> Profiles:
    """Columns over listings from what was read, by ticker.

    Shares that a profile gave are taken only while the morning's master still says
    the same in thousands; else the master's thousands stand, less exact. A profile of
    an earlier day is then of other shares (a split): nothing of it is taken, for its
    EPS would be held against a price that is not its own.
    """
    count = len(listings)
    whole = {
        name: np.full(count, -1, dtype=np.int64)
        for name in ("foreign_holding", "high_52_weeks", "low_52_weeks", "read_on")
    }
    real = {
        name: np.full(count, np.nan)
        for name in ("eps", "bps", "foreign_limit_exhaustion_rate")
    }
    shares = np.full(count, -1, dtype=np.int64)
    exact = np.zeros(count, dtype=bool)
    for row, listing in enumerate(listings):
        profile = found.get(listing.ticker)
        shares[row], exact[row] = _shares(profile, listing.shares_thousands)
        if profile is None or (
            profile.read_at.date() < session
            and _differs(profile, listing.shares_thousands)
        ):
            continue
        whole["read_on"][row] = profile.read_at.date().toordinal()
        for name, column in (*whole.items(), *real.items()):
            value = getattr(profile, name, None)
            if value is not None:
                column[row] = value
    return Profiles(
        listings=listings,
        session=session,
        listed_shares=shares,
        exact=exact,
        eps=real["eps"],
        bps=real["bps"],
        foreign_limit_exhaustion_rate=real["foreign_limit_exhaustion_rate"],
        **whole,
    )


def _differs(profile: Profile, thousands: int | None) -> bool:
    """Whether the master says that there are other shares now."""
    said = profile.listed_shares
    return said is not None and thousands is not None and said // 1_000 != thousands


def _shares(profile: Profile | None, thousands: int | None) -> tuple[int, bool]:
    """Listed shares and whether they are exact; -1 where nobody says."""
    said = profile.listed_shares if profile else None
    if profile and said is not None and not _differs(profile, thousands):
        return said, True
    return (-1 if thousands is None else thousands * 1_000), False
