"""Settings made of variables, for tests that care about a few of them."""

import re

import pytest

from bootstrap.settings import (
    LiveSettings,
    ReplaySettings,
    SettingsError,
    load_settings,
)

KEY = "PSdummyappkey0123456789"
SECRET = "dummysecret+/0123456789=="  # noqa: S105
LIVE = {"APP_ENV": "production", "KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET}


def live(**more: str) -> LiveSettings:
    settings = load_settings({**LIVE, **more})
    assert isinstance(settings, LiveSettings)
    return settings


def replay(**variables: str) -> ReplaySettings:
    settings = load_settings(variables)
    assert isinstance(settings, ReplaySettings)
    return settings


def problems(**variables: str) -> dict[str, str]:
    """The refusal's lines, by the setting that each begins with."""
    with pytest.raises(SettingsError) as caught:
        load_settings(variables)
    return {re.split(r"[:=,]", line)[0]: line for line in caught.value.problems}
