"""The endpoints of investor flows and program trading."""

from tests.kis_emulator.endpoints.market_investors import MARKET_INVESTORS
from tests.kis_emulator.endpoints.market_investors_daily import MARKET_INVESTORS_DAILY
from tests.kis_emulator.endpoints.program_days import PROGRAM_DAYS
from tests.kis_emulator.endpoints.program_moments import PROGRAM_MOMENTS
from tests.kis_emulator.endpoints.request import Endpoint
from tests.kis_emulator.endpoints.slot_estimates import SLOT_ESTIMATES
from tests.kis_emulator.endpoints.slot_leaders import SLOT_LEADERS
from tests.kis_emulator.endpoints.stock_investors import STOCK_INVESTORS
from tests.kis_emulator.endpoints.stock_investors_daily import STOCK_INVESTORS_DAILY

FLOWS: tuple[Endpoint, ...] = (
    STOCK_INVESTORS,
    STOCK_INVESTORS_DAILY,
    SLOT_LEADERS,
    SLOT_ESTIMATES,
    MARKET_INVESTORS,
    MARKET_INVESTORS_DAILY,
    PROGRAM_MOMENTS,
    PROGRAM_DAYS,
)
