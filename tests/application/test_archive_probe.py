"""What the health check sees of the archive."""

from application.archive_probe import ArchiveProbe
from application.ports.health import State
from domain.errors import MarketDataUnavailableError
from tests.application.memory_archive import MemoryArchive


async def test_an_archive_without_a_session_is_no_fault() -> None:
    found = await ArchiveProbe(MemoryArchive())()

    assert found.state is State.HEALTHY
    assert "backfill" in found.detail


async def test_an_archive_that_fails_is_told_with_its_reason() -> None:
    archive = MemoryArchive()
    archive.fails["sessions"] = MarketDataUnavailableError("보관소가 잠겨 있습니다.")

    found = await ArchiveProbe(archive)()

    assert (found.state, found.detail) == (State.DEGRADED, "보관소가 잠겨 있습니다.")
