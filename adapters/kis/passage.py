"""One call on its way past the breaker: each try is told, and so is the end."""

from types import TracebackType

from adapters.kis.breaker import Breaker, Ticket
from adapters.kis.errors import KisTransientError
from adapters.kis.outage import Verdict, verdict_of


class Passage:
    """Around one call with all its tries; without a breaker everything passes.

    Raises:
        MarketDataUnavailableError: On entering, at once: the breaker is open.
    """

    def __init__(self, breaker: Breaker | None, endpoint: str) -> None:
        self._breaker = breaker
        self._endpoint = endpoint
        self._ticket: Ticket | None = None
        self._tries = 0
        self._is_answered = False

    def __enter__(self) -> "Passage":
        if self._breaker is not None:
            self._ticket = self._breaker.enter(self._endpoint)
        return self

    def trying(self) -> None:
        """A try begins.

        Raises:
            MarketDataUnavailableError: No more: others have opened the breaker.
        """
        self._tries += 1
        if self._breaker is not None and self._ticket is not None and self._tries > 1:
            self._breaker.retry(self._ticket)

    def answered(self) -> None:
        """The broker has answered, whether or not the answer is of use."""
        self._is_answered = True
        if self._breaker is not None and self._ticket is not None:
            self._breaker.answered(self._ticket)

    def goes_on(self, error: KisTransientError) -> bool:
        """Whether another try may follow one that ended so.

        A probe is one call: it is tried again only after an answer has closed the
        breaker, e.g. a random refusal. Others stop once the breaker is open.
        """
        if self._breaker is None or self._ticket is None:
            return True
        if verdict_of(error) is Verdict.ANSWERED:
            self.answered()
        return self._breaker.lets_retry(self._ticket)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._breaker is None or self._ticket is None:
            return
        if isinstance(error, KisTransientError):
            self._breaker.gave_up()
        verdict = Verdict.ANSWERED if error is None else verdict_of(error)
        if self._is_answered or verdict is Verdict.ANSWERED:
            self._breaker.answered(self._ticket)
        elif verdict is Verdict.FAILED and error is not None:
            self._breaker.failed(self._ticket, error)
        else:
            self._breaker.left(self._ticket)
