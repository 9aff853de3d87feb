"""Where what a broker said is kept: no broker's figures ever answer for another's."""

import hashlib
from pathlib import Path


def broker_folder(data_dir: Path, *, base_url: str, master_url: str) -> Path:
    """The folder of one broker's frames, masters and calendar.

    A rehearsal on an emulator shares the data folder with the real broker, and would
    leave invented prices to be answered as the last session's.
    """
    hosts = f"{base_url}\n{master_url}".encode()
    return data_dir / f"broker-{hashlib.sha256(hosts).hexdigest()[:8]}"
