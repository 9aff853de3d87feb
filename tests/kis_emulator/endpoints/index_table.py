"""The endpoints of indices and sectors."""

from tests.kis_emulator.endpoints.index_category import INDEX_CATEGORY
from tests.kis_emulator.endpoints.index_daily import INDEX_DAILY
from tests.kis_emulator.endpoints.request import Endpoint

INDICES: tuple[Endpoint, ...] = (INDEX_CATEGORY, INDEX_DAILY)
