"""One line of the emulated stock masters."""

from dataclasses import dataclass
from datetime import date

STOCK_GROUPS = frozenset({"ST", "DR", "FS", "RT", "IF", "SC", "MF"})
ETF_GROUPS = frozenset({"EF", "FE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What does not change from day to day; names of flags as in domain words.

    Attributes:
        market: KOSPI, KOSDAQ or KONEX (which no master here lists).
        group: 증권그룹구분, two letters.
        etp: ETP kind, blank for none.
        alarm: 00, or 01 caution, 02 warning, 03 risk.
        overheated: 0, or 1 announced, 2 designated, 3 prolonged.
        preferred: 0 common, 1 old, 2 new preferred.
    """

    code: str
    name: str
    market: str
    group: str = "ST"
    etp: str = ""
    preferred: str = "0"
    spac: bool = False
    halted: bool = False
    delisting: bool = False
    administrative: bool = False
    alarm: str = "00"
    overheated: str = "0"
    unfaithful: bool = False
    attention: bool = False
    sector_large: str = "0000"
    sector_medium: str = "0000"
    sector_small: str = "0000"
    on_nxt: bool = False
    listed_on: date = date(2001, 3, 5)
    par: int = 500
    credit: bool = True

    @property
    def kind(self) -> str:
        """STOCK, ETF, ETN, or OUT for what no ranking here counts."""
        if self.group in STOCK_GROUPS:
            return "STOCK"
        if self.group in ETF_GROUPS:
            return "ETF"
        return "ETN" if self.group == "EN" else "OUT"

    @property
    def is_fund(self) -> bool:
        """Whether ETF and ETN tick sizes hold."""
        return self.kind in ("ETF", "ETN")

    @property
    def isin(self) -> str:
        """An invented standard code."""
        return f"KR7{self.code[-6:]}003"
