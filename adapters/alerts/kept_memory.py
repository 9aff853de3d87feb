"""What was told, kept by one process for itself."""

from typing_extensions import override

from application.ports.alerts import KeptAlerts
from domain.alerting import AlertBook


class AlertMemory(KeptAlerts):
    """Gone with the process."""

    def __init__(self) -> None:
        self._book = AlertBook()

    @override
    async def load(self) -> AlertBook:
        return self._book

    @override
    async def keep(self, book: AlertBook) -> None:
        self._book = book
