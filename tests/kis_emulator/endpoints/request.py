"""One quotation call as an endpoint sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tests.kis_emulator.envelope import Answer, invalid
from tests.kis_emulator.figures import Truth


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose headers were found good.

    Attributes:
        params: Query parameters, names in upper case.
    """

    truth: Truth
    at: datetime
    params: dict[str, str]

    def given(self, name: str) -> str:
        """A parameter that must be there, blank or not."""
        if name not in self.params:
            raise invalid(name)
        return self.params[name].strip()

    def one_of(self, name: str, *allowed: str) -> str:
        """A parameter that must have one of these values."""
        value = self.given(name)
        if value not in allowed:
            raise invalid(name)
        return value

    def number(self, name: str) -> int:
        """A whole number; blank is 0."""
        value = self.given(name) or "0"
        if not value.isdecimal():
            raise invalid(name)
        return int(value)

    def day(self, name: str) -> date:
        """A date as YYYYMMDD."""
        value = self.given(name)
        digits = value.isascii() and value.isdecimal() and len(value) == 8
        try:
            return date.fromisoformat(value if digits else "")
        except ValueError:
            raise invalid(name) from None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path, its TR id and what it answers.

    Attributes:
        slow: It may reckon for long, so it is answered beside the event loop.
        tr_cont: The response header; blank but for the ledger's pages.
    """

    path: str
    tr_id: str
    answer: Callable[[Call], Answer]
    slow: bool = False
    tr_cont: str = ""
