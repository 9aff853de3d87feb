"""Every quotation endpoint the emulator serves, by path."""

from tests.kis_emulator.endpoints.calendar import HOLIDAYS, MARKET_TIME
from tests.kis_emulator.endpoints.daily_bars import DAILY_BARS
from tests.kis_emulator.endpoints.flow_table import FLOWS
from tests.kis_emulator.endpoints.index_price import INDEX_PRICE
from tests.kis_emulator.endpoints.index_table import INDICES
from tests.kis_emulator.endpoints.multi_quote import MULTI_QUOTE
from tests.kis_emulator.endpoints.per_stock_table import PER_STOCK
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
        *PER_STOCK,
        *INDICES,
        *FLOWS,
    )
}
