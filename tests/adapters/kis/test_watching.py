"""A transport's exchanges, remembered for the health check."""

import pytest

from adapters.kis.transport import KisRequest
from adapters.kis.watching import Watched
from application.source_calls import counted
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import Answer, ScriptedTransport, answered, good
from tests.builders import at
from tests.fakes import FakeClock

REQUEST = KisRequest(path="/quotations/x", tr_id="X")
CUT = MarketDataUnavailableError("연결이 끊어졌습니다.")


async def exchanged(*answers: Answer, clock: FakeClock) -> Watched:
    """Each answer a minute after the one before, from 10:30 on."""
    watched = Watched(ScriptedTransport(list(answers)), clock)
    for _ in answers:
        if isinstance(answers[watched.calls], Exception):
            with pytest.raises(MarketDataUnavailableError):
                await watched.exchange(REQUEST)
        else:
            await watched.exchange(REQUEST)
        clock.advance(60)
    return watched


async def test_nothing_is_known_before_the_first_exchange() -> None:
    watched = Watched(ScriptedTransport([good()]), FakeClock())
    assert (watched.calls, watched.answered_at, watched.failing_since) == (
        0,
        None,
        None,
    )


async def test_answers_pass_through_unchanged() -> None:
    inner = ScriptedTransport([good(output=[])], files={"/a.zip": b"zip"})
    watched = Watched(inner, FakeClock())
    assert await watched.exchange(REQUEST) == good(output=[])
    assert await watched.download("/a.zip") == b"zip"
    assert (inner.requests, inner.downloads, watched.calls) == (
        [REQUEST],
        ["/a.zip"],
        1,
    )


async def test_the_last_good_answer_is_remembered() -> None:
    watched = await exchanged(good(), good(), clock=FakeClock())
    assert (watched.calls, watched.answered_at) == (2, at("10:31"))
    assert watched.failing_since is None


async def test_failures_are_dated_from_the_first_of_them() -> None:
    watched = await exchanged(
        good(), CUT, answered(500, {}), answered(503, {}), clock=FakeClock()
    )
    assert watched.failing_since == at("10:31")
    assert watched.answered_at == at("10:30")
    assert watched.last_failure == "HTTP 503"


async def test_what_could_not_be_sent_is_remembered_by_its_words() -> None:
    watched = await exchanged(CUT, clock=FakeClock())
    assert watched.last_failure == "연결이 끊어졌습니다."


async def test_a_success_ends_the_failures() -> None:
    watched = await exchanged(CUT, good(), clock=FakeClock())
    assert (watched.failing_since, watched.answered_at) == (None, at("10:31"))


async def test_every_exchange_counts_for_whoever_waits_for_it() -> None:
    watched = Watched(ScriptedTransport([good(), CUT, good()]), FakeClock())
    with counted() as mine:
        await watched.exchange(REQUEST)
        with pytest.raises(MarketDataUnavailableError):
            await watched.exchange(REQUEST)
    await watched.exchange(REQUEST)
    assert mine.calls == 2
