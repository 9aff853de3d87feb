"""Headlines of news and disclosures: planted, dated, and the same every time."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

import numpy as np

from tests.kis_emulator.clock import KST, in_kst
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.planted_titles import Placed, planted_titles
from tests.kis_emulator.ticks import Bools, Ints

SESSIONS_BACK = 15
"""How many sessions a question reaches back."""

_FIRST, _LAST = 7 * 3600, 19 * 3600
_GENERAL = 150
_PRESS = (
    *(("2", "한국경제", "01"), ("4", "이데일리", "04"), ("5", "머니투데이", "B02")),
    *(("6", "연합뉴스", "02"), ("7", "인포스탁", "02"), ("9", "뉴스핌", "10")),
)
_DISCLOSERS = {
    "KOSPI": ("F", "장내공시", "01"),
    "KOSDAQ": ("G", "코스닥공시", "01"),
    "KONEX": ("N", "코넥스공시", "01"),
}
_NEWS = (
    *("[특징주] {}, 거래 급증", "{}, 신제품 공개", "{} 실적 기대감", "{}, 목표가 상향"),
    *("{} 관련주 동반 움직임", "{}, 임원ㆍ주요주주 특정증권등 소유주식수 변동"),
)
_DISCLOSED = (
    *(
        "{} 단일판매ㆍ공급계약체결",
        "{} 주요사항보고서(유상증자결정)",
        "{} 현금ㆍ현물배당결정",
    ),
    *("{} 영업(잠정)실적(공정공시)", "{} 조회공시 요구(현저한 시황변동)"),
)
_AT_LARGE = (
    "[모의시황] 장중 동향 {}",
    "[모의경제] 물가 지표 {}",
    "[모의증시] 해외 마감 {}",
)


@dataclass(frozen=True, slots=True)
class Headline:
    """One title.

    Attributes:
        serial: 19 digits; no two titles share one, though they may share a second.
        provider: 뉴스 제공 업체 코드: F, G and N are KRX's disclosures (공시) on
            KOSPI, KOSDAQ and KONEX, as the broker's list of codes has them.
        category: 뉴스 대구분; which one disclosures bear is not sure.
        source: 자료원 as it is shown; what disclosures say here is not sure.
        codes: Up to five listings it is filed under; none of news at large.
    """

    serial: str
    at: datetime
    provider: str
    category: str
    source: str
    title: str
    codes: tuple[str, ...]

    @property
    def is_disclosure(self) -> bool:
        """Whether the exchange published it, and not the press."""
        return self.provider in ("F", "G", "N")


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """One session's titles, newest first, and by code."""

    titles: tuple[Headline, ...]
    of: dict[str, tuple[Headline, ...]]


class _Book:
    """The titles of one market's sessions that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Kept[_Day] = Kept(40)

    def on(self, market: SimulatedMarket, day: date) -> _Day:
        with self._lock:
            return self._kept.remember(day, lambda: _make(market, day))


_BOOKS: WeakKeyDictionary[SimulatedMarket, _Book] = WeakKeyDictionary()


def headlines_on(truth: Truth, day: date, code: str = "") -> tuple[Headline, ...]:
    """A session's titles, newest first; of one code, or all.

    None where the exchange is closed, and none of real days.
    """
    if not isinstance(truth, SimulatedMarket) or not truth.days.is_session(day):
        return ()
    found = _BOOKS.setdefault(truth, _Book()).on(truth, day)
    return found.of.get(code, ()) if code else found.titles


def headlines_until(truth: Truth, at: datetime, code: str = "") -> Iterator[Headline]:
    """Titles up to and with an instant, newest first, some sessions back."""
    at = in_kst(at)
    long_ago = at.date() - timedelta(days=60)
    for day in truth.days.back(long_ago, at.date(), SESSIONS_BACK):
        titles = headlines_on(truth, day, code)
        yield from (title for title in titles if title.at <= at)


def movers(figures: Figures) -> Bools:
    """Which listings moved eight percent, or traded three times yesterday's volume."""
    far = np.abs(figures.change) * 100 >= 8 * figures.base
    busy = figures.volume >= 3 * np.maximum(figures.previous_volume, 1)
    return np.asarray((far | busy) & (figures.volume > 0))


