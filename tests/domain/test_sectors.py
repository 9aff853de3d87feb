"""Industries that tile the market: by hand, and as laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.frame import MarketFrame
from domain.listing import Listing, Market
from domain.sectors import UNCLASSIFIED, Level, Sector, sectors_of
from tests.builders import Figures, frame, listing, row
from tests.domain.markets import CODES, rows

DRUGS, CHIPS, OTHERS = ("0027", "0009"), ("0027", "0013"), ("0027",)
MARKET = frame(
    {
        listing("000020", sectors=DRUGS): row(300, price=110, base=100, volume=3),
        listing("000100", sectors=DRUGS): row(100, price=80, base=100, volume=2),
        listing("000660", sectors=CHIPS): row(500, price=100, base=100, volume=5),
        listing("003670", sectors=OTHERS): row(50, price=99, base=100, volume=1),
        listing("005935"): row(20, price=7, base=7, volume=3),
        listing("068270", sectors=DRUGS, market=Market.KOSDAQ): row(400, volume=4),
    }
)
EVERY = np.ones(6, dtype=bool)


def found(
    seen: MarketFrame = MARKET,
    level: Level = Level.LEAF,
    *,
    leaders: int = 3,
    without: tuple[str, ...] = (),
) -> tuple[Sector, ...]:
    inside = np.array([x.ticker not in without for x in seen.listings], dtype=bool)
    return sectors_of(seen, inside & seen.known, level=level, leaders=leaders)


def drugs(*, leaders: int = 3) -> Sector:
    """KOSPI's."""
    return next(
        sector
        for sector in found(leaders=leaders)
        if (sector.market, sector.code) == (Market.KOSPI, "0009")
    )


def codes(sectors: tuple[Sector, ...]) -> list[tuple[int, str]]:
    return [(int(sector.market), sector.code) for sector in sectors]


def led(sector: Sector) -> list[tuple[str, int, float | None]]:
    return [(x.listing.ticker, x.trading_value, x.contribution) for x in sector.leaders]


def test_leaves_stand_by_trading_value_then_by_code_and_market() -> None:
    assert codes(found()) == [
        (0, "0013"),
        (0, "0009"),
        (1, "0009"),
        (0, "0027"),
        (0, UNCLASSIFIED),
    ]
    assert [sector.trading_value for sector in found()] == [500, 400, 400, 50, 20]


def test_sectors_of_equal_value_stand_by_code_whatever_their_market() -> None:
    seen = frame(
        {
            listing("000020", sectors=("0013",)): 5,
            listing("000100", sectors=("0009",), market=Market.KOSDAQ): 5,
            listing("000660", sectors=("0009",)): 5,
        }
    )

    assert codes(found(seen)) == [(0, "0009"), (1, "0009"), (0, "0013")]


def test_a_large_industry_holds_its_finer_ones() -> None:
    sectors = found(level=Level.LARGE)

    assert codes(sectors) == [(0, "0027"), (1, "0027"), (0, UNCLASSIFIED)]
    assert [sector.trading_value for sector in sectors] == [950, 400, 20]
    assert [sector.is_whole for sector in sectors] == [True, True, False]


def test_a_sector_sums_its_own_stocks() -> None:
    seen = drugs()

    assert seen.rows == (0, 1)
    assert (seen.trading_value, seen.volume, seen.stock_count) == (400, 5, 2)
    assert (seen.advancers, seen.decliners) == (1, 1)
    # +10 % and −20 %; weighted by 300 and 100
    assert seen.average_change_rate == pytest.approx(-0.05)
    assert seen.weighted_change_rate == pytest.approx((30 - 20) / 400)


def test_moves_are_against_the_base_price_and_those_without_one_are_left_out() -> None:
    seen = frame(
        {
            listing("000020", sectors=DRUGS): row(300, price=110, base=100),
            listing("000100", sectors=DRUGS): row(900, price=80, base=0),
        }
    )

    (sector,) = found(seen)

    assert sector.average_change_rate == pytest.approx(0.1)
    assert sector.weighted_change_rate == pytest.approx(0.1)
    assert (sector.advancers, sector.decliners) == (1, 0)
    assert (sector.stock_count, sector.trading_value) == (2, 1200)
    assert led(sector) == [("000100", 900, 0.75), ("000020", 300, 0.25)]


def test_without_base_prices_or_trades_there_are_no_rates_to_speak_of() -> None:
    (unpriced,) = found(frame({"005930": row(9, price=5, base=0)}))
    (silent,) = found(frame({"005930": row(0, price=6, base=5)}))

    assert (unpriced.average_change_rate, unpriced.weighted_change_rate) == (None, None)
    assert silent.average_change_rate == pytest.approx(0.2)
    assert silent.weighted_change_rate is None
    assert led(silent) == [("005930", 0, None)]


