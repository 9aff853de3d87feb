"""One listing's past sessions in one division: quotes, newest first."""

from datetime import date

from tests.kis_emulator.endpoints.request import Call
from tests.kis_emulator.endpoints.unified import quote_of, united
from tests.kis_emulator.figures import Quote, Truth

DAYS = 30


def quotes_back(
    call: Call, division: str, code: str, last: date, most: int = DAYS
) -> list[Quote]:
    """Quotes of the last sessions up to a day, the running one's as it is now.

    None of days before the quotes' reset, before the listing or after its end.
    """
    now = quote_of(call.truth, division, code, call.at)
    item = call.truth.listing_of.get(code)
    if item is None or now is None:
        return []
    newest = min(last, now.session)
    days = call.truth.days.back(item.listed_on, newest, most)
    if days and days[0] == now.session:
        return [now, *_finals(call.truth, division, code, days[1:])]
    return _finals(call.truth, division, code, days)


def _finals(truth: Truth, division: str, code: str, days: list[date]) -> list[Quote]:
    if division != "UN":
        return truth.finals(division, code, days)
    nxt = {quote.session: quote for quote in truth.finals("NX", code, days)}
    both: list[Quote] = []
    for krx in truth.finals("J", code, days):
        one = united(krx, nxt.get(krx.session), nxt_is_later=True)
        if one is not None:
            both.append(one)
    return both
