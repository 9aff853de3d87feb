import os
from pathlib import Path

import pytest

# Error texts and settings must not depend on what the caller's shell exports.
for name in list(os.environ):
    if name.startswith(("KIS_", "REPLAY_", "HTTP_", "CLOCK_")) or name == "APP_ENV":
        del os.environ[name]

ROOT = Path(__file__).resolve().parent.parent


TOGETHER = {
    "tests/acceptance/test_growth_truth.py": "instants",
    "tests/acceptance/test_market_cap_truth.py": "instants",
    "tests/acceptance/test_sector_truth.py": "instants",
    "tests/acceptance/test_tools_agree.py": "instants",
    "tests/acceptance/test_unusual_truth.py": "instants",
}
"""Files that share servers, so that one of several test processes runs them all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests run in one process, in order: they share what is dear to make."""
    for item in items:
        file = item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(TOGETHER.get(file, file)))


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
