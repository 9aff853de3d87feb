"""Every code of a venue, thirty a call; what is lost is asked for once more."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from adapters.kis.client import KisClient
from adapters.kis.payloads.multi_quote import MultiQuoteRow
from adapters.kis.requests import SLOTS
from adapters.kis.transport import Priority
from domain.errors import MarketDataError, MarketDataRefusedError

GIVE_UP_AFTER = 5
"""Lost calls without one answer, after which the broker is taken to be down."""

FEW = 3 * SLOTS
FEWER_SLOTS = 10
"""A second try of few codes: one that spoils its call takes fewer others with it."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class QuoteSweep:
    """One sweep in progress.

    Attributes:
        division: J or NX.
        priority: Its place at the limiter.
        rows: What has come, by code.
        lost: Calls that failed for good.
    """

    client: KisClient
    division: str
    priority: Priority = Priority.SWEEP
    rows: dict[str, MultiQuoteRow] = field(default_factory=dict)
    lost: list[MarketDataError] = field(default_factory=list)

    async def run(self, codes: Sequence[str]) -> list[MultiQuoteRow]:
        """Rows of the codes, as many as could be had; a second try for the others.

        Raises:
            MarketDataRefusedError: Credentials or entitlement are wrong.
            MarketDataError: Not one quote could be had.
        """
        await self._ask(codes)
        absent = [code for code in codes if code not in self.rows]
        if absent and self.rows:
            few = len(absent) <= FEW
            await self._ask(absent, slots=FEWER_SLOTS if few else SLOTS)
        if self.lost and not self.rows:
            raise self.lost[0]
        still = [code for code in codes if code not in self.rows]
        if still:
            _log.warning("kis.quotes_missing", codes=len(still), first=still[:5])
        return list(self.rows.values())

    async def _ask(self, codes: Sequence[str], *, slots: int = SLOTS) -> None:
        """All at once, after the first calls have shown that the broker answers.

        Without those, a broker that is down would be asked everything thrice before
        the first call is lost for good: retries queue behind all first tries.
        """
        calls = [codes[start : start + slots] for start in range(0, len(codes), slots)]
        ahead = len(calls) if self.rows else GIVE_UP_AFTER
        tasks = [asyncio.create_task(self._ask_some(some)) for some in calls[:ahead]]
        try:
            for done in asyncio.as_completed(tasks):
                await done
                if self.rows:
                    break
            if len(self.lost) >= GIVE_UP_AFTER and not self.rows:
                return
            tasks += [
                asyncio.create_task(self._ask_some(some)) for some in calls[ahead:]
            ]
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_some(self, codes: Sequence[str]) -> None:
        slots = [(self.division, code) for code in codes]
        try:
            answer = await self.client.multi_quote(slots, priority=self.priority)
        except MarketDataRefusedError:
            raise
        except MarketDataError as error:
            self.lost.append(error)
            return
        self.rows.update((row.inter_shrn_iscd, row) for row in answer.good)
