"""Reasons found for planted surges, against what was planted."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from domain.causes import Cause, Reason
from tests.acceptance.explaining import explaining
from tests.acceptance.planted import (
    CASES,
    EXPIRY,
    FRIDAY,
    UNEXPLAINED,
    planted_market,
)
from tests.kis_emulator.clock import KST
from tests.kis_emulator.plants import CAUSES, NOTHING, Plant

pytestmark = pytest.mark.slow

LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90
SESSIONS = 40
Found = Mapping[str, tuple[Reason, ...]]


@dataclass(frozen=True)
class Explained:
    plants: tuple[Plant, ...]
    found: Mapping[date, Found]

    def of(self, plant: Plant) -> set[str]:
        return {x.cause.value for x in self.found[plant.day][plant.code]}

    @property
    def pairs(self) -> set[tuple[str, str]]:
        return {
            (plant.code, cause)
            for plant in self.plants
            for cause in self.of(plant) - {NOTHING}
        }

    @property
    def planted(self) -> set[tuple[str, str]]:
        return {(x.code, x.cause) for x in self.plants if x.cause != NOTHING}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """On Thursday while the session runs, on Friday from what the evening keeps."""
    return asyncio.run(_explain(tmp_path_factory.mktemp("planted")))


async def _explain(folder: Path) -> Explained:
    market = planted_market()
    plants = market.planting.plants
    found: dict[date, Found] = {}
    for day, clock in ((EXPIRY, "14:45"), (FRIDAY, "20:30")):
        evening = datetime.fromisoformat(f"{market.days.previous(day)}T20:30")
        async with explaining(market, folder, evening.replace(tzinfo=KST)) as before:
            await before.fill(SESSIONS)
        at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=KST)
        async with explaining(market, folder, at) as product:
            if day == FRIDAY:
                await product.harvest()
            codes = [x.code for x in plants if x.day == day]
            found[day] = await product.explained(codes)
    return Explained(plants=plants, found=found)


def test_every_cause_is_planted_often_enough(explained: Explained) -> None:
    counted = Counter(plant.cause for plant in explained.plants)
    assert {counted[cause] for cause in CAUSES} == {CASES}
    assert counted[NOTHING] == UNEXPLAINED
    assert {cause.value for cause in Cause} == {*CAUSES, NOTHING}


def test_what_is_found_was_planted_and_what_was_planted_is_found(
    explained: Explained, capsys: pytest.CaptureFixture[str]
) -> None:
    found, planted = explained.pairs, explained.planted
    precision = len(found & planted) / len(found)
    recall = len(found & planted) / len(planted)
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what the test is for
            f"\nreasons: precision {precision:.3f} of {len(found)} found, "
            f"recall {recall:.3f} of {len(planted)} planted"
        )
    assert precision >= LEAST_PRECISION, sorted(found - planted)
    assert recall >= LEAST_RECALL, sorted(planted - found)


def test_what_nothing_explains_is_unknown(explained: Explained) -> None:
    bare = [plant for plant in explained.plants if plant.cause == NOTHING]
    assert {plant.bait: explained.of(plant) for plant in bare} == {
        plant.bait: {NOTHING} for plant in bare
    }


def test_every_reason_shows_dated_evidence_of_its_session(
    explained: Explained,
) -> None:
    for day, found in explained.found.items():
        for reason in (x for some in found.values() for x in some):
            assert (reason.confidence is None) == (reason.cause is Cause.UNKNOWN)
            assert all(one.at.date() == day for one in reason.evidence)
            assert all(one.source and one.text for one in reason.evidence)
