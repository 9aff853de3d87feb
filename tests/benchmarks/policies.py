"""Growth, sectors, caps and unusual volume over 2,750 stocks, beside their targets.

Run as ``python -m tests.benchmarks.policies``. One figure is what the domain does for
a question: the policy, the order under a screen, and a page of 20. The arrays are held;
the archive's part has its own benchmark.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import numpy as np

from domain.frame import MarketFrame
from domain.growth import Period, baseline, growth_rates
from domain.history import History, split_factors
from domain.listing import Flag, Listing, Listings, Market, Ticker, Venue, Won
from domain.market_cap import (
    foreign_ratios,
    market_caps,
    multiple,
    price_book,
    price_earnings,
    sum_of,
    turnover_rates,
    weights,
)
from domain.profile import Profiles
from domain.ranking import cut, order_by, ranks
from domain.screening import Screen, Universe
from domain.sectors import Level, sectors_of
from domain.unusual_volume import Past, Today, consecutive_days, judge
from domain.volume_baseline import LONG_WINDOW
from tests.benchmarks.ranking import AT, milliseconds

STOCKS = 2_750
UNIVERSE = Universe()
SCREEN = Screen(min_price=Won(2_000), exclude=Flag.SPAC | Flag.HALTED)
RANKING_MS, JUDGING_MS = 3.0, 30.0


def listed(row: int) -> Listing:
    """A third of KOSPI; one stock in ten without an industry."""
    market = Market.KOSPI if row % 3 == 0 else Market.KOSDAQ
    large, leaf = f"{1 + row % 5:04d}", f"{10 + row % 35:04d}"
    return Listing(
        ticker=Ticker(f"{row:05d}0"),
        name=f"가상{row:04d}",
        market=market,
        flags=Flag.SPAC if row % 40 == 0 else Flag(0),
        sectors=() if row % 10 == 0 else (large, leaf),
    )


def market() -> MarketFrame:
    """A market of both venues whose values are spread as real ones are."""
    draw = np.random.default_rng(20261120)
    value = (draw.pareto(0.8, STOCKS) * 1e8).astype(np.int64)
    price = draw.integers(1_000, 300_000, STOCKS)
    base = price + draw.integers(-500, 500, STOCKS)
    return MarketFrame(
        listings=Listings.of(listed(row) for row in range(STOCKS)),
        venue=Venue.ALL,
        kinds=UNIVERSE.kinds,
        session=AT.date(),
        as_of_from=AT,
        as_of=AT,
        price=price,
        base_price=base,
        open=base,
        high=np.maximum(price, base),
        low=np.minimum(price, base),
        volume=value // price,
        trading_value=value,
        known=np.ones(STOCKS, dtype=bool),
        carried=np.zeros(STOCKS, dtype=bool),
        suspect=np.zeros(STOCKS, dtype=bool),
        parts={Venue.KRX: value * 7 // 10, Venue.NXT: value - value * 7 // 10},
    )


def past_of(frame: MarketFrame) -> History:
    """Sixty sessions about today's figures, with a gap here and there."""
    draw = np.random.default_rng(20261119)
    shape = (LONG_WINDOW, STOCKS)
    about = np.exp(draw.normal(0.0, 0.6, shape))
    days = [AT.date() - timedelta(days=back) for back in range(LONG_WINDOW, 0, -1)]
    return History(
        listings=frame.listings,
        venue=Venue.ALL,
        sessions=tuple(days),
        columns={
            "price": np.tile(frame.price, (LONG_WINDOW, 1)),
            "base_price": np.tile(frame.price, (LONG_WINDOW, 1)),
            "volume": (frame.volume * about).astype(np.int64),
            "trading_value": (frame.trading_value * about).astype(np.int64),
        },
        known=draw.random(shape) > 0.001,
    )


def profiles_over(frame: MarketFrame) -> Profiles:
    """A profile of every stock; a third lose money."""
    draw = np.random.default_rng(20261118)
    shares = draw.integers(1_000_000, 1_000_000_000, STOCKS)
    price = frame.price.astype(np.float64)
    return Profiles(
        listings=frame.listings,
        session=frame.session,
        listed_shares=shares,
        exact=np.ones(STOCKS, dtype=bool),
        eps=price * draw.uniform(-0.1, 0.2, STOCKS),
        bps=price * draw.uniform(0.2, 2.0, STOCKS),
        foreign_holding=shares // 3,
        foreign_limit_exhaustion_rate=np.full(STOCKS, 0.3),
        high_52_weeks=frame.price * 2,
        low_52_weeks=frame.price // 2,
        read_on=np.full(STOCKS, frame.session.toordinal()),
    )


