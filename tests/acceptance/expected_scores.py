"""What an anomaly score must be: the policy in plain Python, one stock at a time."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONG, WINDOW = 60, 20
LEAST_MARKET, SLOPE_PRIOR, SPREAD_PRIOR = 20, 3, 60
ECHO = [0.22, 0.154, 0.1078, 0.07546, 0.052822]

Log = float | None


@dataclass(slots=True, kw_only=True)
class Series:
    """One judged stock: logs of its last sixty sessions, and of today's whole day."""

    group: str
    past: list[Log]
    today: Log


@dataclass(slots=True, kw_only=True)
class Score:
    """The verdict on one stock; None of one that has not traded."""

    expected: float
    score: float | None
    p_value: float | None
    level: str | None
    pattern: str | None


def scores(stocks: dict[str, Series]) -> dict[str, Score]:
    """Everybody's, market by market."""
    found: dict[str, Score] = {}
    for group in {one.group for one in stocks.values()}:
        found |= _of_market({c: s for c, s in stocks.items() if s.group == group})
    return found


def middle(values: Iterable[Log]) -> Log:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def minus(one: Log, other: Log) -> Log:
    """None where either is."""
    return None if one is None or other is None else one - other


def _of_market(stocks: dict[str, Series]) -> dict[str, Score]:
    residuals = {code: _residuals(one.past) for code, one in stocks.items()}
    moves = [_move([own[day] for own in residuals.values()]) for day in range(LONG)]
    slopes = {code: _slope(own, moves) for code, own in residuals.items()}
    adjusted = {
        code: [
            minus(value, slopes[code] * move)
            for value, move in zip(one.past, moves, strict=True)
        ]
        for code, one in stocks.items()
    }
    expected = {code: _expected(own) for code, own in adjusted.items()}
    spreads = _spreads({code: _residuals(own) for code, own in adjusted.items()})
    excess = {code: minus(one.today, expected[code]) for code, one in stocks.items()}
    others = _of_others(excess)
    surprise: dict[str, Log] = {}
    today: dict[str, Log] = {}
    for code, one in stocks.items():
        today[code] = minus(one.today, slopes[code] * others[code])
        echo = sum(
            weight * _counted(minus(value, expected[code]))
            for weight, value in zip(ECHO, reversed(adjusted[code]), strict=False)
        )
        surprise[code] = minus(minus(today[code], expected[code]), echo)
    score = {
        code: None if value is None else 0.85 * value / spreads[code] ** 0.6
        for code, value in surprise.items()
    }
    chances = {
        code: None if value is None else statistics.NormalDist().cdf(-value)
        for code, value in score.items()
    }
    highest = _largest_discovery([x for x in chances.values() if x is not None])
    return {
        code: Score(
            expected=math.exp(expected[code]),
            score=score[code],
            p_value=chances[code],
            level=_level(score[code], chances[code], highest),
            pattern=_pattern(adjusted[code], today[code]),
        )
        for code in stocks
    }


def _residuals(past: list[Log]) -> list[Log]:
    """Each session less the median of its twenty."""
    found: list[Log] = []
    for start in range(0, LONG, WINDOW):
        block = past[start : start + WINDOW]
        found += [minus(value, middle(block)) for value in block]
    return found


def _move(residuals: Sequence[Log]) -> float:
    known = [value for value in residuals if value is not None]
    return statistics.median(known) if len(known) >= LEAST_MARKET else 0.0


def _slope(residuals: list[Log], moves: list[float]) -> float:
    pairs = [(r, m) for r, m in zip(residuals, moves, strict=True) if r is not None]
    product = sum(r * m for r, m in pairs) + SLOPE_PRIOR
    square = sum(m * m for _, m in pairs) + SLOPE_PRIOR
    return min(max(product / square, 0.4), 1.6)


def _expected(adjusted: list[Log]) -> float:
    fast, slow = middle(adjusted[-WINDOW:]), middle(adjusted)
    assert fast is not None
    assert slow is not None
    return 0.8 * fast + 0.2 * slow


def _counted(excess: Log) -> float:
    return min(max(excess or 0.0, -1.0), 0.4)


def _spreads(residuals: dict[str, list[Log]]) -> dict[str, float]:
    own, days = {}, {}
    for code, values in residuals.items():
        left = []
        for day in range(len(ECHO), LONG):
            before = values[day - len(ECHO) : day][::-1]
            echo = sum(w * _counted(x) for w, x in zip(ECHO, before, strict=True))
            left.append(minus(values[day], echo))
        size = middle(None if x is None else abs(x) for x in left)
        own[code] = None if size is None else 1.4826 * size
        days[code] = sum(x is not None for x in left)
    usual = middle(own.values()) or 0.0
    return {
        code: max(
            (days[code] * (own[code] or 0.0) + SPREAD_PRIOR * usual)
            / (days[code] + SPREAD_PRIOR),
            0.1,
        )
        for code in residuals
    }


def _of_others(excess: dict[str, Log]) -> dict[str, float]:
    """The median of everybody else's; 0 of fewer than twenty others."""
    ordered = sorted((x, code) for code, x in excess.items() if x is not None)
    place = {code: nth for nth, (_, code) in enumerate(ordered)}
    values = [x for x, _ in ordered]
    found = {}
    for code in excess:
        nth = place.get(code)
        others = values if nth is None else values[:nth] + values[nth + 1 :]
        enough = len(values) > LEAST_MARKET
        found[code] = statistics.median(others) if enough else 0.0
    return found


def _largest_discovery(chances: list[float]) -> float:
    """Benjamini and Hochberg at 5 %; below all where nothing is discovered."""
    small = [
        chance
        for nth, chance in enumerate(sorted(chances), start=1)
        if chance <= 0.05 * nth / len(chances)
    ]
    return small[-1] if small else -1.0


def _level(score: Log, chance: Log, highest: float) -> str | None:
    if score is None or chance is None or score < 1.5:
        return None
    if score < 2.0:
        return "notable"
    return "extreme" if chance <= highest else "strong"


def _pattern(adjusted: list[Log], today: Log) -> str | None:
    before = [value for value in adjusted[-25:-5] if value is not None]
    if len(before) < 10 or today is None:
        return None
    usual = statistics.median(before)
    last = [*adjusted[-5:], today]
    a, b, c, now = (minus(value, usual) for value in last[-4:])
    if now is None or now < math.log(2):
        return None
    if None not in (a, b, c):
        assert a is not None
        assert b is not None
        assert c is not None
        steps, rise = (c - b, now - c), now - a
        is_step = min(steps) >= math.log(1.2) and rise >= math.log(2.2)
        if is_step and steps[1] <= 0.7 * rise:
            return "ramp"
    held = [x for x in (b, c, now) if x is not None]
    is_high = len(held) == 3 and min(held) >= math.log(2)
    if is_high and max(held) - min(held) <= math.log(2.5):
        return "level_shift"
    jumps = [None if x is None else now - x for x in (a, b, c)]
    if all(jump is not None and jump >= math.log(1.8) for jump in jumps):
        return "spike"
    return None
