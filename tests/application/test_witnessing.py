"""Who is asked which day it is, and when their word is refused."""

import pytest

from application.witnessing import Hearing, hear, heaviest
from domain.errors import MarketDataUnavailableError, SessionUncertainError
from domain.listing import Flag, Listing, Listings, Market, Venue
from tests.application.scene import ECOPRO, ON_KRX, ON_NXT, SAMSUNG
from tests.builders import BEFORE, SESSION, frame, listing, row, witness
from tests.fakes import FakeQuotes


def broker() -> FakeQuotes:
    return FakeQuotes(ON_KRX, ON_NXT)


async def spoken_at(
    quotes: FakeQuotes, venue: Venue = Venue.KRX, *, hurried: bool = False
) -> Hearing:
    return await hear(quotes, quotes.listed.on_venue(venue), venue, hurried=hurried)


# -- the heaviest ------------------------------------------------------------------


def codes(*items: str, market: Market = Market.KOSPI, count: int = 9) -> list[str]:
    listings = Listings.of(WEIGHED[code] for code in items)
    return [item.ticker for item in heaviest(listings, market, count=count)]


WEIGHED: dict[str, Listing] = {
    item.ticker: item
    for item in [
        listing("000010", base_price=10, previous_volume=5),
        listing("000020", base_price=5, previous_volume=10),
        listing("000030", base_price=1, previous_volume=51),
        listing("000040", base_price=99, previous_volume=99, flags=Flag.HALTED),
        listing("000050", previous_volume=99),
        listing("000060", base_price=99, previous_volume=99, market=Market.KOSDAQ),
        listing("005930", base_price=1, previous_volume=1),
    ]
}


def test_the_heaviest_had_the_largest_trading_value_the_session_before() -> None:
    assert codes(*WEIGHED) == ["005930", "000030", "000010", "000020", "000050"]
    assert codes("000010", "000020", "000030", count=2) == ["000030", "000010"]
    assert codes(*WEIGHED, market=Market.KOSDAQ) == ["000060"]


def test_who_is_halted_is_no_witness() -> None:
    assert codes("000040") == []


# -- the day they name -------------------------------------------------------------


async def test_two_witnesses_of_each_market_name_the_day() -> None:
    quotes = broker()

    spoken = await spoken_at(quotes)

    assert spoken.session == SESSION
    assert spoken.tickers == ("005930", "000660", "086520", "196170")
    assert quotes.calls == {"newest_bar KRX": 4}


async def test_in_a_hurry_one_of_each_market_is_asked() -> None:
    quotes = broker()

    spoken = await spoken_at(quotes, hurried=True)

    assert spoken.tickers == ("005930", "086520")
    assert quotes.calls == {"newest_bar KRX": 2}


async def test_nextrade_is_one_bench_whatever_the_market() -> None:
    quotes = broker()

    await spoken_at(quotes, Venue.NXT, hurried=True)

    assert quotes.calls == {"newest_bar NXT": 1}


async def test_a_witness_that_did_not_trade_today_is_left_out() -> None:
    quotes = broker()
    quotes.bars["086520", Venue.KRX] = witness("086520", session=BEFORE)

    spoken = await spoken_at(quotes)

    assert spoken.session == SESSION
    assert spoken.tickers == ("005930", "000660", "196170")


@pytest.mark.parametrize("late", [("005930", "000660"), ("086520", "196170")])
async def test_a_late_reset_of_one_market_is_refused(late: tuple[str, ...]) -> None:
    quotes = broker()
    for code in late:
        quotes.bars[code, Venue.KRX] = witness(code, session=BEFORE)

    with pytest.raises(MarketDataUnavailableError) as caught:
        await spoken_at(quotes)

    assert isinstance(caught.value, SessionUncertainError)
    assert caught.value.retry_after == 15


async def test_a_market_without_a_second_witness_is_late_by_its_first() -> None:
    quotes = FakeQuotes({SAMSUNG: 9, ECOPRO: 5})
    quotes.bars["086520", Venue.KRX] = witness("086520", session=BEFORE)

    with pytest.raises(MarketDataUnavailableError):
        await spoken_at(quotes)


async def test_all_markets_may_name_the_day_before() -> None:
    quotes = broker()
    quotes.day = BEFORE

    spoken = await spoken_at(quotes)

    assert spoken.session == BEFORE


async def test_a_market_that_never_traded_there_says_nothing() -> None:
    quotes = broker()
    for code in ("005930", "000660"):
        quotes.bars[code, Venue.KRX] = None

    spoken = await spoken_at(quotes)

    assert spoken.tickers == ("086520", "196170")


async def test_where_nobody_traded_the_session_is_uncertain() -> None:
    quotes = broker()
    for code in ("005930", "000660", "086520", "196170"):
        quotes.bars[code, Venue.KRX] = None

    with pytest.raises(SessionUncertainError):
        await spoken_at(quotes)


# -- quotes held against their word ------------------------------------------------


def test_every_witness_has_to_bear_the_frame_out() -> None:
    bars = (witness("005930", volume=5), witness("086520", volume=5))
    spoken = Hearing(venue=Venue.KRX, session=SESSION, benches=(bars[:1], bars[1:]))

    spoken.verify(frame({"005930": row(1, volume=5), "086520": row(1, volume=9)}))
    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        spoken.verify(frame({"005930": row(1, volume=5), "086520": row(1, volume=4)}))


def test_a_witness_whose_quote_was_lost_says_nothing() -> None:
    bars = (witness("005930", volume=5), witness("086520", volume=5))
    spoken = Hearing(venue=Venue.KRX, session=SESSION, benches=(bars,))

    spoken.verify(frame({"005930": None, "086520": row(1, volume=9)}))
    with pytest.raises(SessionUncertainError):
        spoken.verify(frame({"005930": None, "086520": None}))


def test_a_bench_whose_quotes_were_all_lost_leaves_the_session_uncertain() -> None:
    benches = ((witness("005930", volume=5),), (witness("086520", volume=5),))
    spoken = Hearing(venue=Venue.KRX, session=SESSION, benches=benches)

    with pytest.raises(SessionUncertainError):
        spoken.verify(frame({"005930": row(1, volume=9), "086520": None}))


async def test_one_bar_that_cannot_be_read_is_no_failure() -> None:
    quotes = broker()
    quotes.fails["newest_bar 005930"] = MarketDataUnavailableError("no")

    spoken = await spoken_at(quotes)

    assert spoken.tickers == ("000660", "086520", "196170")


async def test_where_no_bar_can_be_read_the_failure_is_told() -> None:
    quotes = broker()
    quotes.fails["newest_bar"] = MarketDataUnavailableError("no")

    with pytest.raises(MarketDataUnavailableError, match="no"):
        await spoken_at(quotes)
