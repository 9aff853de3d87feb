"""Flows by investor and industry indices: merged, and final above provisional."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.archive.sql_archive import SqlArchive
from application.ports.past_data import IndexQuote
from domain.investors import FLOW_COLUMNS, Investor, InvestorFlows
from domain.listing import Venue, Won
from tests.adapters.archive.archived import flows
from tests.builders import BEFORE, SESSION, at
from tests.postgresql import Database

FOREIGN, PROGRAM = Investor.FOREIGN, Investor.PROGRAM


async def read(archive: SqlArchive) -> InvestorFlows:
    found = await archive.flows(Venue.KRX, SESSION)
    assert found is not None
    return found


def bought(found: InvestorFlows, investor: Investor) -> list[int | None]:
    """What was bought of each stock; None where it is not known."""
    amounts = found.columns[investor]["buy_amount"].tolist()
    known = found.known[investor].tolist()
    return [
        amount if is_known else None
        for amount, is_known in zip(amounts, known, strict=True)
    ]


async def test_what_is_read_equals_what_was_kept(archive: SqlArchive) -> None:
    kept = flows({FOREIGN: [7, None], PROGRAM: [0, 9]}, is_final=True)
    await archive.keep_flows(kept)
    found = await read(archive)
    assert found.listings == kept.listings
    assert (found.venue, found.session) == (Venue.KRX, SESSION)
    assert (found.as_of, found.is_final) == (at("15:45"), True)
    for investor in (FOREIGN, PROGRAM):
        assert found.known[investor].tolist() == kept.known[investor].tolist()
        for name in FLOW_COLUMNS:
            column = kept.columns[investor][name]
            assert found.columns[investor][name].tolist() == column.tolist()
    assert found.flow(PROGRAM, 1) == kept.flow(PROGRAM, 1)
    with pytest.raises(ValueError, match="read-only"):
        found.columns[FOREIGN]["buy_amount"][0] = 1


async def test_none_are_found_where_none_are_kept(archive: SqlArchive) -> None:
    assert await archive.flows(Venue.KRX, SESSION) is None
    assert await archive.flow_sessions(Venue.KRX) == ()


async def test_stocks_that_are_not_known_stay_as_kept(archive: SqlArchive) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.keep_flows(flows({FOREIGN: [None, 3]}, as_of=at("15:50")))
    found = await read(archive)
    assert bought(found, FOREIGN) == [1, 3]
    assert (found.as_of, found.is_final) == (at("15:50"), False)


async def test_other_stocks_and_other_investors_are_added(archive: SqlArchive) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.keep_flows(flows({PROGRAM: [5]}, codes=["003550"]))
    found = await read(archive)
    assert [item.ticker for item in found.listings] == ["000660", "003550", "005930"]
    assert bought(found, FOREIGN) == [1, None, 2]
    assert bought(found, PROGRAM) == [None, 5, None]


async def test_the_last_of_the_instants_stands(archive: SqlArchive) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}, as_of=at("15:50")))
    await archive.keep_flows(flows({FOREIGN: [None, 3]}, as_of=at("15:45")))
    assert (await read(archive)).as_of == at("15:50")


async def test_a_provisional_figure_never_replaces_a_final_one(
    archive: SqlArchive,
) -> None:
    final = flows({FOREIGN: [7, 8]}, as_of=at("20:30"), is_final=True)
    await archive.keep_flows(final)
    await archive.keep_flows(flows({FOREIGN: [1, 2]}, as_of=at("20:40")))
    found = await read(archive)
    assert bought(found, FOREIGN) == [7, 8]
    assert found.is_final


async def test_flows_are_final_once_no_figure_is_provisional(
    archive: SqlArchive,
) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.keep_flows(flows({FOREIGN: [7, None]}, is_final=True))
    half = await read(archive)
    assert (bought(half, FOREIGN), half.is_final) == ([7, 2], False)
    await archive.keep_flows(flows({FOREIGN: [None, 8]}, is_final=True))
    whole = await read(archive)
    assert (bought(whole, FOREIGN), whole.is_final) == ([7, 8], True)


async def test_venues_and_sessions_are_kept_apart(archive: SqlArchive) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.keep_flows(flows({FOREIGN: [3, 4]}, is_final=True))
    await archive.keep_flows(replace(flows({FOREIGN: [5, 6]}), session=BEFORE))
    await archive.keep_flows(flows({FOREIGN: [7, 8]}, venue=Venue.NXT))
    assert await archive.flow_sessions(Venue.KRX) == (BEFORE, SESSION)
    assert await archive.flow_sessions(Venue.NXT) == (SESSION,)
    assert bought(await read(archive), FOREIGN) == [3, 4]


async def test_flows_of_both_venues_are_refused(archive: SqlArchive) -> None:
    with pytest.raises(ValueError, match="KRX or NXT"):
        await archive.keep_flows(flows({FOREIGN: [1, 2]}, venue=Venue.ALL))


async def test_listings_that_only_flows_use_are_not_forgotten(
    archive: SqlArchive, url: str
) -> None:
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.forget_instants(SESSION)
    process = SqlArchive(url)
    assert bought(await read(process), FOREIGN) == [1, 2]
    await process.close()


async def test_damaged_flows_count_as_none(database: Database) -> None:
    archive = SqlArchive(database.url)
    await archive.keep_flows(flows({FOREIGN: [1, 2]}))
    await archive.keep_flows(flows({FOREIGN: [7, 8]}, is_final=True))
    broken = "UPDATE flows SET content = 'x' WHERE is_final"
    database.say(broken)
    with capture_logs() as logs:
        found = await read(archive)
    assert (bought(found, FOREIGN), found.is_final) == ([1, 2], False)
    assert [log["event"] for log in logs] == ["archive.flows_unreadable"]
    await archive.close()


PHARMA = IndexQuote(
    code="0009",
    name="제약",
    change_rate=-0.0123,
    trading_value=Won(1_234_567_000_000),
)
UNKNOWN = IndexQuote(code="0010", name="", change_rate=None, trading_value=None)


async def test_indices_come_back_by_code(archive: SqlArchive) -> None:
    await archive.keep_indices(SESSION, [PHARMA, UNKNOWN])
    assert await archive.indices(SESSION) == {"0009": PHARMA, "0010": UNKNOWN}
    assert await archive.indices(BEFORE) == {}


async def test_an_index_takes_the_place_of_an_earlier_one(archive: SqlArchive) -> None:
    later = replace(PHARMA, change_rate=0.02)
    await archive.keep_indices(SESSION, [PHARMA, UNKNOWN])
    await archive.keep_indices(SESSION, iter([PHARMA, later]))
    await archive.keep_indices(SESSION, [])
    assert await archive.indices(SESSION) == {"0009": later, "0010": UNKNOWN}
