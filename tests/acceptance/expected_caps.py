"""What capitalisations must be: price × listed shares, ranks, weights, multiples."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from tests.acceptance.expected import percent, rounded
from tests.acceptance.expected_growth import signed
from tests.acceptance.standing import Scene, Standing, screened
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.profiles import Profiles, profiles_of

Row = dict[str, Any]


def cap(row: Standing) -> int:
    """Won."""
    return row.price * row.listed_shares


def by_cap(rows: Iterable[Standing]) -> list[Standing]:
    """Largest first, then by code."""
    return sorted(rows, key=lambda row: (-cap(row), row.code))


def caps_expected(
    truth: SimulatedMarket,
    scene: Scene,
    before: Scene | None,
    universe: dict[str, Any],
    **screen: Any,
) -> list[Row]:
    """Every row that qualifies, in order.

    Args:
        truth: The market.
        scene: Whose figures answer.
        before: The session before, at its end; None where it is not known.
        universe: Market, venue and kinds.
        screen: Which rows qualify.
    """
    inside = scene.standings(**universe)
    ranks = {row.code: rank for rank, row in enumerate(by_cap(inside), 1)}
    by_value = sorted(inside, key=lambda row: (-row.value, row.code))
    value_ranks = {row.code: rank for rank, row in enumerate(by_value, 1)}
    earlier = (
        {x.code: rank for rank, x in enumerate(by_cap(before.standings(**universe)), 1)}
        if before
        else {}
    )
    whole = {k: v for k, v in universe.items() if k != "market"}
    sums: dict[str, int] = {}
    for row in scene.standings(**whole):
        sums[row.item.market] = sums.get(row.item.market, 0) + cap(row)
    profiles = profiles_of(truth, scene.session)
    return [
        {
            "rank": rank,
            "stock_code": row.code,
            "stock_name": row.item.name,
            "market_type": row.item.market,
            "market_cap": cap(row),
            "market_cap_rank_change": earlier[row.code] - ranks[row.code]
            if row.code in earlier
            else None,
            "current_price": row.price,
            "change_rate": signed(row.change_rate),
            "trading_value": row.value,
            "trading_value_rank": value_ranks[row.code],
            "weight_in_market": percent(cap(row), sums[row.item.market]),
            **_details(profiles, row),
        }
        for rank, row in enumerate(by_cap(screened(inside, **screen)), 1)
    ]


def _details(profiles: Profiles, row: Standing) -> Row:
    profile = profiles.of(row.code)
    assert profile is not None
    return {
        "foreign_ratio": percent(profile.foreign_shares, profile.listed_shares),
        "per": _multiple(row.price, profile.eps),
        "pbr": _multiple(row.price, profile.bps),
    }


def _multiple(price: int, per_share: int | None) -> float | None:
    """Price over hundredths of won; None of nothing, or of a loss."""
    if per_share is None or per_share <= 0:
        return None
    return rounded(Fraction(price * 100, per_share))


def caps_summary(truth: SimulatedMarket, scene: Scene, universe: dict[str, Any]) -> Row:
    """The aggregates, before any screen."""
    rows = by_cap(scene.standings(**universe))
    total = sum(cap(row) for row in rows)
    profiles = profiles_of(truth, scene.session)
    found: Row = {
        "total_market_cap": total,
        "top10_concentration": percent(sum(cap(row) for row in rows[:10]), total),
    }
    names = (
        ("eps", "average_per", "per_counted", "loss_making"),
        ("bps", "average_pbr", "pbr_counted", "negative_book"),
    )
    for column, average, counted, negative in names:
        stated = []
        for row in rows:
            profile = profiles.of(row.code)
            assert profile is not None
            stated.append((row, getattr(profile, column) or 0))
        have = [(row, figure) for row, figure in stated if figure > 0]
        earned = sum(
            Fraction(cap(row) * figure, row.price * 100) for row, figure in have
        )
        caps = sum(cap(row) for row, _ in have)
        found[average] = rounded(Fraction(caps) / earned) if have else None
        found[counted] = len(have)
        found[negative] = sum(figure < 0 for _, figure in stated)
    return found


def previous(truth: SimulatedMarket, session: date) -> date:
    """The session before one."""
    return truth.days.previous(session)
