"""What the doctor sees of this machine: version, folder, free space."""

import asyncio
import platform
import shutil
import tempfile
from pathlib import Path

from bootstrap.doctor.report import Finding, Report, fine, look, wrong
from bootstrap.product import VERSION
from bootstrap.settings import LiveSettings, ReplaySettings

MEGABYTE = 1024 * 1024
LEAST_FREE = 50 * MEGABYTE
"""What token, masters and kept frames need several times over."""

SECONDS = 2.0


async def examine_machine(
    settings: LiveSettings | ReplaySettings, report: Report
) -> None:
    """Environment, warnings of the settings, and the folder."""
    said = (
        f"{settings.app_env}, mcp-volume-ranking {VERSION},"
        f" Python {platform.python_version()}"
    )
    report.add("환경", fine(said))
    for warning in settings.warnings:
        found, _, step = warning.partition(". ")
        report.add("설정", look(found.rstrip("."), step))

    async def folder() -> Finding:
        return await asyncio.to_thread(writable, settings.data_dir)

    async def space() -> Finding:
        return await asyncio.to_thread(free_space, settings.data_dir)

    if isinstance(settings, ReplaySettings):
        report.add("DATA_DIR", fine("replay는 쓰지 않아 보지 않았습니다"))
        return
    await report.check("DATA_DIR", folder, seconds=SECONDS)
    await report.check("여유 공간", space, seconds=SECONDS)


def writable(folder: Path) -> Finding:
    """Writes a file there and takes it away again."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"doctor")
            file.flush()
    except OSError as error:
        return wrong(
            f"{folder}에 쓸 수 없습니다({error.strerror or type(error).__name__})",
            "DATA_DIR을 쓸 수 있는 폴더로 바꾸거나 폴더의 권한을 고쳐 주세요.",
        )
    return fine(f"{folder}에 쓰고 지울 수 있습니다")


def free_space(folder: Path) -> Finding:
    """How much is left on the folder's disk."""
    there = next(x for x in (folder, *folder.parents) if x.is_dir())
    free = shutil.disk_usage(there).free
    said = f"{free // MEGABYTE:,}MB 남았습니다"
    if free < LEAST_FREE:
        least = LEAST_FREE // MEGABYTE
        return wrong(said, f"{least}MB 이상 비우거나 DATA_DIR을 옮겨 주세요.")
    return fine(said)
