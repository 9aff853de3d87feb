"""What processes of one key share: by files in a folder, or by Redis among machines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.alerts.kept_file import AlertFile
from adapters.archive.kept_frames import FrameFiles
from adapters.archive.lease import FileLease
from adapters.kis.budget import Budget
from adapters.kis.credentials import Credentials
from adapters.kis.folder_budget import folder_budget
from adapters.kis.token_records import SharedRecords
from adapters.turns.file_turns import FileTurns
from application.ports.alerts import KeptAlerts
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.lease import Lease
from application.ports.turns import Turns
from bootstrap.caching import LateCache, clearings_folder, late_cache
from bootstrap.settings import LiveSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Everything of which there is one for all processes of a key.

    Attributes:
        turns: Who sweeps.
        kept: The frames that were swept.
        budget: Of calls.
        tokens: Where replicas find the token; None: in the folder alone.
        house: Of the process that keeps house.
        filling: Of the process that fills the past at once.
        watch: Of the process that watches the market.
        alerts: What was told of unusual volume.
        cache: Answers that were given.
        close: Lets go of the connections; last of all.
    """

    turns: Turns
    kept: KeptFrames
    budget: Budget
    tokens: SharedRecords | None
    house: Lease
    filling: Lease
    watch: Lease
    alerts: KeptAlerts
    cache: LateCache
    close: Callable[[], Awaitable[None]]


def sharing(
    settings: LiveSettings, folder: Path, credentials: Credentials, clock: Clock
) -> Sharing:
    """As the settings say; Redis's client is loaded where it is set alone.

    Args:
        settings: Of the environment.
        folder: This broker's.
        credentials: The key whose processes share.
        clock: By which answers age.
    """
    if settings.redis_url is not None:
        from bootstrap.sharing_by_redis import sharing_by_redis  # noqa: PLC0415

        return sharing_by_redis(settings, folder, credentials, clock)
    return Sharing(
        turns=FileTurns(folder / "turns"),
        kept=FrameFiles(folder / "frames"),
        budget=folder_budget(
            settings.data_dir,
            credentials.fingerprint(settings.kis_base_url),
            settings.kis_rate_limit,
        ),
        tokens=None,
        house=FileLease(folder / "upkeep.lock"),
        filling=FileLease(folder / "backfill.lock"),
        watch=FileLease(folder / "watch.lock"),
        alerts=AlertFile(folder / "alerts.json"),
        cache=late_cache(settings, clock, clearings_folder(folder)),
        close=_nothing,
    )


async def _nothing() -> None:
    """Files need no closing."""
