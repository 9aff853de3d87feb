"""What a hundred people ask in a day: distinct questions, the popular ones far ahead.

A question's weight is 1 over its place (Zipf). The first places are written out; the
others follow tool by tool, one of each in turn, so that every tool has its tail. All
of them can be answered at any time of the day on the archive that the benchmark makes.
"""

import itertools
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

VALUE = "get_volume_ranking"
GROWTH = "get_volume_change_ranking"
INVESTOR = "get_investor_ranking"
SECTOR = "get_sector_volume_ranking"
CAP = "get_market_cap_ranking"
UNUSUAL = "get_unusual_volume"
TOOLS = (VALUE, GROWTH, INVESTOR, SECTOR, CAP, UNUSUAL)

MARKETS = ("KOSPI", "KOSDAQ")
VENUES = ("KRX", "NXT")
FUNDS = ["ETF", "ETN"]
TRADABLE = ["ADMINISTRATIVE", "HALTED", "DELISTING"]
PAST = ("2026-11-18", "2026-11-13", "2026-10-16")
THURSDAY = "2026-11-19"
"""The one past session whose flows are archived."""

STOCKS = (
    *("001612", "006861", "006441", "002101", "0238P3", "003711", "019533", "012953"),
    *("000701", "020653", "003641", "016733", "010153", "016243", "010573", "011763"),
)
NAMED = ("가상바이오0098", "가상화학0092", "가상제약0030", "가상조선0238")


@dataclass(frozen=True, slots=True)
class Question:
    """A call.

    Attributes:
        words: The arguments as JSON, so that equal questions are equal.
    """

    tool: str
    words: str

    @property
    def arguments(self) -> dict[str, Any]:
        """What the tool is given."""
        found: dict[str, Any] = json.loads(self.words)
        return found


def ask(tool: str, **arguments: Any) -> Question:
    """A question in a form of its own."""
    return Question(tool, json.dumps(arguments, sort_keys=True, ensure_ascii=False))


HEAD = (
    ask(VALUE),
    ask(VALUE, market="KOSPI"),
    ask(VALUE, market="KOSDAQ"),
    ask(GROWTH),
    ask(INVESTOR),
    ask(SECTOR),
    ask(VALUE, count=10),
    ask(UNUSUAL),
    ask(CAP),
    ask(INVESTOR, investor_type="INSTITUTION"),
    ask(GROWTH, market="KOSDAQ"),
    ask(VALUE, kinds=["ETF"]),
    ask(INVESTOR, side="bottom"),
    ask(VALUE, count=50),
    ask(GROWTH, period="5D"),
    ask(SECTOR, market="KOSPI"),
    ask(VALUE, stocks=["006441"]),
    ask(INVESTOR, market="KOSPI"),
    ask(UNUSUAL, market="KOSDAQ"),
    ask(VALUE, venue="NXT"),
    ask(VALUE, sort_by="turnover_rate"),
    ask(INVESTOR, investor_type="INDIVIDUAL"),
    ask(CAP, market="KOSDAQ"),
    ask(VALUE, count=100),
    ask(SECTOR, level="large"),
    ask(GROWTH, period="20D"),
    ask(VALUE, sort_by="volume"),
    ask(VALUE, exclude=TRADABLE),
    ask(INVESTOR, investor_type="PROGRAM"),
    ask(VALUE, session=THURSDAY),
)


def _values() -> Iterator[Question]:
    """The ranking by trading value: pages, venues, funds, screens, past days, names."""
    for market, sort_by in itertools.product(MARKETS, ("volume", "turnover_rate")):
        yield ask(VALUE, market=market, sort_by=sort_by)
    for market, venue in itertools.product(MARKETS, VENUES):
        yield ask(VALUE, market=market, venue=venue)
    for market, offset in itertools.product(MARKETS, (20, 40)):
        yield ask(VALUE, market=market, offset=offset)
    for session in PAST:
        yield ask(VALUE, session=session)
    for stock in STOCKS:
        yield ask(VALUE, stocks=[stock], include_details=False)
    yield ask(VALUE, kinds=["ETN"])
    yield ask(VALUE, kinds=FUNDS, sort_by="volume", count=30)
    yield ask(VALUE, kinds=["STOCK", "ETF"], count=50)
    for count in (5, 15, 30):
        yield ask(VALUE, count=count, response_format="concise")
    for low, high in ((1_000, 5_000), (10_000, 50_000), (100_000, None)):
        yield ask(VALUE, min_price=low, max_price=high)
    for won in (1_000_000_000, 10_000_000_000):
        yield ask(VALUE, min_trading_value=won, exclude=["PREFERRED"])
    yield ask(VALUE, exclude=["PREFERRED", "SPAC", "REIT"], venue="KRX")
    yield ask(VALUE, stocks=list(NAMED))
    for session in PAST:
        yield ask(VALUE, session=session, market="KOSDAQ", count=30)


