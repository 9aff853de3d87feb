"""Runs every feature, and refuses what pytest-bdd would pass over in silence."""

from collections import Counter
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from pytest_bdd import scenarios

FOLDER = Path(__file__).parent

scenarios(str(FOLDER))


def test_no_feature_has_two_scenarios_of_one_name() -> None:
    for path in FOLDER.glob("*.feature"):
        feature = Parser().parse(path.read_text(encoding="utf-8"))["feature"]
        assert feature is not None
        names = Counter(_scenario_names(feature))
        assert [name for name, times in names.items() if times > 1] == [], path.name


def _scenario_names(part: Any) -> list[str]:
    """Names in a feature or one of its rules."""
    names = []
    for child in part["children"]:
        if "scenario" in child:
            names.append(child["scenario"]["name"])
        if "rule" in child:
            names += _scenario_names(child["rule"])
    return names
