"""What acceptance tests share: prepared archives, and a server at each instant."""

from collections.abc import Iterator

import pytest

from tests.acceptance.instants import INSTANTS, Asked, asked_at
from tests.acceptance.past_values import PastValues
from tests.acceptance.prepared import Prepared


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Archives with a past; each stage is made when a test first wants it."""
    return Prepared(folder=tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session", params=INSTANTS, ids=lambda instant: instant.name)
def asked(
    request: pytest.FixtureRequest,
    prepared: Prepared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Asked]:
    """A server at each instant; every file that asks it shares it."""
    folder = tmp_path_factory.mktemp("asked")
    with asked_at(prepared, request.param, folder) as served_then:
        yield served_then


@pytest.fixture(scope="session")
def past(prepared: Prepared) -> PastValues:
    """What was traded on every past session."""
    return PastValues(prepared.market)
