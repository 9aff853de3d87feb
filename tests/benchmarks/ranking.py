"""Rank, screen and total of 2,800 rows, against the millisecond allowed.

Run as ``python -m tests.benchmarks.ranking``. One figure is a whole question on a
frame that is held: order under a screen, first page, sums and concentrations.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, datetime

import numpy as np

from application.totals import totals_of
from domain.frame import MarketFrame
from domain.listing import Flag, Kind, Listing, Listings, Market, Ticker, Venue, Won
from domain.ranking import Measure, order, page
from domain.screening import Screen, Universe
from domain.session import KST

ROWS = 2_800
ROUNDS = 500
TARGET_MS = 1.0
AT = datetime(2026, 11, 20, 10, 30, tzinfo=KST)


def frame() -> MarketFrame:
    """A market of both venues whose values are spread as real ones are."""
    draw = np.random.default_rng(20261120)
    listings = Listings.of(
        Listing(
            ticker=Ticker(f"{row:05d}0"),
            name=f"가상{row:04d}",
            market=Market.KOSPI if row % 3 == 0 else Market.KOSDAQ,
            flags=Flag.SPAC if row % 40 == 0 else Flag(0),
            on_nxt=row % 4 == 0,
        )
        for row in range(ROWS)
    )
    value = (draw.pareto(0.8, ROWS) * 1e8).astype(np.int64)
    price = draw.integers(1_000, 300_000, ROWS)
    return MarketFrame(
        listings=listings,
        venue=Venue.ALL,
        kinds=frozenset({Kind.STOCK}),
        session=date(2026, 11, 20),
        as_of_from=AT,
        as_of=AT,
        price=price,
        base_price=price.copy(),
        open=price.copy(),
        high=price.copy(),
        low=price.copy(),
        volume=value // price,
        trading_value=value,
        known=np.ones(ROWS, dtype=bool),
        carried=np.zeros(ROWS, dtype=bool),
        suspect=np.zeros(ROWS, dtype=bool),
        parts={Venue.KRX: value * 7 // 10, Venue.NXT: value - value * 7 // 10},
    )


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of many rounds."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1_000


def main() -> None:
    """Prints each part and the whole question."""
    market, universe = frame(), Universe()
    screen = Screen(min_price=Won(2_000), exclude=Flag.SPAC | Flag.HALTED)

    def ranked(count: int) -> object:
        ordered = order(
            market, universe=universe, screen=screen, by=Measure.TRADING_VALUE
        )
        return page(market, ordered, offset=0, count=count)

    def whole() -> object:
        return ranked(20), totals_of(market, universe)

    whole()  # the columns of markets, kinds and flags are made once a frame
    print(f"rank and screen, 20 rows   {milliseconds(lambda: ranked(20)):.3f} ms")
    print(f"rank and screen, 100 rows  {milliseconds(lambda: ranked(100)):.3f} ms")
    totals = milliseconds(lambda: totals_of(market, universe))
    print(f"totals, concentrations     {totals:.3f} ms")
    all_of_it = milliseconds(whole)
    print(
        f"the whole question         {all_of_it:.3f} ms, "
        f"{all_of_it / TARGET_MS:.2f} of the {TARGET_MS:.0f} ms allowed"
    )


if __name__ == "__main__":
    main()