def _growths() -> Iterator[Question]:
    """Growth: markets, periods, both bases, screens, names."""
    for market, period in itertools.product(MARKETS, ("5D", "20D")):
        yield ask(GROWTH, market=market, period=period)
    yield ask(GROWTH, market="KOSPI")
    for period, basis in itertools.product(
        ("1D", "5D", "20D"), ("full_day", "same_time")
    ):
        yield ask(GROWTH, period=period, basis=basis)
    for count in (10, 50, 100):
        yield ask(GROWTH, count=count)
    yield ask(GROWTH, exclude=["SPAC", "PREFERRED"])
    for won in (100_000_000, 10_000_000_000):
        yield ask(GROWTH, min_trading_value=won, period="5D")
    yield ask(GROWTH, venue="KRX")
    for stock in STOCKS[:8]:
        yield ask(GROWTH, stocks=[stock])
    yield ask(GROWTH, offset=20)
    yield ask(GROWTH, session=THURSDAY)
    yield ask(GROWTH, kinds=["ETF"], basis="full_day")
    yield ask(GROWTH, min_price=1_000, max_price=20_000, count=30)


def _investors() -> Iterator[Question]:
    """Flows: who, buying or selling, both ends, yesterday, names."""
    kinds = ("FOREIGN", "INSTITUTION")
    for kind, market in itertools.product(kinds, MARKETS):
        yield ask(INVESTOR, investor_type=kind, market=market, count=30)
    for kind, trade in itertools.product((*kinds, "INDIVIDUAL"), ("BUY", "SELL")):
        yield ask(INVESTOR, investor_type=kind, trade_type=trade, session=THURSDAY)
    for kind in ("INSTITUTION", "INDIVIDUAL", "PROGRAM"):
        yield ask(INVESTOR, investor_type=kind, side="bottom")
    for kind in (*kinds, "INDIVIDUAL", "PROGRAM"):
        yield ask(INVESTOR, investor_type=kind, session=THURSDAY)
    for kind, stock in itertools.product(kinds, STOCKS[:6]):
        yield ask(INVESTOR, investor_type=kind, stocks=[stock])
    for count in (10, 50):
        yield ask(INVESTOR, count=count)
    yield ask(INVESTOR, offset=20)
    yield ask(INVESTOR, investor_type="PROGRAM", market="KOSPI")
    yield ask(INVESTOR, exclude=["PREFERRED"], min_price=5_000)


def _sectors() -> Iterator[Question]:
    """Industries: levels, leaders, venues, past days."""
    for market, level in itertools.product(MARKETS, ("leaf", "large")):
        yield ask(SECTOR, market=market, level=level, count=30)
    for leaders in (1, 5, 10):
        yield ask(SECTOR, leaders=leaders)
    for venue in VENUES:
        yield ask(SECTOR, venue=venue)
    for session in (THURSDAY, *PAST):
        yield ask(SECTOR, session=session)
    yield ask(SECTOR, market="KOSDAQ")
    for count in (5, 10, 50):
        yield ask(SECTOR, count=count, response_format="concise")
    yield ask(SECTOR, exclude=["SPAC"], leaders=5)
    yield ask(SECTOR, market="KOSPI", level="large", leaders=5)


def _caps() -> Iterator[Question]:
    """Capitalisation: markets, pages, past days, screens, names."""
    for market, count in itertools.product(MARKETS, (10, 50)):
        yield ask(CAP, market=market, count=count)
    yield ask(CAP, market="KOSPI")
    for offset in (20, 40, 60):
        yield ask(CAP, offset=offset)
    for session in (THURSDAY, *PAST[:2]):
        yield ask(CAP, session=session)
    yield ask(CAP, exclude=["PREFERRED"])
    yield ask(CAP, kinds=["ETF"])
    yield ask(CAP, count=100, response_format="concise")
    for stock in STOCKS[:6]:
        yield ask(CAP, stocks=[stock])
    yield ask(CAP, venue="NXT")
    yield ask(CAP, min_trading_value=5_000_000_000)


def _unusuals() -> Iterator[Question]:
    """Unusual volume: thresholds, levels, histories, past days, names."""
    yield ask(UNUSUAL, market="KOSPI")
    for threshold in (150, 300, 500):
        yield ask(UNUSUAL, threshold=threshold)
    for sensitivity in ("strict", "wide"):
        yield ask(UNUSUAL, sensitivity=sensitivity)
    for level in ("notable", "strong", "extreme"):
        yield ask(UNUSUAL, level=level)
    for days in (30, 60):
        yield ask(UNUSUAL, min_history=days)
    for session in (THURSDAY, *PAST[:2]):
        yield ask(UNUSUAL, session=session)
    for market, count in itertools.product(MARKETS, (10, 50)):
        yield ask(UNUSUAL, market=market, count=count, sensitivity="wide")
    for stock in STOCKS[:4]:
        yield ask(UNUSUAL, stocks=[stock], threshold=100)
    yield ask(UNUSUAL, exclude=TRADABLE, min_trading_value=1_000_000_000)


def _in_turn(groups: Iterable[Iterator[Question]]) -> Iterator[Question]:
    """One of each group after another, until all are used up."""
    for some in itertools.zip_longest(*groups):
        yield from (question for question in some if question is not None)


QUESTIONS: tuple[Question, ...] = tuple(
    dict.fromkeys(
        [
            *HEAD,
            *_in_turn(
                (
                    *(_values(), _growths(), _investors()),
                    *(_sectors(), _caps(), _unusuals()),
                )
            ),
        ]
    )
)
"""The most popular first; none twice."""

WEIGHTS: tuple[float, ...] = tuple(1 / place for place in range(1, len(QUESTIONS) + 1))


def drawn(seed: int) -> Iterator[Question]:
    """Questions one after another, for ever; the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311 # a load, not a secret
    while True:
        yield from draw.choices(QUESTIONS, WEIGHTS, k=256)
