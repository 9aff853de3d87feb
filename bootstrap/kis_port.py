"""KIS as the application sees it; closing it stays the environment's."""

from adapters.kis.market_data import KisQuotes
from application.ports.market_data import Quotes


def as_port(quotes: KisQuotes) -> Quotes:
    """The same, known by its port alone: what the type checker holds it to."""
    return quotes
