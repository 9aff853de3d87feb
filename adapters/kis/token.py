"""The access token (접근토큰): one per key, shared by processes, renewed early."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from adapters.kis.credentials import Credentials
from adapters.kis.errors import KisTransientError, KisUnreachableError
from adapters.kis.token_file import Token, TokenRecord
from adapters.kis.token_issuer import AskedTooSoonError, TokenIssuer
from adapters.kis.token_records import FileRecords, Records, SharedRecords
from application.ports.clock import Clock
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError

BETWEEN_ASKS = timedelta(seconds=61)
"""The broker issues once a minute; a second is for clocks that disagree."""

RENEW_WHEN_LEFT = timedelta(hours=1)
UNUSABLE_WHEN_LEFT = timedelta(seconds=30)
REFUSAL_KEPT_SECONDS = 60.0
NEXT_RENEWAL_SECONDS = 5.0
TOLD_AGAIN_SECONDS = 60.0
"""How long the log is spared the same failure, however many flights end in it."""

ASKS = 3

_log = structlog.get_logger(__name__)


class TokenStore:
    """Keeps one key's token, in memory and in a record that is shared.

    Asking is one background task however many wait, and it outlives its callers. The
    lock is held from the first look at the record to the last write, so that processes
    started together issue one token between them.

    Args:
        folder: Where the file and its lock live (``DATA_DIR``).
        credentials: Whose token; the file's name bears their fingerprint.
        base_url: For which host.
        issuer: Asks the broker.
        clock: The wall clock that expiry is told by.
        shared: What replicas share beside the file; None for the file alone.
        patience: Seconds that a caller waits by default.
        sleep: Waits; for tests.
    """

    def __init__(  # noqa: PLR0913 - it joins what a token needs
        self,
        folder: Path,
        *,
        credentials: Credentials,
        base_url: str,
        issuer: TokenIssuer,
        clock: Clock,
        shared: SharedRecords | None = None,
        patience: float = 8.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        name = f"kis-token-{credentials.fingerprint(base_url)}"
        files = FileRecords(folder, name)
        self._records: Records = shared.over(files, name) if shared else files
        self._credentials = credentials
        self._issuer = issuer
        self._clock = clock
        self._patience = patience
        self._sleep = sleep
        self._held: Token | None = None
        self._asked_at: datetime | None = None
        self._rejected: str | None = None
        self._refused: tuple[float, MarketDataRefusedError] | None = None
        self._renew_from = 0.0
        self._flight: asyncio.Task[Token] | None = None
        self._told: dict[str, tuple[str, float]] = {}

    @property
    def expires_at(self) -> datetime | None:
        """When the token at hand ends; None without one."""
        return self._held.expires_at if self._held else None

    @property
    def refusal(self) -> MarketDataRefusedError | None:
        """Why the broker refuses this key; None while it does not."""
        return self._refused[1] if self._refused else None

    async def current(self, *, patience: float | None = None) -> str:
        """A token that is good now; a nearly spent one is renewed behind the caller.

        Raises:
            MarketDataUnavailableError: None could be had within ``patience`` seconds.
            MarketDataRefusedError: The key or the secret is wrong.
        """
        held = self._held
        now = self._clock.now()
        if held is None or not self._is_good(held, now, UNUSABLE_WHEN_LEFT):
            return await self._awaited(patience)
        loop_time = asyncio.get_running_loop().time()
        if not held.lasts(now, RENEW_WHEN_LEFT) and loop_time >= self._renew_from:
            self._start()
        return held.value.get_secret_value()

    async def reject(self, token: str, *, patience: float | None = None) -> str:
        """Another token than this, which the broker turned down in flight.

        Where another caller or process has renewed it already, theirs is taken.

        Raises:
            MarketDataUnavailableError: None could be had within ``patience`` seconds.
            MarketDataRefusedError: The key or the secret is wrong.
        """
        held = self._held
        if held is None or held.value.get_secret_value() == token:
            self._rejected = token
            self._held = None
        return await self.current(patience=patience)

    async def close(self) -> None:
        """Ends the asking that is under way."""
        if self._flight is not None and not self._flight.done():
            self._flight.cancel()
            await asyncio.wait([self._flight])

    def _is_good(self, token: Token, now: datetime, margin: timedelta) -> bool:
        if token.value.get_secret_value() == self._rejected:
            return False
        return token.lasts(now, margin)

    async def _awaited(self, patience: float | None) -> str:
        self._credentials.require()
        self._repeat_refusal()
        flight = self._start()
        seconds = self._patience if patience is None else patience
        try:
            async with asyncio.timeout(seconds):
                token = await asyncio.shield(flight)
        except TimeoutError:
            raise await self._not_yet() from None
        return token.value.get_secret_value()

    def _repeat_refusal(self) -> None:
        if self._refused is None:
            return
        until, error = self._refused
        if asyncio.get_running_loop().time() < until:
            raise MarketDataRefusedError(str(error), code=error.code)
        self._refused = None

    async def _not_yet(self) -> MarketDataUnavailableError:
        record = await self._records.read()  # another may be asking
        seconds = max(1.0, self._wait_after(self._last_ask(record)))
        return MarketDataUnavailableError(
            "접근토큰을 아직 받지 못했습니다(발급은 1분에 한 번)."
            f" {seconds:.0f}초 뒤 다시 시도해 주세요.",
            retry_after=seconds,
        )

    def _start(self) -> asyncio.Task[Token]:
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._obtain())
            self._flight.add_done_callback(_retrieve)
        return self._flight

    async def _obtain(self) -> Token:
        """The record's token where that helps, else a new one."""
        loop_time = asyncio.get_running_loop().time
        try:
            async with self._records.locked():
                token = await self._shared_or_asked()
        except MarketDataRefusedError as error:
            self._refused = (loop_time() + REFUSAL_KEPT_SECONDS, error)
            _log.error("kis.token_refused", code=error.code)
            raise
        except MarketDataUnavailableError as error:
            self._renew_from = loop_time() + NEXT_RENEWAL_SECONDS
            self._warn_once("kis.token_not_issued", str(error))
            raise
        self._held, self._rejected = token, None
        self._told.pop("kis.token_not_issued", None)
        return token

    def _warn_once(self, event: str, error: str) -> None:
        """A line in the log, unless it has just said the same."""
        now = asyncio.get_running_loop().time()
        said, until = self._told.get(event, ("", 0.0))
        if error == said and now < until:
            return
        self._told[event] = (error, now + TOLD_AGAIN_SECONDS)
        _log.warning(event, error=error)

    async def _shared_or_asked(self) -> Token:
        record = await self._records.read()
        now, token = self._clock.now(), record.token
        renewing = self._held and self._is_good(self._held, now, UNUSABLE_WHEN_LEFT)
        margin = RENEW_WHEN_LEFT if renewing else UNUSABLE_WHEN_LEFT
        if token and self._is_good(token, now, margin):
            _log.info("kis.token_shared", expires_at=str(token.expires_at))
            return token
        for _ in range(ASKS):
            try:
                return await self._ask(record)
            except AskedTooSoonError as error:  # another machine, or a lost file
                too_soon = error
        raise self._spent(too_soon)

    async def _ask(self, record: TokenRecord) -> Token:
        """Asks once the minute has passed, and tells the record before it asks."""
        before = self._last_ask(record)
        wait = self._wait_after(before)
        if wait > 0:
            self._asked_at = before
            _log.info("kis.token_waits", seconds=round(wait, 1))
            await self._sleep(wait)
        now = self._asked_at = self._clock.now()
        await self._records.write(replace(record, asked_at=now))
        try:
            issued = await self._issuer.issue()
        except KisUnreachableError as error:
            if error.was_sent:
                raise self._spent(error) from error
            self._asked_at = before  # the broker did not see it: it does not count
            await self._records.write(replace(record, asked_at=before))
            raise
        except AskedTooSoonError:
            raise
        except KisTransientError as error:
            raise self._spent(error) from error
        token = Token(value=issued.value, expires_at=now + issued.lifetime)
        await self._records.write(TokenRecord(token=token, asked_at=now))
        _log.info("kis.token_issued", expires_at=str(token.expires_at))
        return token

    def _spent(self, error: KisTransientError) -> MarketDataUnavailableError:
        """An ask that failed but counts: no use trying again before the minute."""
        return MarketDataUnavailableError(
            str(error), retry_after=max(1.0, self._wait_after(self._asked_at))
        )

    def _last_ask(self, record: TokenRecord) -> datetime | None:
        asks = [at for at in (record.asked_at, self._asked_at) if at is not None]
        return max(asks, default=None)

    def _wait_after(self, asked_at: datetime | None) -> float:
        """Seconds until a token may be asked for; an ask in the future is none."""
        if asked_at is None:
            return 0.0
        since = self._clock.now() - asked_at
        if since < timedelta(0):
            return 0.0
        return max(0.0, (BETWEEN_ASKS - since).total_seconds())


def _retrieve(flight: asyncio.Task[Token]) -> None:
    """Callers see the error; a renewal behind them has none to see it."""
    if not flight.cancelled():
        flight.exception()
