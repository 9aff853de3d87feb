"""Which flows answer: the session's own, live ones, or an earlier session's."""

from dataclasses import dataclass, replace
from datetime import date, time

import numpy as np

from application.current_market import Sighting
from application.live_flows import LiveFlows
from application.market_view import MarketView
from application.ports.archive import KeptFlows
from application.session_flows import flows_of
from domain.errors import MarketDataUnavailableError
from domain.flow_table import FlowTable, table_of
from domain.frame import MarketFrame
from domain.investors import Investor
from domain.listing import Venue
from domain.provenance import Basis
from domain.ranking import order_by, rows_of
from domain.screening import Screen, Universe

MOST_OF_IT = 0.5
"""Share of the trading value whose flows must be in before a session is answered."""

MOST_EARLIER = 5
"""How many of the last kept sessions are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What flows are wanted for.

    Attributes:
        session: The one that was asked for; None: the newest that can be had.
        nets: Whether nets are enough: then the broker's slots serve.
        selling: Whether the largest net sellings are looked for.
        named: Codes that were asked for; none: all.
    """

    universe: Universe
    screen: Screen
    session: date | None
    investor: Investor
    nets: bool
    selling: bool
    named: tuple[str, ...]

    @property
    def has_slots(self) -> bool:
        """Whether the broker's time slots know it: nets of KRX by these two."""
        known = self.investor in {Investor.FOREIGN, Investor.INSTITUTION}
        return known and self.nets and self.universe.venue is not Venue.NXT


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Found:
    """The flows that answer, and what they rest on.

    Attributes:
        slot: The broker's time slot they are of; None: of none.
        is_final: Of the flows; None where only the frame says.
        is_earlier: They are of an earlier session than the one that stands.
    """

    sighting: Sighting
    table: FlowTable
    basis: Basis
    notes: tuple[str, ...] = ()
    slot: time | None = None
    is_final: bool | None = None
    is_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringFlows:
    """Finds them: kept, live, or earlier, in this order."""

    view: MarketView
    kept: KeptFlows
    live: LiveFlows

    async def of(self, sighting: Sighting, wanted: Wanted, started: float) -> Found:
        """The flows that answer.

        Args:
            sighting: The frame that stands.
            wanted: What for.
            started: When the question came, in the loop's time.

        Raises:
            MarketDataUnavailableError: None are kept, and none are live.
        """
        own, trouble = await self._of_session(sighting, wanted)
        if own is not None:
            return own
        runs = self.view.timeliness.is_running(sighting.frame) and not sighting.stale
        if runs:
            live = await self._live(sighting, wanted, started)
            if live is not None:
                return live
        if trouble is not None:
            raise trouble
        if wanted.session is not None:
            raise _not_kept(wanted.session, runs=runs)
        return await self._earlier(sighting, wanted, runs=runs)

    # -- kept ------------------------------------------------------------------------

    async def _of_session(
        self, sighting: Sighting, wanted: Wanted
    ) -> tuple[Found | None, MarketDataUnavailableError | None]:
        """The session's own; None where too few are kept, or the archive fails."""
        frame = sighting.frame
        flows = await flows_of(frame, self.kept, self.view.timeliness)
        if not flows.parts:
            return None, flows.trouble
        table = table_of(frame.listings, flows.parts, wanted.investor)
        inside = wanted.universe.rows(frame)
        whole = int(frame.trading_value[inside].sum())
        part = int(frame.trading_value[inside & table.known].sum())
        if not part or part < MOST_OF_IT * whole:
            return None, None
        missing = inside & ~table.known & (frame.trading_value > 0)
        gaps = int(np.count_nonzero(missing))
        notes = []
        if not flows.is_final:
            notes.append(
                "투자자별 매매는 15:40 이후의 잠정 집계이고, 마지막 체결 뒤 다시 받아 "
                "확정합니다."
            )
        if gaps:
            notes.append(f"{gaps}종목의 투자자별 매매는 아직 모으는 중입니다.")
        found = Found(
            sighting=sighting,
            table=table,
            basis=Basis.CANDIDATES if gaps else Basis.FULL_MARKET,
            notes=tuple(notes),
            is_final=flows.is_final,
        )
        return found, None

    async def _earlier(
        self, sighting: Sighting, wanted: Wanted, *, runs: bool
    ) -> Found:
        """The last session whose flows are kept, and why it answers."""
        venue = Venue.NXT if wanted.universe.venue is Venue.NXT else Venue.KRX
        today, timeliness = sighting.frame.session, self.view.timeliness
        days = [day for day in await self.kept.flow_sessions(venue) if day < today]
        for day in reversed(days[-MOST_EARLIER:]):
            session = timeliness.calendar.session_on(day)
            frame = session and await self.view.past.kept(wanted.universe, session)
            if not frame:
                continue
            found, _ = await self._of_session(replace(sighting, frame=frame), wanted)
            if found is not None:
                reason = (
                    f"{_why(wanted, today, runs=runs)} 마지막 거래일 {day}의 "
                    f"{'확정' if found.is_final else '잠정'} 집계로 답합니다."
                )
                if sighting.reason:
                    reason = f"{reason} {sighting.reason}"
                seen = replace(found.sighting, reason=reason)  # it comes first of all
                return replace(found, sighting=seen, is_earlier=True)
        raise MarketDataUnavailableError(
            f"{_why(wanted, today, runs=runs)} 보관된 지난 거래일 집계도 없습니다. "
            "`mcp-volume-ranking backfill --flows`로 채우거나 15:50 이후에 다시 물어 "
            "주세요(녹화본이면 REPLAY_AT을 장중 다른 시각으로 바꿔 주세요).",
            retry_after=3600,
        )

    # -- live ------------------------------------------------------------------------

    async def _live(
        self, sighting: Sighting, wanted: Wanted, started: float
    ) -> Found | None:
        """What the broker has while the session runs; None where it has nothing."""
        if wanted.investor is Investor.PROGRAM:
            return await self._programs(sighting, wanted, started)
        if wanted.has_slots:
            return await self._slots(sighting, wanted, started)
        return None

    async def _programs(
        self, sighting: Sighting, wanted: Wanted, started: float
    ) -> Found | None:
        frame = sighting.frame
        rows = self._candidates(frame, wanted)
        table = await self.live.programs(frame, rows, self.view.left(started))
        heard = int(np.count_nonzero(table.known))
        if not heard:
            return None
        which = "거래대금 상위와 물은 종목" if wanted.named else "거래대금 상위 후보"
        return Found(
            sighting=sighting,
            table=table,
            basis=Basis.CANDIDATES,
            notes=(
                f"장중 프로그램 매매는 {which} {len(rows)}종목 중 값이 온 {heard}"
                "종목의 것이고, 순위는 그 안의 것입니다.",
            ),
        )

    async def _slots(
        self, sighting: Sighting, wanted: Wanted, started: float
    ) -> Found | None:
        slot, table = await self.live.slots(
            sighting.frame,
            wanted.universe.market,
            wanted.investor,
            (True, False) if wanted.named else (wanted.selling,),
            self.view.left(started),
        )
        if slot is None:
            return None
        return Found(
            sighting=sighting,
            table=table,
            basis=Basis.CANDIDATES,
            slot=slot,
            notes=(
                f"장중 값은 증권사가 {slot:%H:%M} 입력분까지 모은 가집계 순매수(KRX, "
                "백만원 단위)이고 시장마다 순매수·순매도 상위 30종목까지라 그 밖의 "
                "종목은 알 수 없습니다. 매수·매도는 장 마감 뒤에 나와 비어 "
                "있습니다(null).",
            ),
        )

    def _candidates(self, frame: MarketFrame, wanted: Wanted) -> list[int]:
        able = wanted.universe.rows(frame) & wanted.screen.apply(frame)
        heaviest = order_by(able & (frame.trading_value > 0), frame.trading_value)
        likely = [int(row) for row in heaviest[: self.live.most_candidates]]
        named = [row for row in sorted(rows_of(frame, wanted.named)) if able[row]]
        return list(dict.fromkeys([*named, *likely]))


def _why(wanted: Wanted, today: date, *, runs: bool) -> str:
    """Why the session that stands does not answer."""
    if not runs:
        return f"{today}의 투자자별 매매는 아직 모으지 못했습니다."
    if wanted.investor is Investor.PROGRAM:
        return f"{today}의 프로그램 매매를 증권사에서 받지 못했습니다."
    if wanted.has_slots:
        return f"{today}의 가집계는 아직 입력 전이거나 증권사에서 받지 못했습니다."
    return f"{today}의 종목별 값은 장 마감 뒤(15:40)부터 나옵니다."


def _not_kept(session: date, *, runs: bool) -> MarketDataUnavailableError:
    why = (
        "이 날의 종목별 값은 장 마감 뒤(15:40)부터 나옵니다."
        if runs
        else "이 날의 투자자별 매매가 보관되어 있지 않습니다."
    )
    return MarketDataUnavailableError(
        f"session {session}: {why} session을 비우면 보관된 마지막 거래일로 답합니다."
    )
