"""The market as one venue shows it, from the emulator's truth, in plain Python.

Nothing here is the product's: no numpy, no screen, no order of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from tests.acceptance.expected import FLAGS, MARKETS
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One listing's figures; won and shares.

    Attributes:
        price: KRX's, but of NXT alone NXT's; the base price likewise.
        volume: Of the venue, both added for ALL; the value likewise.
    """

    item: Listed
    price: int
    base: int
    volume: int
    value: int
    listed_shares: int

    @property
    def code(self) -> str:
        """Its short code."""
        return self.item.code

    @property
    def change_rate(self) -> Fraction:
        """Against the base price."""
        return Fraction(self.price - self.base, self.base)


@dataclass(frozen=True, slots=True)
class Scene:
    """Both venues' figures of one session, at an instant of it or at its end."""

    session: date
    listed: tuple[Listed, ...]
    krx: Figures
    nxt: Figures

    def standings(
        self,
        *,
        market: str = "ALL",
        venue: str = "ALL",
        kinds: Iterable[str] = ("STOCK",),
    ) -> list[Standing]:
        """Everything of a universe, in no order."""
        wanted = set(kinds)
        return [
            self._standing(item, venue)
            for item in self.listed
            if item.kind in wanted
            and item.market in (MARKETS if market == "ALL" else (market,))
            and (venue != "NXT" or item.on_nxt)
        ]

    def _standing(self, item: Listed, venue: str) -> Standing:
        shown = self.nxt if venue == "NXT" else self.krx
        quote = shown.quote(item.code)
        krx, nxt = self.krx.quote(item.code), self.nxt.quote(item.code)
        assert quote is not None
        assert krx is not None
        parts = {"ALL": (krx, nxt), "KRX": (krx,), "NXT": (nxt,)}[venue]
        return Standing(
            item=item,
            price=quote.price,
            base=quote.base,
            volume=sum(part.volume for part in parts if part),
            value=sum(part.trading_value for part in parts if part),
            listed_shares=krx.listed_shares,
        )


def scene_at(truth: SimulatedMarket, at: datetime, session: date) -> Scene:
    """What is quoted at an instant; the listings are the session's."""
    listed = truth.listings_on(session)
    return Scene(session, listed, truth.snapshot("J", at), truth.snapshot("NX", at))


def scene_on(truth: SimulatedMarket, session: date, *, named: date) -> Scene:
    """A session's last figures.

    Args:
        truth: The market.
        session: Of the figures.
        named: The day of the master that names, markets and flags are of; what was
            not listed on both days is left out.
    """
    there = {item.code for item in truth.listings_on(session)}
    listed = tuple(x for x in truth.listings_on(named) if x.code in there)
    return Scene(session, listed, truth.final("J", session), truth.final("NX", session))


def screened(
    standings: Iterable[Standing],
    *,
    exclude: Iterable[str] = (),
    min_price: int = 0,
    max_price: int = 10**12,
    min_trading_value: int = 0,
) -> list[Standing]:
    """Those that qualify."""
    flags = [FLAGS[name] for name in exclude]
    return [
        row
        for row in standings
        if min_price <= row.price <= max_price
        and row.value >= min_trading_value
        and not any(bears(row.item) for bears in flags)
    ]