def test_leaders_are_the_most_traded_with_their_part_of_the_sector() -> None:
    assert led(drugs()) == [("000020", 300, 0.75), ("000100", 100, 0.25)]
    assert led(drugs(leaders=1)) == [("000020", 300, 0.75)]


def test_leaders_of_equal_value_stand_by_code() -> None:
    seen = frame({"000660": 5, "005930": 9, "000020": 5, "035720": 5})

    (sector,) = found(seen)

    assert [x.listing.ticker for x in sector.leaders] == ["005930", "000020", "000660"]


def test_an_industry_with_finer_ones_is_not_whole() -> None:
    whole = {(sector.market, sector.code): sector.is_whole for sector in found()}

    assert whole == {
        (Market.KOSPI, "0013"): True,
        (Market.KOSPI, "0009"): True,
        (Market.KOSDAQ, "0009"): True,
        (Market.KOSPI, "0027"): False,
        (Market.KOSPI, UNCLASSIFIED): False,
    }


def test_screening_its_finer_ones_out_makes_no_industry_whole() -> None:
    sectors = found(without=("000020", "000100", "000660"))

    assert codes(sectors) == [(1, "0009"), (0, "0027"), (0, UNCLASSIFIED)]
    assert [sector.is_whole for sector in sectors] == [True, False, False]


def test_what_is_outside_is_in_no_sector() -> None:
    assert found(without=tuple(item.ticker for item in MARKET.listings)) == ()
    assert [x.rows for x in found(frame({"000020": None, "005930": 1}))] == [(1,)]


# -- laws --------------------------------------------------------------------------


@st.composite
def markets(draw: st.DrawFn) -> MarketFrame:
    """Few codes of both markets, some without an industry, some without a quote."""
    one = st.builds(
        listing,
        st.sampled_from(CODES),
        market=st.sampled_from(Market),
        sectors=st.sampled_from([(), ("1",), ("1", "2"), ("1", "3"), ("4", "2", "5")]),
    )
    items = draw(st.lists(one, unique_by=lambda item: item.ticker, max_size=10))
    quotes: dict[Listing, Figures] = {
        item: draw(st.one_of(st.none(), rows(), rows())) for item in items
    }
    return frame(quotes)


LEVELS = st.sampled_from(Level)


@given(markets(), LEVELS, st.integers(1, 10))
def test_sectors_tile_the_universe(
    seen: MarketFrame, level: Level, leaders: int
) -> None:
    sectors = found(seen, level, leaders=leaders)

    inside = np.flatnonzero(seen.known)
    assert sorted(row for sector in sectors for row in sector.rows) == inside.tolist()
    assert len(set(codes(sectors))) == len(sectors)
    assert sum(x.stock_count for x in sectors) == len(inside)
    assert sum(x.trading_value for x in sectors) == seen.trading_value[inside].sum()
    assert sum(x.volume for x in sectors) == seen.volume[inside].sum()


@given(markets(), LEVELS)
def test_every_stock_is_where_its_listing_says(seen: MarketFrame, level: Level) -> None:
    place = -1 if level is Level.LEAF else 0
    for sector in found(seen, level):
        assert sector.rows == tuple(sorted(sector.rows))
        for item in (seen.listings[at] for at in sector.rows):
            code = item.sectors[place] if item.sectors else UNCLASSIFIED
            assert (item.market, code) == (sector.market, sector.code)


@given(markets(), LEVELS)
def test_a_sectors_figures_are_those_of_its_quotes(
    seen: MarketFrame, level: Level
) -> None:
    for sector in found(seen, level):
        quotes = [seen.quote(at) for at in sector.rows]
        rates = [x.change_rate for x in quotes if x.change_rate is not None]
        weighted = sum((x.change_rate or 0.0) * x.trading_value for x in quotes)
        heavy = sum(x.trading_value for x in quotes if x.base_price)
        assert sector.advancers == sum((x.change or 0) > 0 for x in quotes)
        assert sector.decliners == sum((x.change or 0) < 0 for x in quotes)
        assert sector.average_change_rate == (
            pytest.approx(sum(rates) / len(rates)) if rates else None
        )
        assert sector.weighted_change_rate == (
            pytest.approx(weighted / heavy) if heavy else None
        )


@given(markets(), LEVELS, st.integers(1, 10))
def test_leaders_are_the_head_of_the_sectors_own_ranking(
    seen: MarketFrame, level: Level, leaders: int
) -> None:
    for sector in found(seen, level, leaders=leaders):
        quotes = [seen.quote(at) for at in sector.rows]
        best = sorted(quotes, key=lambda x: (-x.trading_value, x.listing.ticker))
        assert [x.listing for x in sector.leaders] == [
            x.listing for x in best[:leaders]
        ]
