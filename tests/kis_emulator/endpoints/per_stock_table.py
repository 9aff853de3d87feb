"""The endpoints of one stock, and the ranking by its capitalisation."""

from tests.kis_emulator.endpoints.dated_minutes import DATED_MINUTES
from tests.kis_emulator.endpoints.inquire_price import INQUIRE_PRICE
from tests.kis_emulator.endpoints.interruptions import INTERRUPTIONS
from tests.kis_emulator.endpoints.market_cap import MARKET_CAP
from tests.kis_emulator.endpoints.news_title import NEWS_TITLE
from tests.kis_emulator.endpoints.request import Endpoint
from tests.kis_emulator.endpoints.todays_minutes import TODAYS_MINUTES

PER_STOCK: tuple[Endpoint, ...] = (
    INQUIRE_PRICE,
    DATED_MINUTES,
    TODAYS_MINUTES,
    NEWS_TITLE,
    INTERRUPTIONS,
    MARKET_CAP,
)
