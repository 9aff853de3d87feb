"""What the ranking by investor must say, from the emulator's truth, in plain Python.

Nothing here is the product's: no numpy, no table of its own, no order of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.acceptance.expected import percent, signed_percent
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.flow_columns import Flows, Side
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import final_flows, flows_of, millions
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market_flows import market_flows
from tests.kis_emulator.programs import PROGRAM, program_of, program_on

Row = dict[str, Any]

MARKETS = {"KOSPI": "0001", "KOSDAQ": "1001"}
VENUES = {"KRX": ("J",), "NXT": ("NX",), "ALL": ("J", "NX")}
OWNERS = {
    "FOREIGN": Investor.FOREIGN,
    "INSTITUTION": Investor.INSTITUTION,
    "INDIVIDUAL": Investor.INDIVIDUAL,
}
NOTHING = Side(0, 0, 0, 0)
MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDay:
    """A session's quotes and flows as they are to be shown; by ``J`` and ``NX``.

    Attributes:
        listed: Of the day.
    """

    listed: tuple[Listed, ...]
    quotes: Mapping[str, Figures]
    owners: Mapping[str, Flows | None]
    programs: Mapping[str, Flows]

    def of(self, item: Listed, venue: str, investor: str) -> Side | None:
        """A stock's flow in won, as exact as the broker tells it; None: not known."""
        parts = [self._part(item.code, one, investor) for one in VENUES[venue]]
        known = [part for part in parts if part is not None]
        return _sum(known) if known else None

    def _part(self, code: str, venue: str, investor: str) -> Side | None:
        if investor == "PROGRAM":
            return self.programs[venue].side(code, PROGRAM)
        flows = self.owners[venue]
        side = flows.side(code, OWNERS[investor]) if flows else None
        return side and in_steps(side)

    def ranking(  # noqa: PLR0913 - as many as the question has
        self,
        *,
        investor_type: str = "FOREIGN",
        trade_type: str = "NET",
        side: str = "top",
        market: str = "ALL",
        venue: str = "ALL",
        heaviest: int | None = None,
    ) -> list[Row]:
        """Every row, in order.

        Args:
            investor_type: Whose.
            trade_type: What is ranked by.
            side: From which end.
            market: Of which.
            venue: Of which.
            heaviest: Only so many, of the most trading value.
        """
        rows = [
            self._row(item, venue, flow)
            for item in self.universe(market, venue)
            if (flow := self.of(item, venue, investor_type)) is not None
        ]
        if heaviest is not None:
            rows = [row for row in rows if row["trading_value"]]
            rows.sort(key=lambda row: (-row["trading_value"], row["stock_code"]))
            rows = rows[:heaviest]
        column = f"{trade_type.lower()}_amount"
        turn = -1 if side == "top" else 1
        rows.sort(key=lambda row: (turn * row[column], row["stock_code"]))
        return [{"rank": place, **row} for place, row in enumerate(rows, 1)]

    def universe(self, market: str, venue: str) -> list[Listed]:
        """The stocks asked about."""
        return [
            item
            for item in self.listed
            if item.kind == "STOCK"
            and item.market in (MARKETS if market == "ALL" else (market,))
            and (venue != "NXT" or item.on_nxt)
        ]

    def trading_value(self, item: Listed, venue: str) -> int:
        """What it traded, won."""
        return sum(self._traded(item.code, one) for one in VENUES[venue])

    def summary(self, investor_type: str, market: str, venue: str) -> Row:
        """Totals of a whole session, but for their labels."""
        universe = self.universe(market, venue)
        flows = [self.of(item, venue, investor_type) or NOTHING for item in universe]
        value = sum(self.trading_value(item, venue) for item in universe)
        return totals(_sum(flows), value)

    def _traded(self, code: str, venue: str) -> int:
        figures = self.quotes[venue]
        row = figures.row_of.get(code)
        return 0 if row is None else int(figures.trading_value[row])

    def _row(self, item: Listed, venue: str, flow: Side) -> Row:
        shown = self.quotes["NX" if venue == "NXT" else "J"].quote(item.code)
        assert shown is not None
        value = self.trading_value(item, venue)
        return {
            "stock_code": item.code,
            "stock_name": item.name,
            "market_type": item.market,
            "buy_amount": flow.buy_amount,
            "sell_amount": flow.sell_amount,
            "net_amount": flow.net_amount,
            "buy_volume": flow.buy_volume,
            "sell_volume": flow.sell_volume,
            "net_volume": flow.net_volume,
            "average_buy_price": average(flow.buy_amount, flow.buy_volume),
            "average_sell_price": average(flow.sell_amount, flow.sell_volume),
            "impact_ratio": percent(abs(flow.net_amount), value),
            "trading_value": value,
            "current_price": shown.price,
            "change_rate": signed_percent(shown.change, shown.base),
        }


