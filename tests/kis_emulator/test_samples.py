"""Bodies have the keys, in the order, of the recorded ones."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.endpoints.calendar import HOLIDAYS, MARKET_TIME
from tests.kis_emulator.server import RunningEmulator


def shape(value: Any) -> Any:
    """Keys in order; of a list, the shapes of its rows without repeats."""
    if isinstance(value, dict):
        return [(key, shape(item)) for key, item in value.items()]
    if isinstance(value, list):
        shapes = [shape(item) for item in value]
        return [item for row, item in enumerate(shapes) if item not in shapes[:row]]
    return type(value).__name__


def recorded(shared: Path, name: str) -> Any:
    return shape(orjson.loads((shared / "kis-samples" / f"{name}.json").read_bytes()))


@pytest.fixture
def code(emulator: RunningEmulator) -> str:
    return emulator.truth.listings()[0].code


def test_volume_rank(shared: Path, asker: Asker) -> None:
    assert shape(asker.rank().json) == recorded(shared, "FHPST01710000-1")


def test_multi_quote(shared: Path, asker: Asker, code: str) -> None:
    heard = asker.quotes(("J", code), ("J", "0001"), ("J", "ZZZZZZ"))
    assert shape(heard.json) == recorded(shared, "FHKST11300006-1")


def test_index_price(shared: Path, asker: Asker) -> None:
    assert shape(asker.index("1001").json) == recorded(shared, "FHPUP02100000-1")


def test_daily_bars(shared: Path, asker: Asker, code: str) -> None:
    heard = asker.bars(code, "20261119", "20261120")
    assert shape(heard.json) == recorded(shared, "FHKST03010100-2")


def test_holidays_value_for_value(
    shared: Path, asker: Asker, emulator: RunningEmulator
) -> None:
    heard = asker.get(HOLIDAYS, BASS_DT="20221227", CTX_AREA_NK="", CTX_AREA_FK="")
    sample = (shared / "kis-samples" / "CTCA0903R-1.json").read_bytes()
    assert list(heard.json.items()) == list(orjson.loads(sample).items())


def test_market_time(shared: Path, asker: Asker) -> None:
    assert shape(asker.get(MARKET_TIME).json) == recorded(shared, "HHMCM000002C0-1")
