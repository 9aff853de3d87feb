"""The endpoints of investor flows and program trading."""

from tests.kis_emulator.endpoints.request import Endpoint

FLOWS: tuple[Endpoint, ...] = ()
