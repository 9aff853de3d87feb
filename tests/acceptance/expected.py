"""What a question's answer must be, from the emulator's truth, in plain Python.

Nothing here is the product's: no numpy, no screen, no order of its own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.listed import Listed

Row = dict[str, Any]

MARKETS = ("KOSPI", "KOSDAQ")
DETAILS = (
    *("previous_rank", "rank_change", "market_cap"),
    *("foreign_ratio", "per", "turnover_rate"),
)
FLAGS: dict[str, Callable[[Listed], bool]] = {
    "PREFERRED": lambda item: item.preferred in "12",
    "SPAC": lambda item: item.spac,
    "REIT": lambda item: item.group == "RT",
    "ADMINISTRATIVE": lambda item: item.administrative,
    "HALTED": lambda item: item.halted,
    "DELISTING": lambda item: item.delisting,
    "CAUTION": lambda item: item.alarm == "01",
    "WARNING": lambda item: item.alarm == "02",
    "RISK": lambda item: item.alarm == "03",
    "ATTENTION": lambda item: item.attention,
    "OVERHEATED": lambda item: item.overheated in "23",
    "UNFAITHFUL_DISCLOSURE": lambda item: item.unfaithful,
}


def rounded(exact: Fraction) -> float:
    """Two decimals, half away from zero."""
    wide = Decimal(exact.numerator * 10**6 // exact.denominator) / 10**6
    return float(wide.quantize(Decimal("0.01"), ROUND_HALF_UP))


def percent(part: int, whole: int) -> float | None:
    """A part of a whole in percent; None of nothing."""
    return rounded(Fraction(part * 100, whole)) if whole else None


def signed_percent(part: int, whole: int) -> float | None:
    """The same of a change, which may be negative."""
    size = percent(abs(part), whole)
    return None if size is None else (-size if part < 0 and size else size)


class Expected:
    """The answers at one frozen instant.

    Args:
        truth: The emulator's market.
        at: The instant.
    """

    def __init__(self, truth: Truth, at: datetime) -> None:
        self._krx = truth.snapshot("J", at)
        self._nxt = truth.snapshot("NX", at)
        self.listed = [x for x in truth.listings() if x.market in MARKETS]

    def universe(
        self,
        *,
        market: str = "ALL",
        venue: str = "ALL",
        kinds: Iterable[str] = ("STOCK",),
    ) -> list[Listed]:
        """The listings asked about."""
        return [
            item
            for item in self.listed
            if item.kind in kinds
            and market in ("ALL", item.market)
            and (venue != "NXT" or item.on_nxt)
        ]

    def ranking(  # noqa: PLR0913 # as many as the question has
        self,
        *,
        market: str = "ALL",
        venue: str = "ALL",
        kinds: Iterable[str] = ("STOCK",),
        sort_by: str = "trading_value",
        exclude: Iterable[str] = (),
        min_price: int = 0,
        max_price: int = 10**12,
        min_trading_value: int = 0,
    ) -> list[Row]:
        """Every row that qualifies, in order."""
        rows = [
            self._row(item, venue)
            for item in self.universe(market=market, venue=venue, kinds=kinds)
            if not any(FLAGS[flag](item) for flag in exclude)
        ]
        passing = [
            row
            for row in rows
            if min_price <= row["current_price"] <= max_price
            and row["trading_value"] >= min_trading_value
        ]
        passing.sort(key=lambda row: (-row[sort_by], row["stock_code"]))
        return [{"rank": place, **row} for place, row in enumerate(passing, 1)]

    def summary(
        self,
        *,
        market: str = "ALL",
        venue: str = "ALL",
        kinds: Iterable[str] = ("STOCK",),
    ) -> dict[str, float | int | None]:
        """Sums and concentrations before any screen."""
        asked = self._values(market, venue, kinds)
        total = sum(asked)
        squares = sum(value * value for value in asked)
        by_market = {name: sum(self._values(name, venue, kinds)) for name in MARKETS}
        official = {
            name: None if venue == "NXT" else self.official(name) for name in MARKETS
        }
        herfindahl = Fraction(squares * 10_000, total * total) if total else None
        return {
            "total_trading_value": total,
            "kospi_trading_value": by_market["KOSPI"],
            "kosdaq_trading_value": by_market["KOSDAQ"],
            "official_kospi_trading_value": official["KOSPI"],
            "official_kosdaq_trading_value": official["KOSDAQ"],
            "top5_concentration": percent(sum(asked[:5]), total),
            "top10_concentration": percent(sum(asked[:10]), total),
            "herfindahl": None if herfindahl is None else rounded(herfindahl),
        }

    def coverage(
        self,
        *,
        market: str = "ALL",
        venue: str = "ALL",
        kinds: Iterable[str] = ("STOCK",),
    ) -> dict[str, Any]:
        """Of a sweep that lost nothing."""
        count = len(self.universe(market=market, venue=venue, kinds=kinds))
        share = None
        if venue != "NXT" and "STOCK" in kinds:
            stocks = self._values(market, "KRX", ("STOCK",))
            asked = MARKETS if market == "ALL" else (market,)
            share = percent(sum(stocks), sum(self.official(name) for name in asked))
        return {
            "basis": "full_market",
            "listed": count,
            "quoted": count,
            "missing": [],
            "trading_value_share": share,
        }

    def official(self, market: str) -> int:
        """The exchange's own total, cut to whole millions of won."""
        return sum(self._values(market, "KRX", ("STOCK",))) // 10**6 * 10**6

    def _values(self, market: str, venue: str, kinds: Iterable[str]) -> list[int]:
        """Trading values, largest first."""
        items = self.universe(market=market, venue=venue, kinds=kinds)
        values = [self._row(item, venue)["trading_value"] for item in items]
        return sorted(values, reverse=True)

    def _row(self, item: Listed, venue: str) -> Row:
        krx, nxt = _traded(self._krx, item.code), _traded(self._nxt, item.code)
        shown = self._nxt if venue == "NXT" else self._krx
        row = shown.row_of[item.code]
        price, base = int(shown.price[row]), int(shown.base[row])
        parts = [nxt] if venue == "NXT" else [krx] if venue == "KRX" else [krx, nxt]
        value = sum(part[1] for part in parts)
        return {
            "stock_code": item.code,
            "stock_name": item.name,
            "market_type": item.market,
            "current_price": price,
            "change": price - base,
            "change_rate": signed_percent(price - base, base),
            "volume": sum(part[0] for part in parts),
            "trading_value": value,
            "krx_trading_value": None if venue == "NXT" else krx[1],
            "nxt_trading_value": None if venue == "KRX" else nxt[1],
            "nxt_share": _nxt_share(item, venue, nxt[1], value),
            **dict.fromkeys(DETAILS),
        }


def _traded(figures: Figures, code: str) -> tuple[int, int]:
    """Volume and trading value; nothing where the venue does not know the code."""
    row = figures.row_of.get(code)
    if row is None:
        return 0, 0
    return int(figures.volume[row]), int(figures.trading_value[row])


def _nxt_share(item: Listed, venue: str, nxt: int, total: int) -> float | None:
    """NXT ÷ both, of both alone: 0 for a stock not on NXT, null of nothing."""
    if venue != "ALL":
        return None
    return percent(nxt, total) if item.on_nxt else 0.0
