import asyncio
import stat
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from adapters.kis.credentials import Credentials
from adapters.kis.errors import KisTransientError, KisUnreachableError
from adapters.kis.refusals import refusal
from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import AskedTooSoonError
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.adapters.kis.fakes import CREDENTIALS, FakeIssuer, HandClock

HOST = "https://broker.example:9443"


def store(  # noqa: PLR0913
    folder: Path,
    issuer: FakeIssuer,
    clock: HandClock,
    *,
    credentials: Credentials = CREDENTIALS,
    patience: float = 8.0,
    real_sleep: bool = False,
) -> TokenStore:
    return TokenStore(
        folder,
        credentials=credentials,
        base_url=HOST,
        issuer=issuer,
        clock=clock,
        patience=patience,
        sleep=asyncio.sleep if real_sleep else clock.sleep,
    )


async def test_a_hundred_callers_share_one_ask(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(tmp_path, issuer, clock)
    answers = await asyncio.gather(*(tokens.current() for _ in range(100)))
    assert (set(answers), issuer.asks) == ({"token-1"}, 1)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_the_token_survives_a_restart_in_a_private_file(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    await store(tmp_path, issuer, clock).current()

    assert await store(tmp_path, issuer, clock).current() == "token-1"

    assert issuer.asks == 1
    assert modes(tmp_path) == {0o600}


async def test_two_stores_started_together_issue_one_token(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    both = [store(tmp_path, issuer, clock) for _ in range(2)]
    assert await asyncio.gather(*(one.current() for one in both)) == ["token-1"] * 2
    assert issuer.asks == 1


async def test_another_key_has_another_token(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    other = Credentials(app_key=SecretStr("O" * 36), app_secret=SecretStr("S"))
    await store(tmp_path, issuer, clock).current()
    assert (
        await store(tmp_path, issuer, clock, credentials=other).current() == "token-2"
    )


async def test_a_nearly_spent_token_is_renewed_behind_its_callers(
    tmp_path: Path,
) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(tmp_path, issuer, clock)
    await tokens.current()
    clock.forward(hours=23, minutes=1)

    assert await tokens.current() == "token-1"  # the old one, at once

    await asyncio.sleep(0.3)
    assert await tokens.current() == "token-2"
    assert issuer.asks == 2


async def test_a_spent_token_is_never_handed_out(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(tmp_path, issuer, clock)
    await tokens.current()
    clock.forward(hours=24)
    assert await tokens.current() == "token-2"


async def test_the_minute_between_asks_is_waited_out(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(lifetime=timedelta(minutes=10)), HandClock()
    tokens = store(tmp_path, issuer, clock)
    first = await tokens.current()
    clock.forward(seconds=20)

    assert await tokens.reject(first) == "token-2"

    assert clock.slept == pytest.approx([41.0])  # 61 seconds after the first ask


async def test_a_restart_respects_the_minute_of_the_process_before(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    crashed = store(tmp_path, FakeIssuer([RuntimeError("killed")]), clock)
    with pytest.raises(RuntimeError):
        await crashed.current()
    clock.forward(seconds=10)

    await store(tmp_path, FakeIssuer(), clock).current()

    assert clock.slept == pytest.approx([51.0])


async def test_a_caller_whose_patience_ends_is_told_when_to_come_back(
    tmp_path: Path,
) -> None:
    issuer, clock = FakeIssuer([AskedTooSoonError("too soon")]), HandClock()
    tokens = store(tmp_path, issuer, clock, patience=0.2, real_sleep=True)

    with pytest.raises(MarketDataUnavailableError) as caught:
        await tokens.current()

    assert caught.value.retry_after == pytest.approx(61.0)
    assert "61초 뒤" in str(caught.value)
    await tokens.close()


async def test_asked_too_soon_by_someone_else_waits_a_minute_and_asks_again(
    tmp_path: Path,
) -> None:
    issuer, clock = FakeIssuer([AskedTooSoonError("too soon")]), HandClock()
    assert await store(tmp_path, issuer, clock).current() == "token-2"
    assert clock.slept == pytest.approx([61.0])


async def test_a_cancelled_caller_does_not_end_the_asking(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(tmp_path, issuer, clock)
    impatient, patient = (asyncio.create_task(tokens.current()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient, issuer.asks) == ("token-1", 1)
    assert impatient.cancelled()


async def test_a_hundred_rejections_renew_once(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(tmp_path, issuer, clock)
    old = await tokens.current()
    answers = await asyncio.gather(*(tokens.reject(old) for _ in range(100)))
    assert (set(answers), issuer.asks) == ({"token-2"}, 2)


async def test_a_rejected_token_is_replaced_by_another_processs(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    mine, theirs = (store(tmp_path, issuer, clock) for _ in range(2))
    old = await mine.current()
    await theirs.current()
    await theirs.reject(old)

    assert await mine.reject(old) == "token-2"

    assert issuer.asks == 2


async def test_a_wrong_key_is_asked_about_once_and_says_what_to_do(
    tmp_path: Path,
) -> None:
    issuer, clock = FakeIssuer([refusal("EGW00103")] * 9), HandClock()
    tokens = store(tmp_path, issuer, clock)
    for _ in range(2):
        answers = await asyncio.gather(
            *(tokens.current() for _ in range(100)), return_exceptions=True
        )
        assert {type(answer) for answer in answers} == {MarketDataRefusedError}
        assert "KIS_APP_KEY" in str(answers[0])
    assert issuer.asks == 1


async def test_a_blank_key_is_never_sent(tmp_path: Path) -> None:
    issuer, clock = FakeIssuer(), HandClock()
    blank = Credentials(app_key=SecretStr(" "), app_secret=SecretStr("S"))
    with pytest.raises(MarketDataRefusedError, match="KIS_APP_KEY를 설정"):
        await store(tmp_path, issuer, clock, credentials=blank).current()
    assert issuer.asks == 0


async def test_an_ask_that_never_left_does_not_count(tmp_path: Path) -> None:
    issuer = FakeIssuer([KisUnreachableError("down", was_sent=False)])
    clock = HandClock()
    tokens = store(tmp_path, issuer, clock)
    with pytest.raises(KisUnreachableError):
        await tokens.current()
    assert (await tokens.current(), clock.slept) == ("token-2", [])


async def failures_told(tokens: TokenStore, times: int) -> list[str]:
    with capture_logs() as lines:
        for _ in range(times):
            with pytest.raises(KisUnreachableError):
                await tokens.current()
    return [x["error"] for x in lines if x["event"] == "kis.token_not_issued"]


async def test_one_failure_is_logged_once_however_often_it_is_met(
    tmp_path: Path,
) -> None:
    down = [KisUnreachableError("down", was_sent=False) for _ in range(9)]
    gone = KisUnreachableError("gone", was_sent=False)
    tokens = store(tmp_path, FakeIssuer([*down, gone]), HandClock())
    assert await failures_told(tokens, 9) == ["down"]
    assert await failures_told(tokens, 1) == ["gone"]


async def test_a_failure_after_a_success_is_logged_again(tmp_path: Path) -> None:
    issuer = FakeIssuer([KisUnreachableError("down", was_sent=False)])
    clock = HandClock()
    tokens = store(tmp_path, issuer, clock)
    assert await failures_told(tokens, 1) == ["down"]
    await tokens.current()
    clock.forward(hours=25)
    issuer.failures = [KisUnreachableError("down", was_sent=False)]
    assert await failures_told(tokens, 1) == ["down"]


async def test_a_failure_that_lasts_is_logged_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.kis.token.TOLD_AGAIN_SECONDS", 0.0)
    down = [KisUnreachableError("down", was_sent=False) for _ in range(2)]
    tokens = store(tmp_path, FakeIssuer([*down]), HandClock())
    assert await failures_told(tokens, 2) == ["down", "down"]


@pytest.mark.parametrize("error", [KisTransientError("500"), KisUnreachableError("?")])
async def test_a_failed_ask_counts_and_is_not_retried_at_once(
    tmp_path: Path, error: Exception
) -> None:
    clock = HandClock()
    tokens = store(tmp_path, FakeIssuer([error]), clock)
    with pytest.raises(MarketDataUnavailableError) as caught:
        await tokens.current()
    assert not isinstance(caught.value, KisTransientError)
    assert caught.value.retry_after == pytest.approx(61.0)
    assert (await tokens.current(), clock.slept) == ("token-2", [61.0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b'{"access_token": 5}',
        b'{"asked_at": "2026-11-20T10:29:59"}',
        b'{"access_token": "old", "expires_at": "2099-01-01T00:00:00+09:00"}',
    ],
)
async def test_a_corrupt_or_impossible_file_is_ignored(
    tmp_path: Path, content: bytes
) -> None:
    name = f"kis-token-{CREDENTIALS.fingerprint(HOST)}.json"
    (tmp_path / name).write_bytes(content)
    tokens = store(tmp_path, FakeIssuer(), HandClock())
    assert await tokens.current() == "token-1"
    assert orjson.loads((tmp_path / name).read_bytes())["asked_at"]


async def test_a_disk_that_refuses_costs_only_the_sharing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    issuer, clock = FakeIssuer(), HandClock()
    tokens = store(blocked / "data", issuer, clock)
    assert [await tokens.current(), await tokens.current()] == ["token-1"] * 2
    assert await tokens.reject("token-1") == "token-2"
    assert clock.slept == pytest.approx([61.0])  # the minute holds in memory too
