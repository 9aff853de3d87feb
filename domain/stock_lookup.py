"""Finding listings by code or by name, as people write them."""

import difflib

from domain.errors import AmbiguousStockError
from domain.listing import Listing, Listings

MOST_CANDIDATES = 8


def find_stocks(listings: Listings, wanted: tuple[str, ...]) -> tuple[Listing, ...]:
    """The listings meant, in the order asked, each once.

    A code, an exact name, or a part of exactly one name; blanks and case do not
    matter.

    Raises:
        AmbiguousStockError: A name fits several or none; likely ones are named.
    """
    found = {item.ticker: item for text in wanted for item in [_find(listings, text)]}
    return tuple(found.values())


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _find(listings: Listings, text: str) -> Listing:
    row = listings.row_of.get(text.strip().upper())
    if row is not None:
        return listings[row]
    asked = _plain(text)
    exact = [item for item in listings if _plain(item.name) == asked]
    if len(exact) == 1:
        return exact[0]
    partly = exact or [
        item for item in listings if asked and asked in _plain(item.name)
    ]
    if len(partly) == 1:
        return partly[0]
    candidates = sorted(partly, key=lambda item: (len(item.name), item.ticker))
    if not candidates:
        names = {item.name: item for item in listings}
        near = difflib.get_close_matches(text, names, MOST_CANDIDATES, cutoff=0.5)
        candidates = [names[name] for name in near]
    raise AmbiguousStockError(
        text, tuple((item.ticker, item.name) for item in candidates[:MOST_CANDIDATES])
    )