def _make(market: SimulatedMarket, day: date) -> _Day:
    draw = np.random.default_rng([1011800, day.toordinal()])
    planting = market.planting
    figures = market.final("J", day)
    names = [market.listing_of[code] for code in figures.codes]
    stock = np.array([item.kind == "STOCK" for item in names])
    counts = _counts(figures, stock, draw)
    counts[list(planting.quiet(day))] = 0
    rows = np.repeat(np.arange(len(counts)), counts)
    stocks = [names[row] for row in np.flatnonzero(stock & (figures.listed_shares > 0))]
    dice = draw.random((len(rows), 4))
    others = draw.integers(0, len(stocks), (len(rows), 4))
    made = [
        _about(names[row], [stocks[other] for other in more], chances)
        for row, chances, more in zip(
            rows.tolist(), dice.tolist(), others.tolist(), strict=True
        )
    ]
    made += [_at_large(number) for number in range(_GENERAL)]
    return _dated(made, day, draw, planted_titles(planting, day, _DISCLOSERS))


def _counts(figures: Figures, stock: Bools, draw: np.random.Generator) -> Ints:
    """None to six of a mover or of the thirty heaviest, seldom any of the others."""
    chance, many = draw.random((2, len(stock)))
    value = np.where(stock, figures.trading_value, 0)
    heavy = np.zeros(len(stock), dtype=bool)
    heavy[np.argsort(-value, kind="stable")[:30]] = True
    watched = heavy | movers(figures)
    few = (chance < 0.06).astype(np.int64) + (chance < 0.015)
    counts = np.where(watched, np.floor(7 * many).astype(np.int64), few)
    return np.asarray(counts * (stock & (figures.listed_shares > 0)))


_Unplaced = tuple[tuple[str, str, str], str, tuple[str, ...]]


def _about(item: Listed, others: list[Listed], dice: list[float]) -> _Unplaced:
    """Provider, title and codes; a third are disclosures, a sixth name others too."""
    if dice[0] < 0.33:
        title = _DISCLOSED[int(dice[1] * len(_DISCLOSED))]
        return _DISCLOSERS[item.market], title.format(item.name), (item.code,)
    press = _PRESS[int(dice[2] * len(_PRESS))]
    title = _NEWS[int(dice[1] * len(_NEWS))].format(item.name)
    more = int(dice[3] * 6 * 4) + 1 if dice[3] < 1 / 6 else 0
    codes = dict.fromkeys([item.code, *(other.code for other in others[:more])])
    return press, title, tuple(codes)


def _at_large(number: int) -> _Unplaced:
    return (
        _PRESS[number % len(_PRESS)],
        _AT_LARGE[number % len(_AT_LARGE)].format(number + 1),
        (),
    )


def _dated(
    unplaced: Iterable[_Unplaced],
    day: date,
    draw: np.random.Generator,
    placed: Iterable[Placed],
) -> _Day:
    """Puts them at seconds of the day, some at the same; newest first."""
    made = list(unplaced)
    second = draw.integers(_FIRST, _LAST, len(made))
    second[::17] = second[::17] // 600 * 600  # several at one second, as at the hour
    midnight = datetime.combine(day, datetime.min.time(), KST)
    titles: list[Headline] = []
    for number, (press, title, codes) in enumerate(made):
        at = midnight + timedelta(seconds=int(second[number]))
        serial = f"{at:%Y%m%d%H%M%S}{number % 100_000:05d}"
        titles.append(Headline(serial, at, press[0], press[2], press[1], title, codes))
    for number, (at, press, title, codes) in enumerate(placed):
        serial = f"{at:%Y%m%d%H%M%S}{99_999 - number:05d}"
        titles.append(Headline(serial, at, press[0], press[2], press[1], title, codes))
    titles.sort(key=lambda title: title.serial, reverse=True)
    of: dict[str, list[Headline]] = {}
    for headline in titles:
        for code in headline.codes:
            of.setdefault(code, []).append(headline)
    return _Day(tuple(titles), {code: tuple(some) for code, some in of.items()})
