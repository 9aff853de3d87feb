"""Which failures speak of an outage, and how many of them are one.

Only calls that failed for good count, after their tries: the gateway's random refusals
never come that far.
"""

import enum
from collections import Counter, deque

from adapters.kis.errors import (
    KisOverLimitError,
    KisTokenRejectedError,
    KisTransientError,
    KisUnreachableError,
)
from domain.errors import MarketDataMalformedError, MarketDataRefusedError

IN_A_ROW = 5
"""Failed calls without an answer between them: some twenty tries, as many as the first
calls of a sweep. At 50 % of failing tries this comes once in a million calls."""

ELSEWHERE = 2
"""So many of those must be of other endpoints than the one that fails most, before the
broker as a whole is taken to be down: one may be a question that is never answered."""

WINDOW = 30.0
ENDED_AT_LEAST = 20
FAILED_SHARE = 0.5
"""An endpoint flaps where this share of so many calls fails in ``WINDOW`` seconds."""

_LEDGER_LIMIT = "EGW00215"
_GATEWAY_CODES = ("EGW", "OPSQ")


class Verdict(enum.Enum):
    """What the end of a call says of the broker."""

    ANSWERED = "it is there"
    FAILED = "it may be down"
    UNKNOWN = "nothing"


def verdict_of(error: BaseException) -> Verdict:
    """What an error says of the broker, not of the question.

    Credentials refused, answers malformed and limits exceeded are answers; so is a
    service's own code, which concerns what was asked. A wait for a token, a
    cancellation or a bug of ours says nothing.
    """
    match error:
        case KisOverLimitError():
            return Verdict.ANSWERED
        case KisTransientError(code=code):
            ours = code.startswith(_GATEWAY_CODES) and code != _LEDGER_LIMIT
            return Verdict.FAILED if ours or not code else Verdict.ANSWERED
        case (
            MarketDataRefusedError()
            | MarketDataMalformedError()
            | KisTokenRejectedError()
        ):
            return Verdict.ANSWERED
        case _:
            return Verdict.UNKNOWN


class BrokerTally:
    """Failed calls since the last answer, whichever endpoint gave it."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()
        self._unsent = False

    def forget(self) -> None:
        """Begins anew: there was an answer."""
        self._failed.clear()
        self._unsent = False

    def failed(self, endpoint: str, error: BaseException) -> bool:
        """Counts one; whether the whole broker is taken to be down.

        Where no connection could be made, the endpoint does not matter.
        """
        self._failed[endpoint] += 1
        if isinstance(error, KisUnreachableError) and not error.was_sent:
            self._unsent = True
        total = self._failed.total()
        elsewhere = total - max(self._failed.values())
        return total >= IN_A_ROW and (self._unsent or elsewhere >= ELSEWHERE)


class EndpointTally:
    """How the calls of one endpoint ended of late."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._ended: deque[tuple[float, bool]] = deque(maxlen=1_000)

    def answered(self, now: float) -> None:
        """Counts an answer."""
        self._in_a_row = 0
        self._ended.append((now, False))

    def failed(self, now: float) -> bool:
        """Counts a failure; whether the endpoint is taken to be down."""
        self._in_a_row += 1
        self._ended.append((now, True))
        while self._ended[0][0] < now - WINDOW:
            self._ended.popleft()
        failures = sum(failed for _, failed in self._ended)
        ended = len(self._ended)
        return self._in_a_row >= IN_A_ROW or (
            ended >= ENDED_AT_LEAST and failures >= FAILED_SHARE * ended
        )
