"""The broker's word on which days the exchanges open.

Source: KIS ``chk-holiday``, TR id CTCA0903R; at most once a day, its owner sees to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from adapters.kis.client import KisClient


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Asks for the days from one on."""

    client: KisClient

    async def __call__(self, from_day: date) -> Mapping[date, bool]:
        """Each day the broker knows (some 24), and whether the market opens.

        Raises:
            MarketDataError: It could not be had.
        """
        answer = await self.client.holidays(from_day)
        return {row.bass_dt: row.opnd_yn == "Y" for row in answer.good}
