"""What industries must be: leaves that tile the market, their sums and leaders."""

from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.acceptance.expected import percent, signed_percent
from tests.acceptance.expected_growth import signed
from tests.acceptance.standing import Scene, Standing, screened
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import flows_of, millions
from tests.kis_emulator.index_codes import CODE_OF
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.market_flows import market_flows

Row = dict[str, Any]
Key = tuple[str, str]
Nets = Callable[[Key, list[Standing]], tuple[int | None, int | None]]
"""Foreign and institution net of a sector, won."""

NONE = "0000"
MILLION = 1_000_000
DIVISIONS = {"ALL": ("J", "NX"), "KRX": ("J",), "NXT": ("NX",)}


def codes_of(item: Listed) -> list[str]:
    """Large to small."""
    codes = (item.sector_large, item.sector_medium, item.sector_small)
    return [code for code in codes if code != NONE]


def sector_of(item: Listed, level: str) -> Key:
    """The finest industry, or the coarsest; 미분류 without one."""
    codes = codes_of(item) or [NONE]
    return item.market, codes[-1 if level == "leaf" else 0]


def sectors_expected(  # noqa: PLR0913 # as many as the question has
    scene: Scene,
    universe: dict[str, Any],
    *,
    indices: Callable[[str], float | None],
    nets: Nets,
    level: str = "leaf",
    leaders: int = 3,
    **screen: Any,
) -> list[Row]:
    """Every sector in order.

    Args:
        scene: Whose figures answer.
        universe: Market, venue and kinds.
        indices: An industry index's change in percent, by code.
        nets: What foreigners and institutions bought.
        level: leaf or large.
        leaders: Stocks named of each.
        screen: Which stocks count.
    """
    groups: dict[Key, list[Standing]] = {}
    for row in screened(scene.standings(**universe), **screen):
        groups.setdefault(sector_of(row.item, level), []).append(row)
    ordered = sorted(
        groups.items(), key=lambda x: (-sum(r.value for r in x[1]), x[0][1])
    )
    found = []
    for rank, (key, rows) in enumerate(ordered, 1):
        whole = is_whole(scene, universe, key, level)
        foreign, house = nets(key, rows) if rows else (None, None)
        found.append(
            {
                "rank": rank,
                "market_type": key[0],
                "sector_code": key[1],
                "sector_name": "미분류" if key[1] == NONE else CODE_OF[key[1]].name,
                **sums(rows, leaders),
                "index_change_rate": indices(key[1]) if whole else None,
                "foreign_net_buy": foreign,
                "institution_net_buy": house,
            }
        )
    return found


def is_whole(scene: Scene, universe: dict[str, Any], key: Key, level: str) -> bool:
    """Whether the exchange counts just these stocks, screens apart; never NXT's."""
    if universe.get("venue") == "NXT":
        return False
    everybody = scene.standings(kinds=("STOCK",))
    counted = {
        x.code
        for x in everybody
        if x.item.market == key[0] and key[1] in codes_of(x.item)
    }
    asked = {x.code for x in scene.standings(**universe)}
    own = {x.code for x in everybody if sector_of(x.item, level) == key} & asked
    return key[1] != NONE and own == counted


def sums(rows: list[Standing], leaders: int) -> Row:
    """What a sector's stocks come to together."""
    total = sum(row.value for row in rows)
    weighted = sum(row.change_rate * row.value for row in rows)
    top = sorted(rows, key=lambda row: (-row.value, row.code))[:leaders]
    return {
        "trading_value": total,
        "trading_volume": sum(row.volume for row in rows),
        "stock_count": len(rows),
        "average_change_rate": signed(
            sum((row.change_rate for row in rows), Fraction()) / len(rows)
        ),
        "weighted_change_rate": signed(Fraction(weighted) / total) if total else None,
        "advancers": sum(row.price > row.base for row in rows),
        "decliners": sum(row.price < row.base for row in rows),
        "leading_stocks": [
            {
                "stock_code": row.code,
                "stock_name": row.item.name,
                "contribution": percent(row.value, total),
            }
            for row in top
        ],
    }


def kept_nets(truth: SimulatedMarket, scene: Scene, venue: str, at: datetime) -> Nets:
    """Each stock's flows as the broker showed them at an instant, added up."""
    divisions = DIVISIONS[venue]
    shown = [flows_of(truth, each, scene.session, at) for each in divisions]

    def nets(_: Key, rows: list[Standing]) -> tuple[int | None, int | None]:
        traded = [row for row in rows if row.value]
        if any(row.item.kind != "STOCK" for row in traded):
            return None, None
        found = [0, 0]
        for row in traded:
            for flows in shown:
                for place, who in enumerate((Investor.FOREIGN, Investor.INSTITUTION)):
                    side = flows.side(row.code, who) if flows else None
                    if side is not None:
                        found[place] += net(side.buy_amount, side.sell_amount)
        return found[0], found[1]

    return nets


def live_nets(
    truth: SimulatedMarket, scene: Scene, universe: dict[str, Any], at: datetime
) -> Nets:
    """The industries' own running sums, of KRX; of whole leaves alone."""

    def nets(key: Key, _: list[Standing]) -> tuple[int | None, int | None]:
        if not is_whole(scene, universe, key, "leaf"):
            return None, None
        sides = market_flows(truth, key[1], at).sides
        foreign, house = sides[Investor.FOREIGN], sides[Investor.INSTITUTION]
        return (
            net(foreign.buy_amount, foreign.sell_amount),
            net(house.buy_amount, house.sell_amount),
        )

    return nets


def no_nets(_: Key, __: Iterable[Standing]) -> tuple[None, None]:
    """Nothing is known."""
    return None, None


def net(bought: int, sold: int) -> int:
    """Won, of two sides that are told in 백만원."""
    return (millions(bought) - millions(sold)) * MILLION


def index_change(level: int, previous: int) -> float | None:
    """Percent as the broker says it."""
    return signed_percent(level - previous, previous)
