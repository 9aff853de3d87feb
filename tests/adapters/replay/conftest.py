"""A recording to be written by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.replay.tapes import Tape


@pytest.fixture
def tape(tmp_path: Path) -> Iterator[Tape]:
    tape = Tape(tmp_path)
    yield tape
    tape.writer.close()
