"""What a new frame sets off."""

import asyncio

import pytest

from application.new_frames import NewFrames, leaders
from domain.frame import MarketFrame
from domain.listing import Listing, Market, Ticker, Venue
from tests.application.past_fakes import NotedJournal
from tests.builders import Figures, at, frame, listing

KOSPI, KOSDAQ = listing("000001"), listing("000002", market=Market.KOSDAQ)


def test_the_hundred_heaviest_of_each_market_lead() -> None:
    quotes: dict[Listing, Figures] = {
        listing(f"{n:06d}", market=Market(n % 2)): (1000 + n) * 1000 for n in range(240)
    }
    found = leaders(frame(quotes))
    # 120 a market, the lightest 20 of each left out: 0, 2 … 38 and 1, 3 … 39.
    assert len(found) == 200
    assert found[0] == "000238"
    assert found[100] == "000239"
    assert sorted(found) == [f"{n:06d}" for n in range(40, 240)]


def test_a_code_whose_quote_did_not_come_leads_nothing() -> None:
    assert leaders(frame({KOSPI: 5, KOSDAQ: None})) == ["000001"]


def frames(
    journal: NotedJournal, shown: list[MarketFrame], wanted: list[Ticker]
) -> NewFrames:
    async def see(taken: MarketFrame) -> None:
        shown.append(taken)

    return NewFrames(want=wanted.extend, seen=see, journal=journal)


async def test_a_frame_is_shown_once_and_another_one_again() -> None:
    shown: list[MarketFrame] = []
    wanted: list[Ticker] = []
    first, second = frame({KOSPI: 1}), frame({KOSPI: 2}, as_of=at("10:31"))
    new = frames(NotedJournal(), shown, wanted)
    for taken in (first, first, second):
        await new.show(taken)
    assert [one.as_of for one in shown] == [first.as_of, second.as_of]
    assert wanted == ["000001", "000001"]


async def test_nxt_wants_no_profiles() -> None:
    shown: list[MarketFrame] = []
    wanted: list[Ticker] = []
    new = frames(NotedJournal(), shown, wanted)
    await new.show(frame({KOSPI: 1}, venue=Venue.NXT))
    assert len(shown) == 1
    assert wanted == []


async def test_who_looks_for_too_long_is_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def endless(_: MarketFrame) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("application.new_frames.LOOK_SECONDS", 0.01)
    journal = NotedJournal()
    new = NewFrames(want=lambda _: None, seen=endless, journal=journal)
    await new.show(frame({KOSPI: 1}))
    assert journal.said[0][1]["kind"] == "TimeoutError"
