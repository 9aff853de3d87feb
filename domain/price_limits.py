"""Daily price limits (상한가, 하한가): 30 % of the base price, cut to the tick."""

from bisect import bisect_right

from domain.listing import Won

_BOUNDS = (2_000, 5_000, 20_000, 50_000, 200_000, 500_000)
_TICKS = (1, 5, 10, 50, 100, 500, 1_000)


def tick_of(price: int) -> int:
    """Won per tick (호가가격단위) of a stock at a price.

    Source: KRX rules of business, KOSPI and KOSDAQ alike since 2023-01-25.
    """
    return _TICKS[bisect_right(_BOUNDS, price)]


def price_limits(base_price: Won) -> tuple[Won, Won]:
    """The upper and the lower limit of a stock on a plain session.

    What 30 % comes to is cut to the base price's tick, and the upper limit to its own
    tick. They do not hold on a first day of listing nor in a clearance sale.

    Source: KRX rules of business, 30 % since 2015-06-15.
    """
    tick = tick_of(base_price)
    reach = base_price * 3 // 10 // tick * tick
    upper = base_price + reach
    return Won(upper // tick_of(upper) * tick_of(upper)), Won(base_price - reach)
