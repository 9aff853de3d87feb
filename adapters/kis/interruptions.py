"""The broker behind the port of interruptions (변동성완화장치, VI)."""

from collections.abc import Sequence
from datetime import date, datetime

from typing_extensions import override

from adapters.kis.breaker import Breaker
from adapters.kis.calling import Caller, rows_of
from adapters.kis.envelope import Body
from adapters.kis.payloads.interruptions import InterruptionRow, parse_interruptions
from adapters.kis.payloads.rows import Rows
from adapters.kis.requests import Endpoint
from adapters.kis.same_stock import is_same
from adapters.kis.transport import Priority, Transport
from adapters.kis.unreadable import unreadable_row
from application.ports.past_data import Interruptions
from domain.causes_in_prices import Interruption, InterruptionKind
from domain.listing import Ticker, Won
from domain.session import KST

VI_STATUS = Endpoint(name="inquire-vi-status", tr_id="FHPST01390000")

_KINDS = {
    "1": InterruptionKind.STATIC,
    "2": InterruptionKind.DYNAMIC,
    "3": InterruptionKind.BOTH,
}


def vi_status_params(code: str, day: date) -> dict[str, str]:
    """One stock's interruptions of a day, of every kind and side."""
    return {
        "FID_DIV_CLS_CODE": "0",
        "FID_COND_SCR_DIV_CODE": "20139",
        "FID_MRKT_CLS_CODE": "0",
        "FID_INPUT_ISCD": code,
        "FID_RANK_SORT_CLS_CODE": "0",
        "FID_INPUT_DATE_1": f"{day:%Y%m%d}",
        "FID_TRGT_CLS_CODE": "",
        "FID_TRGT_EXLS_CLS_CODE": "",
    }


class KisInterruptions(Interruptions):
    """KIS interruptions of one stock.

    The broker documents that a code may be given; no recorded request gives one. So
    rows of other stocks, and of other days, are left out here too.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._caller = Caller(transport, breaker=breaker)

    @override
    async def interruptions(
        self, ticker: Ticker, session: date
    ) -> Sequence[Interruption]:
        answer = await self._caller.rows(
            VI_STATUS, vi_status_params(ticker, session), _read, Priority.INTERACTIVE
        )
        if answer.bad and not answer.good:
            raise unreadable_row(answer.bad[0])
        found = [
            to_interruption(row)
            for row in answer.good
            if row.bsop_date == session and is_same(row.mksc_shrn_iscd, ticker)
        ]
        return sorted(found, key=lambda one: one.at, reverse=True)


def to_interruption(row: InterruptionRow) -> Interruption:
    """When, how and at which price; a kind that is not documented is not known."""
    return Interruption(
        at=datetime.combine(row.bsop_date, row.cntg_vi_hour, tzinfo=KST),
        kind=_KINDS.get(row.vi_kind_code),
        price=Won(row.vi_prc),
    )


def _read(body: Body) -> Rows[InterruptionRow]:
    return parse_interruptions(rows_of(body, "output"))
