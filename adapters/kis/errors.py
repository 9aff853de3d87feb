"""What the wire can do to us, as the domain's errors.

::

    MarketDataUnavailableError
    ├── KisTransientError           worth another try at once
    │   ├── KisUnreachableError     no answer: refused, reset, timed out
    │   └── KisOverLimitError       over the rate limit, or so the gateway says
    └── KisTokenRejectedError       even a renewed token was turned down
    MarketDataRefusedError          credentials, environment, entitlement
    MarketDataMalformedError
    └── KisParameterError           we asked for what does not exist: our bug
"""

from domain.errors import MarketDataMalformedError, MarketDataUnavailableError


class KisTransientError(MarketDataUnavailableError):
    """A failure that another try at once may mend.

    Attributes:
        code: The broker's code; blank where there was none.
        waited: Seconds that the call itself took, without its wait for the limiter.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        waited: float = 0.0,
        retry_after: float | None = 5.0,
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.code = code
        self.waited = waited


class KisUnreachableError(KisTransientError):
    """No answer at all.

    Attributes:
        was_sent: Whether the broker may have seen the request.
    """

    def __init__(
        self, message: str, *, waited: float = 0.0, was_sent: bool = True
    ) -> None:
        super().__init__(message, waited=waited)
        self.was_sent = was_sent


class KisOverLimitError(KisTransientError):
    """Refused for the number of calls a second; happens below the limit too."""


class KisTokenRejectedError(MarketDataUnavailableError):
    """A token was turned down although it had just been renewed."""


class KisParameterError(MarketDataMalformedError):
    """A request that the broker does not understand; trying again is no use."""
