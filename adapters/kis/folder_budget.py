"""The budget of the processes on one folder: a small file, under a lock."""

import asyncio
import contextlib
import math
import os
import random
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import orjson
import structlog
from pydantic import TypeAdapter, ValidationError
from typing_extensions import override

from adapters.kis.budget_law import BudgetLaw, LawState
from adapters.kis.pace import FLOOR, STEP_AFTER, STEP_AFTER_AT_MOST, Pace
from adapters.kis.shared_budget import Entry, Ledger, LedgerLostError, SharedBudget
from adapters.kis.transport import Priority

SHARERS = 4
"""Processes that a laptop is taken to have, when its disk cannot tell."""

LOCK_SECONDS = 1.0
"""A lock is held for microseconds: whoever holds it longer is stopped."""

SLOW_SECONDS = 0.001
"""A disk that takes longer on average is used from a thread."""

PADDED = 4096
"""Bytes that the file is filled up to, so that its end never moves."""

BOOT = Path("/proc/sys/kernel/random/boot_id")
OLD_SECONDS = 86_400.0

_log = structlog.get_logger(__name__)
_STATE = TypeAdapter(LawState)


def folder_budget(
    folder: Path,
    fingerprint: str,
    rate: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> SharedBudget:
    """One budget for all processes of this machine that use the folder and the key.

    Args:
        folder: ``DATA_DIR``; made when first needed.
        fingerprint: Tells the key and its host from others; no secret.
        rate: Calls a second, of all together.
        monotonic: The machine's clock, which all its processes share.
    """
    ledger = FileLedger(folder, fingerprint, rate, monotonic=monotonic)
    return SharedBudget(
        ledger, rate, shared_by="folder", sharers=SHARERS, monotonic=monotonic
    )


class FileLedger(Ledger):
    """A file of one key, one machine and one run of it, replaced in place.

    Its times are of the machine's monotonic clock, which starts anew with the machine:
    the boot is part of the file's name where the system tells it.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        rate: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = folder / f"kis-budget-{fingerprint}{_boot()}.json"
        self._others = f"kis-budget-{fingerprint}*"
        self._lock_path = self.path.with_suffix(".lock")
        self._rate = rate
        self._monotonic = monotonic
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._spent = 0.0

    @property
    @override
    def counts(self) -> bool:
        return False

    @override
    async def ask(self, priority: Priority | None, refusals: int) -> Entry:
        end = self._monotonic() + LOCK_SECONDS
        while True:
            try:
                if self._spent > SLOW_SECONDS:
                    return await asyncio.to_thread(self._locked, priority, refusals)
                return self._locked(priority, refusals)
            except filelock.Timeout:
                if self._monotonic() >= end:
                    raise LedgerLostError("locked") from None
                await asyncio.sleep(random.uniform(0.0005, 0.002))  # noqa: S311
            except (OSError, NotImplementedError) as error:
                raise LedgerLostError(type(error).__name__) from error

    def _locked(self, priority: Priority | None, refusals: int) -> Entry:
        """One look and its note. A lock of its own: a cancelled one may still run."""
        self._lock_path.parent.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        with filelock.FileLock(
            self._lock_path, mode=0o600, timeout=0, thread_local=False
        ):
            new = not self.path.exists()
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                entry = self._noted(handle, priority, refusals, new=new)
            finally:
                os.close(handle)
        if new:
            self._forget_other_runs()
        self._spent += 0.1 * (time.perf_counter() - began - self._spent)
        return entry

    def _noted(
        self, handle: int, priority: Priority | None, refusals: int, *, new: bool
    ) -> Entry:
        raw = os.read(handle, 1 << 20)
        now = self._monotonic()
        state = LawState() if new else self._read(raw, now)
        law = BudgetLaw(self._rate, state)
        law.refuse(refusals, now)
        wait = 0.0 if priority is None else law.take(self._name, priority, now)
        content = orjson.dumps(state).ljust(PADDED)
        os.lseek(handle, 0, os.SEEK_SET)
        if os.write(handle, content) != len(content):
            raise OSError("the disk is full")
        if len(raw) > len(content):
            os.ftruncate(handle, len(content))
        return Entry(wait=wait, share=state.pace.share, sharers=SHARERS)

    def _read(self, raw: bytes, now: float) -> LawState:
        """What was noted; where that is no longer known, a window that is full."""
        try:
            state = _STATE.validate_json(raw)
            if _is_sane(state):
                return state
        except ValidationError:
            pass
        _log.warning("kis.budget_file_corrupt", file=self.path.name)
        state = LawState()
        Pace(self._rate, state.pace).assume_spent(now, spread=False)
        return state

    def _forget_other_runs(self) -> None:
        """Removes the files of boots long past; another machine's are kept in use."""
        for path in self.path.parent.glob(self._others):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > OLD_SECONDS:
                    path.unlink()


def _boot() -> str:
    try:
        return "-" + BOOT.read_text("ascii").strip().replace("-", "")[:12]
    except OSError:
        return ""


def _is_sane(state: LawState) -> bool:
    """Whether nothing lies further ahead than the law puts it."""
    pace = state.pace
    held = (pace.next, pace.paused_until, pace.stopped_until, pace.stepped)
    times = (*held, *pace.grants, *pace.refusals)
    return (
        math.isfinite(state.at)
        and all(at <= state.at + STEP_AFTER_AT_MOST for at in times)
        and all(math.isfinite(its.until) for its in state.line.waiting.values())
        and FLOOR <= pace.share <= 1.0
        and STEP_AFTER <= pace.step_after <= STEP_AFTER_AT_MOST
        and 0 <= pace.lowerings < 1_000
    )
