import os
from pathlib import Path

import pytest

# Error texts and settings must not depend on what the caller's shell exports.
for name in list(os.environ):
    if name.startswith(("KIS_", "REPLAY_", "HTTP_", "CLOCK_")) or name == "APP_ENV":
        del os.environ[name]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; absent on other machines."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no folder ../shared/data beside this checkout")
    return folder