def final_day(truth: Truth, day: date) -> FlowDay:
    """A session after its last trade."""
    return FlowDay(
        listed=truth.listings_on(day),
        quotes={venue: truth.final(venue, day) for venue in ("J", "NX")},
        owners={venue: final_flows(truth, venue, day) for venue in ("J", "NX")},
        programs={venue: program_on(truth, venue, day) for venue in ("J", "NX")},
    )


def harvested_day(truth: Truth, harvested: datetime, at: datetime) -> FlowDay:
    """A session that has closed: flows as they were harvested, quotes of later."""
    day = at.date()
    return FlowDay(
        listed=truth.listings_on(day),
        quotes={venue: truth.snapshot(venue, at) for venue in ("J", "NX")},
        owners={venue: flows_of(truth, venue, day, harvested) for venue in ("J", "NX")},
        programs={venue: program_of(truth, venue, harvested) for venue in ("J", "NX")},
    )


def running_day(truth: Truth, at: datetime) -> FlowDay:
    """A running session: quotes and programs; of owners nothing is shown."""
    return FlowDay(
        listed=truth.listings_on(at.date()),
        quotes={venue: truth.snapshot(venue, at) for venue in ("J", "NX")},
        owners={"J": None, "NX": None},
        programs={venue: program_of(truth, venue, at) for venue in ("J", "NX")},
    )


def live_summary(truth: Truth, at: datetime, investor_type: str, market: str) -> Row:
    """The exchange's own running totals, KRX alone, in steps of a million won."""
    markets = MARKETS if market == "ALL" else {market: MARKETS[market]}
    who = OWNERS[investor_type]
    sides = [
        in_steps(market_flows(truth, code, at).sides[who]) for code in markets.values()
    ]
    figures = truth.snapshot("J", at)
    value = sum(
        int(figures.trading_value[figures.row_of[item.code]])
        for item in truth.listings_on(at.date())
        if item.kind == "STOCK" and item.market in markets
    )
    return {
        **totals(_sum(sides), value),
        "totals_session": at.date().isoformat(),
        "totals_are_live": True,
    }


def totals(flow: Side, value: int) -> Row:
    """Amounts, and the net's part of what was traded."""
    return {
        "total_buy_amount": flow.buy_amount,
        "total_sell_amount": flow.sell_amount,
        "total_net_amount": flow.net_amount,
        "market_impact": percent(abs(flow.net_amount), value),
    }


def in_steps(side: Side) -> Side:
    """Amounts cut to the 백만원 that the broker gives."""
    return Side(
        side.buy_volume,
        side.sell_volume,
        millions(side.buy_amount) * MILLION,
        millions(side.sell_amount) * MILLION,
    )


def average(amount: int, volume: int) -> float | None:
    """Won a share, two decimals, half up."""
    if not volume:
        return None
    exact = Fraction(amount, volume)
    wide = Decimal(exact.numerator * 10**6 // exact.denominator) / 10**6
    return float(wide.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _sum(sides: list[Side]) -> Side:
    return Side(
        sum(side.buy_volume for side in sides),
        sum(side.sell_volume for side in sides),
        sum(side.buy_amount for side in sides),
        sum(side.sell_amount for side in sides),
    )
