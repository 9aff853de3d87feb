"""Highs and lows of 250 days, of 52 weeks and of the calendar year, as a quote has."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.kis_emulator.figures import Quote
from tests.kis_emulator.forms import ratio
from tests.kis_emulator.profiles import Profile
from tests.kis_emulator.ticks import on_tick


@dataclass(frozen=True, slots=True)
class Extreme:
    """A price and the session that reached it last."""

    price: int
    on: date


def extremes(profile: Profile, quote: Quote) -> tuple[Extreme, Extreme]:
    """The 52 weeks' high and low, this session's own trades in them."""
    high = Extreme(profile.range_high, profile.range_high_on)
    low = Extreme(profile.range_low, profile.range_low_on)
    if quote.volume and quote.high >= high.price:
        high = Extreme(quote.high, quote.session)
    if quote.volume and quote.low <= low.price:
        low = Extreme(quote.low, quote.session)
    return high, low


def _of_the_year(
    high: Extreme, low: Extreme, quote: Quote, *, fund: bool
) -> tuple[Extreme, Extreme]:
    """Those of 52 weeks where they fell into this year, else between them and today."""
    first = date(quote.session.year, 1, 1)
    inside = min(first + timedelta(days=20), quote.session)
    if high.on < first:
        most = quote.high if quote.volume else quote.price
        high = Extreme(int(on_tick((most + high.price) / 2, fund)), inside)
        high = replace(high, price=max(high.price, most))
    if low.on < first:
        least = quote.low if quote.volume else quote.price
        low = Extreme(int(on_tick((least + low.price) / 2, fund)), inside)
        low = replace(low, price=min(low.price, least))
    return high, low


def extreme_fields(profile: Profile, quote: Quote, *, fund: bool) -> dict[str, str]:
    """All eighteen of them, in the broker's order."""
    high, low = extremes(profile, quote)
    year_high, year_low = _of_the_year(high, low, quote, fund=fund)
    return {
        **_three("d250_hgpr", "d250_hgpr_vrss_prpr_rate", high, quote),
        **_three("d250_lwpr", "d250_lwpr_vrss_prpr_rate", low, quote),
        **_three("stck_dryy_hgpr", "dryy_hgpr_vrss_prpr_rate", year_high, quote),
        **_three("stck_dryy_lwpr", "dryy_lwpr_vrss_prpr_rate", year_low, quote),
        **_three("w52_hgpr", "w52_hgpr_vrss_prpr_ctrt", high, quote),
        **_three("w52_lwpr", "w52_lwpr_vrss_prpr_ctrt", low, quote),
    }


def _three(name: str, rate: str, extreme: Extreme, quote: Quote) -> dict[str, str]:
    """Price, date and how far today's price is from it; 250 days put the date first."""
    price = {name: str(extreme.price)}
    day = {f"{name.removeprefix('stck_')}_date": f"{extreme.on:%Y%m%d}"}
    away = {rate: ratio(quote.price - extreme.price, extreme.price)}
    return price | day | away if name.startswith("d250") else price | away | day
