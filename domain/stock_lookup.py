"""Finding listings by code or by name, as people write them."""

import difflib
import re

from domain.errors import AmbiguousStockError, UnknownStockError
from domain.listing import Listing, Listings

MOST_CANDIDATES = 8
MOST_NEAR = 5
NEAR = 0.6
"""How alike a name must be, 0 to 1: two of three syllables, but not one of two."""

_CODE_SHAPED = re.compile(r"[0-9]+|Q?[0-9][0-9A-Z]{5}")
"""Every code begins with a digit, an ETN's after its Q."""


def find_stocks(listings: Listings, wanted: tuple[str, ...]) -> tuple[Listing, ...]:
    """The listings meant, in the order asked, each once.

    A code, an exact name, or a part of exactly one name; blanks and case do not
    matter.

    Raises:
        AmbiguousStockError: A name fits several; they are named.
        UnknownStockError: It fits none; names that come near are named, but a code
            has no near ones.
    """
    found = {item.ticker: item for text in wanted for item in [_find(listings, text)]}
    return tuple(found.values())


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _find(listings: Listings, text: str) -> Listing:
    code = text.strip().upper()
    row = listings.row_of.get(code)
    if row is not None:
        return listings[row]
    fitting = _named(listings, _plain(text))
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        likely = sorted(fitting, key=lambda item: (len(item.name), item.ticker))
        shown = _told(likely[:MOST_CANDIDATES])
        raise AmbiguousStockError(text, shown, others=len(fitting) - len(shown))
    if _CODE_SHAPED.fullmatch(code):
        raise UnknownStockError(code, is_code=True)
    raise UnknownStockError(text, _told(_near(listings, _plain(text))))


def _named(listings: Listings, asked: str) -> list[Listing]:
    """Those of this name, else those whose names hold it."""
    exact = [item for item in listings if _plain(item.name) == asked]
    return exact or [item for item in listings if asked and asked in _plain(item.name)]


def _near(listings: Listings, asked: str) -> list[Listing]:
    names = {_plain(item.name): item for item in listings}
    near = difflib.get_close_matches(asked[:40], names, MOST_NEAR, cutoff=NEAR)
    return [names[name] for name in near]


def _told(listings: list[Listing]) -> tuple[tuple[str, str], ...]:
    return tuple((item.ticker, item.name) for item in listings)
