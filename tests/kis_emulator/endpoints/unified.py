"""KRX and NXT taken together (``UN``), one listing at a time."""

from dataclasses import replace
from datetime import datetime, time

from tests.kis_emulator.figures import Quote, Truth


def united(krx: Quote | None, nxt: Quote | None, *, nxt_is_later: bool) -> Quote | None:
    """One quote of both; the newer session's alone where they differ."""
    if krx is None or nxt is None or not nxt.volume:
        return krx
    if krx.session != nxt.session:
        return max(krx, nxt, key=lambda quote: quote.session)
    if not krx.volume:
        return replace(nxt, previous_volume=krx.previous_volume + nxt.previous_volume)
    return replace(
        krx,
        price=(nxt if nxt_is_later else krx).price,
        open=nxt.open,
        high=max(krx.high, nxt.high),
        low=min(krx.low, nxt.low),
        volume=krx.volume + nxt.volume,
        trading_value=krx.trading_value + nxt.trading_value,
        previous_volume=krx.previous_volume + nxt.previous_volume,
    )


def quote_of(truth: Truth, division: str, code: str, at: datetime) -> Quote | None:
    """A quote by market division: J, NX or UN."""
    if division != "UN":
        return truth.snapshot(division, at).quote(code)
    krx = truth.snapshot("J", at).quote(code)
    nxt = truth.snapshot("NX", at).quote(code)
    later = not time(9) <= at.time() < time(15, 40)
    return united(krx, nxt, nxt_is_later=later)
