"""Whether a frame can be believed: witnesses, the 5 % rule, volumes that run back."""

from dataclasses import replace

import pytest

from domain.audit import (
    Witness,
    audited,
    bears_out,
    believable_totals,
    fallen,
    runs_back,
    suspects,
    trading_value_share,
)
from domain.frame import MarketFrame
from domain.frame_joining import add_venues
from domain.listing import Kind, Market, Shares, Venue
from domain.screening import Universe
from tests.builders import BEFORE, frame, listing, row, totals, witness

HEAVY = frame({"005930": row(1, open=70_000, volume=500)})


# -- witnesses ---------------------------------------------------------------------


@pytest.mark.parametrize("volume", [1, 499, 500])
def test_a_quote_that_grew_since_its_bar_is_of_the_session(volume: int) -> None:
    assert bears_out(witness(open=70_000, volume=volume), HEAVY)


@pytest.mark.parametrize(
    ("bar", "why"),
    [
        (witness(open=70_000, volume=501), "yesterday's quote, less than today's bar"),
        (witness(open=71_000, volume=3), "yesterday's open, however much it traded"),
        (witness(open=0, volume=0), "a bar before the first trade, yesterday's quote"),
        (witness("000660", open=70_000, volume=1), "nobody quoted it"),
    ],
)
def test_yesterdays_quotes_are_refused(bar: Witness, why: str) -> None:
    assert not bears_out(bar, HEAVY), why


def test_a_lost_quote_bears_nothing_out() -> None:
    assert not bears_out(witness(open=0), frame({"005930": None}))


def test_a_bar_without_a_trade_bears_out_a_quote_without_one() -> None:
    untraded = frame({"005930": row(0, volume=0, open=0)})

    assert bears_out(witness(open=0), untraded)
    assert bears_out(witness(open=70_000), untraded)  # whatever its bar calls the open


# -- suspects ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trading_value", "suspect"),
    [
        # low 1,000 and high 2,000, ten shares: 950 x 10 to 2,100 x 10 are allowed
        (9_499, True),
        (9_500, False),
        (15_000, False),
        (21_000, False),
        (21_001, True),
    ],
)
def test_a_mean_price_may_lie_five_percent_outside(
    trading_value: int, suspect: bool
) -> None:
    seen = frame({"005930": row(trading_value, volume=10, low=1000, high=2000)})

    marked = audited(seen)

    assert marked.quote(0).suspect is suspect
    assert marked.quote(0).trading_value == trading_value


def test_rows_without_a_trade_or_a_quote_are_no_suspects() -> None:
    seen = frame(
        {
            "000020": row(0, volume=0, low=0, high=0),
            "000660": None,
        }
    )

    assert not suspects(seen).any()


# -- running back ------------------------------------------------------------------


def market(fallen: int, *, of: int = 200) -> MarketFrame:
    """Stocks with ten shares each; the first few with nine."""
    return frame(
        {f"{n:06d}": row(1, volume=9 if n < fallen else 10) for n in range(of)}
    )


@pytest.mark.parametrize(("fallen", "refused"), [(0, False), (2, False), (3, True)])
def test_more_than_one_percent_fallen_runs_back(fallen: int, refused: bool) -> None:
    assert runs_back(market(fallen), market(0)) is refused


def test_a_new_session_starts_from_nothing() -> None:
    assert not runs_back(frame({"005930": 1}), frame({"005930": 9}, session=BEFORE))
    assert not runs_back(frame({"005930": 1}), None)


def test_only_codes_known_in_both_can_run_back() -> None:
    now = frame({"000020": row(1, volume=1), "000660": None, "005930": row(1)})
    earlier = frame({"000660": row(1, volume=9), "000020": None, "035720": 1})

    assert not runs_back(now, earlier)


# -- against the official totals ---------------------------------------------------

MARKET = {
    listing("005930", on_nxt=True): 600,
    listing("035720", market=Market.KOSDAQ): 150,
    listing("069500", kind=Kind.ETF): 1000,
}


def share(seen: MarketFrame, **universe: object) -> float | None:
    return trading_value_share(seen, Universe(**universe))  # type: ignore[arg-type]


def test_quoted_stocks_are_a_part_of_the_official_totals() -> None:
    seen = frame(MARKET, official=totals(800, 200))

    assert share(seen, venue=Venue.KRX) == 0.75  # 750 of 1,000
    assert share(seen, venue=Venue.KRX, kinds=frozenset(Kind)) == 0.75
    assert share(seen, venue=Venue.KRX, market=Market.KOSPI) == 0.75  # 600 of 800
    assert share(seen, venue=Venue.KRX, market=Market.KOSDAQ) == 0.75  # 150 of 200


def test_under_all_only_the_krx_part_counts() -> None:
    nxt = frame({listing("005930", on_nxt=True): 400}, venue=Venue.NXT)
    seen = add_venues(frame(MARKET, official=totals(800, 200)), nxt)

    assert share(seen) == 0.75


def test_without_official_totals_there_is_no_share() -> None:
    assert share(frame(MARKET), venue=Venue.KRX) is None
    half = frame(MARKET, official=totals(800))
    assert share(half, venue=Venue.KRX) is None
    assert share(half, venue=Venue.KRX, market=Market.KOSPI) == 0.75
    assert share(half, venue=Venue.KRX, market=Market.KOSDAQ) is None
    nothing = frame(MARKET, official=totals(0, 0))
    assert share(nothing, venue=Venue.KRX) is None


def test_nxt_alone_and_products_alone_have_no_share() -> None:
    seen = frame(MARKET, official=totals(800, 200))

    assert share(seen, venue=Venue.KRX, kinds=frozenset({Kind.ETF})) is None
    assert share(frame({}, venue=Venue.NXT), venue=Venue.NXT) is None


# -- what the audit refuses to believe ---------------------------------------------


def test_a_value_without_a_volume_is_a_suspect_and_so_is_the_reverse() -> None:
    seen = frame({"000020": row(5, volume=0), "005930": row(0, volume=7)})

    assert suspects(seen).tolist() == [True, True]


def test_a_row_that_fell_within_the_session_is_a_suspect() -> None:
    earlier = frame({"000020": row(900, volume=9), "005930": row(500, volume=5)})
    later = frame({"000020": row(900, volume=9), "005930": row(400, volume=5)})

    assert fallen(later, earlier).tolist() == [False, True]
    assert audited(later, earlier).quote(1).suspect


def test_official_totals_that_the_quotes_contradict_are_dropped() -> None:
    seen = frame({"005930": 1000}, official=totals(1250, 10))
    other = frame({"005930": 1000}, official=totals(1251, 0))

    assert believable_totals(seen).kospi == 1250
    assert believable_totals(other).kospi is None


def test_few_quotes_contradict_no_total() -> None:
    seen = frame({"005930": 1000, "000660": None}, official=totals(9_000, 0))

    assert believable_totals(seen).kospi == 9_000


def test_the_volume_of_the_day_before_bears_nothing_out() -> None:
    bar = replace(witness(open=70_000, volume=10), volume_before=Shares(500))

    assert bears_out(bar, HEAVY) is False
    assert bears_out(replace(bar, volume_before=Shares(499)), HEAVY)
