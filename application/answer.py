"""What every answer says of itself, put together from the frame it rests on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from application.current_market import Sighting
from application.question import Question
from application.timeliness import Timeliness
from domain.audit import trading_value_share
from domain.frame import MarketFrame, OfficialTotals
from domain.listing import Kind, Listing, Venue
from domain.provenance import AsOf, Basis, Coverage, Source
from domain.screening import Universe

if TYPE_CHECKING:
    from numpy.typing import NDArray


def as_of(
    sighting: Sighting,
    coverage: Coverage,
    *,
    source: Source,
    timeliness: Timeliness,
    notes: tuple[str, ...],
) -> AsOf:
    """The provenance of an answer from one frame, now; notes in order of weight."""
    frame = sighting.frame
    reason = (sighting.reason,) if sighting.reason else ()
    return AsOf(
        as_of_from=frame.as_of_from,
        as_of=frame.as_of,
        session=frame.session,
        phase=timeliness.phase(frame.venue),
        is_final=frame.is_final,
        source=source,
        venue=frame.venue,
        stale=sighting.stale,
        age_seconds=timeliness.age(frame).total_seconds(),
        coverage=coverage,
        notes=(*reason, *notes),
    )


def full_coverage(frame: MarketFrame, universe: Universe) -> Coverage:
    """How much of the universe a swept frame holds."""
    listed = universe.listed(frame)
    gaps = np.flatnonzero(listed & ~frame.known)
    count = int(np.count_nonzero(listed))
    return Coverage(
        basis=Basis.FULL_MARKET,
        listed=count,
        quoted=count - len(gaps),
        missing=tuple(frame.listings[int(row)].ticker for row in gaps),
        trading_value_share=trading_value_share(frame, universe),
    )


def part_coverage(
    frame: MarketFrame, universe: Universe, looked_at: "NDArray[np.bool_]"
) -> Coverage:
    """How much of the universe stands behind an answer from candidates alone.

    The share is theirs of the universe's own trading value.
    """
    inside = universe.rows(frame)
    whole = int(frame.trading_value[inside].sum())
    part = int(frame.trading_value[inside & looked_at].sum())
    return replace(
        full_coverage(frame, universe),
        basis=Basis.CANDIDATES,
        quoted=int(np.count_nonzero(inside & looked_at)),
        trading_value_share=part / whole if whole else None,
    )


def frame_notes(
    frame: MarketFrame, universe: Universe, coverage: Coverage
) -> list[str]:
    """What a reader must know of the frame: gaps, kept and doubtful quotes."""
    notes = []
    inside = universe.rows(frame)
    kept = int(np.count_nonzero(frame.carried & inside))
    doubtful = np.flatnonzero(frame.suspect & inside)
    if coverage.missing:
        notes.append(
            f"시세를 받지 못한 {len(coverage.missing)}종목은 순위에서 빠졌습니다"
            "(coverage.missing)."
        )
    if kept:
        notes.append(f"{kept}종목은 이번에 시세를 받지 못해 앞서 받은 값입니다.")
    if doubtful.size:
        shown = ", ".join(frame.listings[int(row)].ticker for row in doubtful[:5])
        notes.append(
            f"{doubtful.size}종목은 거래대금÷거래량이 고가·저가 범위를 5 % 넘게 "
            f"벗어납니다(대량매매일 수 있음): {shown}"
        )
    return [
        *notes,
        *_share_notes(universe, coverage),
        *_master_notes(frame),
        *session_notes(frame),
    ]


def null_notes(universe: Universe, official: OfficialTotals) -> list[str]:
    """Why columns and totals of this universe are null."""
    notes = []
    if universe.venue is Venue.NXT:
        notes.append(
            "NXT만 물어 krx_trading_value, nxt_share와 공식 합계는 비어 있습니다(null)."
        )
        return notes
    if universe.venue is Venue.KRX:
        notes.append("KRX만 물어 nxt_trading_value와 nxt_share는 비어 있습니다(null).")
    if official.kospi is None or official.kosdaq is None:
        notes.append(
            "증권사에서 공식 합계를 아직 받지 못했거나 시세 합계와 크게 달라 비워 "
            "두었습니다(null)."
        )
    return notes


def _share_notes(universe: Universe, coverage: Coverage) -> list[str]:
    """Why there is no share of the exchange's totals."""
    if Kind.STOCK in universe.kinds or coverage.trading_value_share is not None:
        return []
    return ["공식 합계는 주식만의 것이라 trading_value_share는 비어 있습니다(null)."]


def _master_notes(frame: MarketFrame) -> list[str]:
    dated = frame.listings.dated
    if dated is None or dated >= frame.session:
        return []
    return [f"종목마스터가 {dated} 것이라 그 뒤 상장된 종목은 빠져 있을 수 있습니다."]


def question_notes(question: Question, absent: Sequence[Listing] = ()) -> list[str]:
    """What a reader must know of what was asked for: who is absent, what flags mean."""
    notes = []
    if absent:
        names = ", ".join(f"{item.name}({item.ticker})" for item in absent)
        notes.append(f"조건이나 대상 밖이라 순위에 없는 종목: {names}")
    if question.screen.exclude:
        notes.append("exclude의 지정 상태는 아침에 만들어진 종목마스터 기준입니다.")
    return notes


def session_notes(frame: MarketFrame) -> list[str]:
    """What a reader must know of a past session's listings."""
    dated = frame.listings.dated
    if dated is None or dated <= frame.session:
        return []
    return [
        f"{frame.session}의 종목명·시장·지정 상태는 나중에 채운 것이라 {dated} "
        "기준이고, 그 사이 상장폐지된 종목은 빠져 있을 수 있습니다."
    ]


def absent_of(
    named: Sequence[Listing], frame: MarketFrame, ordered: "NDArray[np.int64]"
) -> list[Listing]:
    """Of the named stocks, those that do not stand in an order of the frame's rows."""
    row_of = frame.listings.row_of
    standing = set(ordered.tolist())
    return [item for item in named if row_of.get(item.ticker) not in standing]
