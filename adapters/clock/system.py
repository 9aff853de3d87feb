"""The machine's clock."""

from datetime import datetime

from typing_extensions import override

from application.ports.clock import Clock
from domain.session import KST


class SystemClock(Clock):
    """The real time, in Seoul."""

    @override
    def now(self) -> datetime:
        return datetime.now(KST)
