"""The endpoints of one stock."""

from tests.kis_emulator.endpoints.request import Endpoint

PER_STOCK: tuple[Endpoint, ...] = ()
