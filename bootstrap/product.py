"""A running environment, and how it ends."""

import importlib.metadata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from adapters.mcp_server.alert_feed import AlertFeed
from application.fill_history import FillHistory
from application.harvest_session import HarvestSession
from application.ports.clock import Clock
from application.ports.lease import Lease
from application.standing import Standing
from application.use_cases import UseCases
from bootstrap.caching import LateCache

_log = structlog.get_logger(__name__)

VERSION = importlib.metadata.version("mcp-volume-ranking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is needed to give an answer again.

    Attributes:
        cache: Where answers are.
        standing: Whether they still stand.
        clock: By which they age.
        told_in: Where other processes read what the cache does; None: nowhere.
    """

    cache: LateCache
    standing: Standing
    clock: Clock
    told_in: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A running environment.

    Attributes:
        memory: Of answers that were given.
        feed: The resource of alerts.
        close: Ends what runs behind; to be awaited once, before the process ends.
        warnings: What the operator should see at the start.
        calls: How many calls the broker has had so far; None where there is none.
        fill_history: Fills the archive's past; None where there is nothing to fill.
        harvest: Keeps a closed session's flows; None likewise.
        filling_turn: Of the one process that fills the past at once; None likewise.
        house_lease: Of the one process that keeps house; None likewise.
        keep_house: The slow loop of a long-running server, True for one that also
            sweeps by itself; None where there is nothing to keep.
    """

    use_cases: UseCases
    memory: Memory
    feed: AlertFeed
    environment: str
    close: Callable[[], Awaitable[None]]
    warnings: tuple[str, ...] = ()
    calls: Callable[[], int] | None = None
    fill_history: FillHistory | None = None
    harvest: HarvestSession | None = None
    filling_turn: Lease | None = None
    house_lease: Lease | None = None
    keep_house: Callable[[bool], Awaitable[None]] | None = None


class Closable(Protocol):
    """What runs behind, or holds something open."""

    async def close(self) -> None:
        """Ends it."""
        ...


async def close_all(closables: Iterable[Closable]) -> None:
    """Closes one after another; one that fails keeps none of the others open."""
    for part in closables:
        try:
            await part.close()
        except Exception:
            _log.exception("close_failed", part=type(part).__name__)
