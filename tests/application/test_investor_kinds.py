"""Investors' flows are of stocks alone, and funds are told so."""

import pytest

from application.rank_by_investor import STOCKS_ALONE, InvestorQuery
from domain.errors import InvalidRequestError
from domain.investors import Investor
from domain.listing import Kind, Venue
from domain.screening import Universe
from tests.application.archive_fake import flow, investor_flows
from tests.application.question_scene import PastScene
from tests.application.scene import ALL
from tests.builders import SESSION

MILLION = 1_000_000


async def test_funds_alone_are_refused_by_the_parameters_name() -> None:
    with pytest.raises(InvalidRequestError, match="STOCK을 넣어") as refused:
        await PastScene().by_investor(
            InvestorQuery(universe=Universe(kinds=frozenset({Kind.ETF})))
        )

    assert refused.value.parameter == "kinds"


async def test_funds_beside_stocks_are_left_out_and_it_is_said() -> None:
    scene = PastScene()
    scene.clock.set("20:30")
    await scene.market.seen(ALL)
    stocks, there = scene.stocks(), scene.stocks(Venue.NXT)
    one = flow(2 * MILLION, MILLION)
    for axis, venue in ((stocks, Venue.KRX), (there, Venue.NXT)):
        flows = {Investor.INDIVIDUAL: {item.ticker: one for item in axis}}
        scene.archive.hold_flows(investor_flows(axis, SESSION, flows, venue=venue))

    answer = await scene.by_investor(
        InvestorQuery(
            universe=Universe(kinds=frozenset({Kind.STOCK, Kind.ETF})),
            investor=Investor.INDIVIDUAL,
        )
    )

    assert {row.quote.listing.kind for row in answer.rows} == {Kind.STOCK}
    assert STOCKS_ALONE in answer.as_of.notes
