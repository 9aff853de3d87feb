"""Flows that were read a moment ago."""

import pytest

from application.recent_flows import RecentFlows
from domain.investors import Investor
from domain.listing import Listings, Venue
from tests.application.archive_fake import LOST, PastArchive, flow, investor_flows
from tests.builders import BEFORE, listing

ONE = Listings.of([listing("005930")])


def held() -> PastArchive:
    archive = PastArchive()
    told = {Investor.FOREIGN: {"005930": flow(2, 1)}}
    archive.hold_flows(investor_flows(ONE, BEFORE, told))
    return archive


async def test_the_same_is_read_once_a_minute() -> None:
    archive = held()
    flows = RecentFlows(kept=archive)

    first = await flows.flows(Venue.KRX, BEFORE)

    assert await flows.flows(Venue.KRX, BEFORE) is first
    assert await flows.flow_sessions(Venue.KRX) == (BEFORE,)
    assert await flows.flow_sessions(Venue.KRX) == (BEFORE,)
    assert await flows.indices(BEFORE) == await flows.indices(BEFORE) == {}
    assert archive.reads == {"flows": 1, "flow_sessions": 1, "indices": 1}


async def test_that_there_is_nothing_is_remembered_too() -> None:
    archive = held()
    flows = RecentFlows(kept=archive)

    assert await flows.flows(Venue.NXT, BEFORE) is None
    assert await flows.flows(Venue.NXT, BEFORE) is None
    assert archive.reads["flows"] == 1


async def test_a_failure_is_not() -> None:
    archive = held()
    flows = RecentFlows(kept=archive)
    archive.is_lost = True
    with pytest.raises(type(LOST)):
        await flows.flows(Venue.KRX, BEFORE)
    archive.is_lost = False

    assert await flows.flows(Venue.KRX, BEFORE) is not None


async def test_what_is_kept_reaches_the_archive() -> None:
    archive, source = PastArchive(), held()
    flows = await source.flows(Venue.KRX, BEFORE)
    assert flows is not None

    await RecentFlows(kept=archive).keep_flows(flows)

    assert await archive.flows(Venue.KRX, BEFORE) is not None
