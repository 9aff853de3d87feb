"""Every quotation endpoint the emulator serves, by path."""

from tests.kis_emulator.endpoints.calendar import HOLIDAYS, MARKET_TIME
from tests.kis_emulator.endpoints.daily_bars import DAILY_BARS
from tests.kis_emulator.endpoints.index_price import INDEX_PRICE
from tests.kis_emulator.endpoints.multi_quote import MULTI_QUOTE
from tests.kis_emulator.endpoints.volume_rank import VOLUME_RANK

ENDPOINTS = {
    endpoint.path: endpoint
    for endpoint in (
        VOLUME_RANK,
        MULTI_QUOTE,
        INDEX_PRICE,
        DAILY_BARS,
        HOLIDAYS,
        MARKET_TIME,
    )
}
