"""The endpoints of indices and sectors."""

from tests.kis_emulator.endpoints.request import Endpoint

INDICES: tuple[Endpoint, ...] = ()
