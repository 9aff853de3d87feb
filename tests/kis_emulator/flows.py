"""Who bought and who sold: columns of whole won and shares, by kind of investor."""

from datetime import date, datetime, time
from enum import Enum

from tests.kis_emulator.clock import KST, in_kst
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.flow_columns import Flows, together
from tests.kis_emulator.flow_split import chance, split, weights
from tests.kis_emulator.market import SimulatedMarket

DIVISIONS = ("J", "NX", "UN")
PROVISIONAL_FROM = time(15, 40)
FINAL_FROM = {"J": time(18, 10), "NX": time(20, 10)}


class Shown(Enum):
    """What the broker shows of a day's flows by investor."""

    NOTHING = "nothing"
    PROVISIONAL = "provisional"
    FINAL = "final"


def has_flows(truth: Truth) -> bool:
    """Official daily rows tell no investors, so a real day has none to serve."""
    return isinstance(truth, SimulatedMarket)


def flows_in(figures: Figures, venue: str) -> Flows:
    """The flows within what one venue (``J`` or ``NX``) traded."""
    lean = 2 * chance(figures, 90 if venue == "J" else 190) - 1
    buy_volume, buy_amount = split(figures, weights(figures, venue, 0), lean)
    sell_volume, sell_amount = split(figures, weights(figures, venue, 1), -lean)
    return Flows(
        codes=figures.codes,
        row_of=figures.row_of,
        session=figures.session,
        buy_volume=buy_volume,
        sell_volume=sell_volume,
        buy_amount=buy_amount,
        sell_amount=sell_amount,
    )


def shown(venue: str, day: date, at: datetime) -> Shown:
    """Nothing of a running day; from 15:40 provisional; final after the last trade."""
    at = in_kst(at)
    if day < at.date():
        return Shown.FINAL
    if day > at.date() or at.time() < PROVISIONAL_FROM:
        return Shown.NOTHING
    return Shown.FINAL if at.time() >= FINAL_FROM[venue] else Shown.PROVISIONAL


def live_flows(truth: Truth, division: str, at: datetime) -> Flows:
    """What has been bought and sold by an instant, shown or not."""
    if division == "UN":
        return together(live_flows(truth, "J", at), live_flows(truth, "NX", at))
    return flows_in(truth.snapshot(division, at), division)


def final_flows(truth: Truth, division: str, day: date) -> Flows:
    """A session's flows, after-hours trades in them."""
    if division == "UN":
        return together(final_flows(truth, "J", day), final_flows(truth, "NX", day))
    return flows_in(truth.final(division, day), division)


def flows_of(truth: Truth, division: str, day: date, at: datetime) -> Flows | None:
    """A session's flows as the broker shows them at an instant; None before 15:40.

    Provisional ones hold what had traded by 15:40. ``UN`` adds up what ``J`` and
    ``NX`` show, so it is final only when both are.
    """
    if division == "UN":
        krx, nxt = flows_of(truth, "J", day, at), flows_of(truth, "NX", day, at)
        return together(krx, nxt) if krx and nxt else None
    state = shown(division, day, at)
    if state is Shown.NOTHING:
        return None
    if state is Shown.FINAL:
        return final_flows(truth, division, day)
    return live_flows(truth, division, provisional_instant(day))


def provisional_instant(day: date) -> datetime:
    """When the provisional figures were taken."""
    return datetime.combine(day, PROVISIONAL_FROM, KST)


def millions(won: int) -> int:
    """Won in 백만원, half up on the magnitude."""
    rounded = (abs(won) + 500_000) // 1_000_000
    return rounded if won >= 0 else -rounded


def thousands(shares: int) -> int:
    """Shares in 천주, half up on the magnitude."""
    rounded = (abs(shares) + 500) // 1_000
    return rounded if shares >= 0 else -rounded
