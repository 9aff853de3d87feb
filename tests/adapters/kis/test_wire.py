"""The joined wire over HTTP, on the emulator."""

import asyncio
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from adapters.kis.errors import KisTransientError
from adapters.kis.master_store import MasterStore
from adapters.kis.transport import Priority
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import (
    APP_KEY,
    APP_SECRET,
    VIRTUAL_APP_KEY,
    VIRTUAL_APP_SECRET,
    RunningEmulator,
    running_emulator,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=200, etf=20, etn=10, nxt=50)


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


def codes(emulator: RunningEmulator, count: int = 30) -> list[str]:
    snapshot = emulator.truth.snapshot("J", emulator.clock.now())
    return [str(code) for code in snapshot.codes[:count]]


async def run_process(base_url: str, folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.adapters.kis.token_process"),
        *(base_url, str(folder)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return out.decode().splitlines()[-1]  # the log comes first


async def test_two_processes_started_together_issue_one_token(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    printed = await asyncio.gather(
        *(run_process(emulator.base_url, tmp_path) for _ in range(2))
    )
    assert printed[0]
    assert len(set(printed)) == 1
    assert (emulator.tokens_issued, emulator.token_asks) == (1, 1)


async def test_every_endpoint_answers(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    code = codes(emulator)[0]
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        client = wire.client
        quotes = await client.multi_quote([("J", code) for code in codes(emulator)])
        ranking = await client.volume_rank("J")
        index = await client.index_price("0001")
        bars = await client.daily_bars("J", code, date(2026, 11, 2), date(2026, 11, 20))
        days = await client.holidays(date(2026, 11, 20))
        clock = await client.market_time()
    assert [row.inter_shrn_iscd for row in quotes.good] == codes(emulator)
    assert (len(ranking.good), len(days.good)) == (30, 24)
    for answer in (quotes, ranking, bars, days):
        assert answer.bad == ()
    assert index.acml_tr_pbmn > 0
    assert bars.good[0].stck_bsop_date == clock.today == date(2026, 11, 20)


async def test_index_codes_come_apart_from_stocks(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    slots = [("J", codes(emulator)[0]), ("J", "0001"), ("J", "1001")]
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        answer = await wire.client.multi_quote(slots)
    assert [row.inter_shrn_iscd for row in answer.good] == [slots[0][1]]
    assert [row.inter_shrn_iscd for row in answer.indices] == ["0001", "1001"]


async def test_the_masters_become_listings(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        store = MasterStore(wire.transport, tmp_path / "masters", emulator.clock)
        listings = await store.listings()
    assert len(listings) == 230
    assert sum(item.on_nxt for item in listings) == 50
    assert set(codes(emulator)) & set(listings.row_of)


async def test_a_token_that_expires_in_flight_is_renewed_once_for_all(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    async def forward(seconds: float) -> None:
        emulator.clock.advance(timedelta(seconds=seconds))

    async with wired(
        emulator.base_url, tmp_path, emulator.clock, sleep=forward
    ) as wire:
        await wire.client.market_time()
        emulator.expire_tokens()
        answers = await asyncio.gather(*(wire.client.market_time() for _ in range(20)))
    assert len(answers) == 20
    assert (emulator.tokens_issued, emulator.token_asks) == (2, 2)


async def test_a_token_asked_for_too_soon_is_waited_for_behind_the_caller(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    async with wired(emulator.base_url, tmp_path / "other", emulator.clock) as other:
        await other.tokens.current()
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        started = time.monotonic()
        with pytest.raises(MarketDataUnavailableError, match="61초 뒤") as caught:
            await wire.tokens.current(patience=0.3)
        assert time.monotonic() - started < 10  # not the minute
    assert caught.value.retry_after == pytest.approx(61.0)
    assert emulator.token_asks == 2


@pytest.mark.parametrize(
    ("key", "secret", "named"),
    [
        ("X" * 36, APP_SECRET, "KIS_APP_KEY"),
        (APP_KEY, "X" * 180, "KIS_APP_SECRET"),
        (VIRTUAL_APP_KEY, VIRTUAL_APP_SECRET, "KIS_ACCOUNT_TYPE"),
    ],
    ids=["key", "secret", "virtual"],
)
async def test_wrong_credentials_say_which_variable(
    emulator: RunningEmulator, tmp_path: Path, key: str, secret: str, named: str
) -> None:
    async with wired(
        emulator.base_url, tmp_path, emulator.clock, key=key, secret=secret
    ) as wire:
        answers = await asyncio.gather(
            *(wire.client.market_time() for _ in range(100)), return_exceptions=True
        )
    assert {type(answer) for answer in answers} == {MarketDataRefusedError}
    assert named in str(answers[0])
    assert emulator.token_asks == 1


@pytest.mark.parametrize(
    "kind",
    [
        Kind.SERVER_ERROR,
        Kind.OVER_LIMIT,
        Kind.HTML,
        Kind.EMPTY,
        Kind.RESET,
        Kind.CUT_JSON,
        Kind.EXPIRED,
    ],
)
async def test_passing_trouble_is_not_seen_by_the_caller(
    emulator: RunningEmulator, tmp_path: Path, kind: Kind
) -> None:
    async def forward(seconds: float) -> None:
        emulator.clock.advance(timedelta(seconds=seconds))

    emulator.faults.add(kind, tr_id="FHKST11300006", count=1)
    slots = [("J", code) for code in codes(emulator)]
    async with wired(
        emulator.base_url, tmp_path, emulator.clock, sleep=forward
    ) as wire:
        assert len((await wire.client.multi_quote(slots)).good) == 30


async def test_garbled_rows_are_set_apart_and_the_rest_stands(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    wanted = codes(emulator)
    emulator.faults.garble("acml_tr_pbmn", codes=[wanted[3]])
    emulator.faults.blank("inter2_prpr", codes=[wanted[4]])
    async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
        answer = await wire.client.multi_quote([("J", code) for code in wanted])
    assert [(bad.code, bad.value) for bad in answer.bad] == [
        (wanted[3], "12a4"),
        (wanted[4], ""),
    ]
    assert len(answer.good) == 28


async def test_no_secret_reaches_a_log_an_error_or_a_repr(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    told: list[str] = []
    emulator.faults.add(Kind.RESET, tr_id="FHPST01710000")
    emulator.faults.add(Kind.SERVER_ERROR, tr_id="FHPUP02100000")
    structlog.reset_defaults()
    with capture_logs() as logs:
        async with wired(emulator.base_url, tmp_path, emulator.clock) as wire:
            token = await wire.tokens.current()
            for call in (wire.client.volume_rank("J"), wire.client.index_price("0001")):
                with pytest.raises(KisTransientError) as caught:
                    await call
                told += traceback.format_exception(caught.value)
            told += [repr(vars(part)) for part in vars(wire).values()]
            told += [repr(vars(wire.tokens)["_issuer"].__dict__)]
    told += [repr(log) for log in logs]
    events = {log["event"] for log in logs}
    assert {"kis.token_issued", "kis.retry"} <= events
    for secret in (APP_KEY, APP_SECRET, token):
        assert not [line for line in told if secret in line]


@pytest.mark.slow
async def test_a_sweep_under_refusals_is_whole_and_never_exceeds_the_limit(
    market: SimulatedMarket, tmp_path: Path
) -> None:
    with running_emulator(market=market, latency=0.03, jitter=0.05) as emulator:
        emulator.faults.refuse(0.01, seed=7)
        slots = [("J", code) for code in codes(emulator)]
        async with wired(
            emulator.base_url, tmp_path, emulator.clock, rate=15.0
        ) as wire:
            await wire.client.market_time()
            answers = await asyncio.gather(
                *(
                    wire.client.multi_quote(slots, priority=Priority.BACKGROUND)
                    for _ in range(94)
                )
            )
        assert emulator.max_in_any_second() <= 18
    assert all(len(answer.good) == 30 for answer in answers)
