"""What the doctor sees of a replay: the recording, and a question answered from it."""

import asyncio

from adapters.replay.bundle import bundled_recording
from adapters.replay.recording import Recording
from application.rank_by_trading_value import RankingQuery
from bootstrap.doctor.report import Finding, Mark, Report, fine, look
from bootstrap.replay import replay
from bootstrap.settings import ReplaySettings
from domain.session import KST


async def examine_replay(settings: ReplaySettings, report: Report) -> None:
    """The recording opens, and answers."""
    path = settings.replay_recording or bundled_recording()

    async def recording() -> Finding:
        return described(await asyncio.to_thread(Recording.open, path))

    async def question() -> Finding:
        return await _asked(settings)

    opened = await report.check("녹화본", recording, seconds=3.0)
    if opened.mark is not Mark.WRONG:
        await report.check("질문", question, seconds=12.0)


def described(recording: Recording) -> Finding:
    """What it is of, and which instants it holds."""
    recording.choose_instant()
    instants = ", ".join(f"{at.astimezone(KST):%H:%M}" for at in recording.instants)
    kind = "시뮬레이션(실제 시세 아님)" if recording.source.simulated else "실제 시세"
    last = recording.instants[-1]
    said = f"{recording.source.name}, {kind}, {last:%Y-%m-%d} {instants}"
    if recording.is_cut:
        return look(
            f"{said}, 끝이 잘렸습니다", "온전한 시점만 씁니다. 다시 받아 주세요."
        )
    return fine(said)


async def _asked(settings: ReplaySettings) -> Finding:
    async with replay(settings) as product:
        answer = await product.use_cases.rank_by_trading_value(RankingQuery(count=1))
    first = answer.rows[0].quote.listing.name if answer.rows else "없음"
    said = f"{answer.as_of.as_of:%m-%d %H:%M} 거래대금 1위 {first}"
    return fine(f"{said}, 모두 {answer.total or 0:,}종목")