def rank_growth(frame: MarketFrame, history: History) -> object:
    """As `application.rank_by_growth` over 20 sessions."""
    base = baseline(history["trading_value"], history.known)
    rates = growth_rates(frame.trading_value, base)
    able = UNIVERSE.rows(frame) & SCREEN.apply(frame)
    ordered = order_by(able & ~np.isnan(rates) & (base.mean >= 0), rates)
    part = cut(ordered, offset=0, count=20)
    return np.count_nonzero(able & ~base.known), quoted(frame, part.places)


def rank_sectors(frame: MarketFrame, level: Level) -> object:
    """As `application.rank_sectors`."""
    inside = UNIVERSE.rows(frame) & SCREEN.apply(frame)
    return sectors_of(frame, inside, level=level, leaders=3)[:20]


def rank_caps(frame: MarketFrame, profiles: Profiles) -> object:
    """As `application.rank_by_market_cap`, with the ranks of the session before."""
    shares = profiles.listed_shares
    caps = market_caps(frame.price, shares, frame.known)
    beside = (
        foreign_ratios(profiles),
        price_earnings(frame.price, profiles.eps),
        price_book(frame.price, profiles.bps),
        turnover_rates(frame.volume, shares),
    )
    inside = UNIVERSE.rows(frame)
    ordered = order_by(inside & SCREEN.apply(frame) & (caps >= 0), caps)
    part = cut(ordered, offset=0, count=20)
    earlier = ranks(order_by(inside, market_caps(frame.low, shares, inside)), STOCKS)
    places = ranks(order_by(inside & (caps >= 0), caps), STOCKS)
    by_value = ranks(order_by(inside, frame.trading_value), STOCKS)
    totals = (
        sum_of(caps, inside),
        multiple(caps, frame.price, profiles.eps, inside),
        multiple(caps, frame.price, profiles.bps, inside),
        weights(caps, frame.market, inside),
    )
    return beside, totals, earlier - places, by_value, quoted(frame, part.places)


def find_unusual(frame: MarketFrame, history: History) -> object:
    """As `application.find_unusual_volume` over 60 sessions."""
    past = Past(
        trading_value=history["trading_value"],
        volume=history["volume"] / split_factors(history, frame.base_price),
        known=history.known,
    )
    today = Today(
        volume=frame.volume,
        trading_value=frame.trading_value,
        quoted=frame.known,
        groups=frame.market,
    )
    found = judge(today, past).within(UNIVERSE.rows(frame) & SCREEN.apply(frame))
    unusual = found.judged & (np.nan_to_num(found.plain.volume_ratio) >= 2.0)
    part = cut(order_by(unusual, found.score), offset=0, count=20)
    runs = consecutive_days(past, found, 2.0)
    return runs, quoted(frame, part.places)


def quoted(frame: MarketFrame, places: tuple[tuple[int, int], ...]) -> object:
    """The rows of a page."""
    return [(rank, frame.quote(row)) for rank, row in places]


def show(what: str, work: Callable[[], object], target: float, rounds: int) -> None:
    """One figure beside its target."""
    work()  # the columns of markets, kinds and industries are made once
    took = milliseconds(work, rounds)
    print(f"{what:<36}{took:>8.3f} ms, {took / target:.2f} of the {target:.0f} allowed")


def main() -> None:
    """Prints each policy's figure."""
    frame = market()
    history, profiles = past_of(frame), profiles_over(frame)
    for period in Period:
        show(
            f"growth, {period.value}",
            partial(rank_growth, frame, history.last(period.sessions)),
            RANKING_MS,
            200,
        )
    for level in Level:
        show(
            f"sectors, {level.value}",
            partial(rank_sectors, frame, level),
            RANKING_MS,
            200,
        )
    show("market caps", partial(rank_caps, frame, profiles), RANKING_MS, 200)
    show("unusual volume", partial(find_unusual, frame, history), JUDGING_MS, 50)


if __name__ == "__main__":
    main()
