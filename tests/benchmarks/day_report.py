"""What a trading day's load came to, printed, and held against the targets."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.asking_clients import Call
from tests.benchmarks.question_mix import QUESTIONS
from tests.kis_emulator.arrivals import Arrival

LIMIT = 18
LEAST_DISTINCT = 200
MOST_ERRORS = 0.001
LEAST_ALONE = 0.95
MOST_P95 = 200.0
MOST_MEAN = 50.0
LEAST_GAIN = 2.0
SURELY_WAITED = 1_000.0
"""Milliseconds; an answer that took longer inside is held to have waited upstream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Everything that was seen.

    Attributes:
        asked_for: Calls that should have been made.
        calls: Those that were, as the clients saw them.
        lines: The same as the server's log has them.
        arrivals: What the broker was asked.
        most: Its quotation calls in the fullest sliding second.
        memory: The server's megabytes, a figure a second.
        cpu: Its seconds of processor.
        seconds: Real ones.
    """

    name: str
    asked_for: int
    calls: Sequence[Call]
    lines: Sequence[dict[str, Any]]
    arrivals: Sequence[Arrival]
    most: int
    tokens: int
    memory: Sequence[float]
    cpu: float
    seconds: float

    @property
    def mean(self) -> float:
        """Milliseconds of an answer."""
        return statistics.fmean(call.milliseconds for call in self.calls)

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 answers took at most."""
        return percentile([call.milliseconds for call in self.calls], 95)

    @property
    def errors(self) -> Counter[str]:
        """By what was said."""
        return Counter(call.error[:90] for call in self.calls if call.error)

    @property
    def alone(self) -> float:
        """Share of the questions that waited for no answer of the broker's.

        The server counts those of its broker's answers that came while a question
        waited for them, whoever asked; see ``application.source_calls``.
        """
        waited = sum(
            line["upstream"] > 0 or line["milliseconds"] > SURELY_WAITED
            for line in self.lines
        )
        return 1 - waited / len(self.lines) if self.lines else 0.0


def percentile(figures: Sequence[float], part: float) -> float:
    """The figure that so many of a hundred do not pass."""
    ordered = sorted(figures)
    return ordered[min(int(len(ordered) * part / 100), len(ordered) - 1)]


def printed(day: Day) -> None:
    """Every figure of a day."""
    print(f"\n{day.name}: {len(day.calls)} of {day.asked_for} calls", end=" ")
    print(f"in {day.seconds:.0f} s, {_distinct(day)} distinct questions")
    errors = sum(day.errors.values())
    print(f"errors: {errors}, {errors / len(day.calls):.3%}")
    for said, count in day.errors.most_common(12):
        print(f"  {count:6d}  {said}")
    _latencies(day)
    bases = Counter(call.basis for call in day.calls if not call.error)
    stale = sum(call.stale for call in day.calls)
    print(f"answers by basis: {dict(bases)}; marked stale: {stale}")
    late = [call.late for call in day.calls]
    print(f"asked after their instant: p95 {percentile(late, 95):.0f} ms")
    print(f"no upstream call on their path: {day.alone:.2%} of the questions")
    _upstream(day)
    _process(day)


def _latencies(day: Day) -> None:
    by_tool: defaultdict[str, list[float]] = defaultdict(list)
    for call in day.calls:
        by_tool["all"].append(call.milliseconds)
        by_tool[QUESTIONS[call.place].tool].append(call.milliseconds)
    print(f"{'ms':28}{'calls':>8}{'mean':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    for tool, took in by_tool.items():
        figures = [statistics.fmean(took)]
        figures += [percentile(took, part) for part in (50, 95, 99, 100)]
        print(f"{tool:28}{len(took):8d}" + "".join(f"{x:8.1f}" for x in figures))


def _upstream(day: Day) -> None:
    """The broker's side of the day."""
    by_path = Counter(call.path.rpartition("/")[2] for call in day.arrivals)
    print(
        f"upstream calls of the day: {len(day.arrivals)}, of which {day.tokens} token"
    )
    for path, count in by_path.most_common():
        print(f"  {count:6d}  {path}")
    refused = Counter(call.code for call in day.arrivals if call.code)
    print(f"most in any sliding second: {day.most}; refused: {dict(refused)}")


def _process(day: Day) -> None:
    if not day.memory:
        return
    middle = day.memory[len(day.memory) // 2]
    print(
        f"the server's memory: {day.memory[0]:.0f} MB at first, {middle:.0f} in the "
        f"middle, {day.memory[-1]:.0f} at the end, {max(day.memory):.0f} at most; "
        f"processor: {day.cpu:.1f} s, {day.cpu / len(day.calls) * 1e3:.2f} ms a call"
    )


def _distinct(day: Day) -> int:
    return len({call.place for call in day.calls})


def missed(day: Day) -> Iterator[str]:
    """A line for each target that the day misses."""
    share = sum(day.errors.values()) / len(day.calls)
    held = (
        (len(day.calls) >= day.asked_for, f"calls {len(day.calls)} < {day.asked_for}"),
        (
            _distinct(day) >= LEAST_DISTINCT,
            f"distinct questions {_distinct(day)} < {LEAST_DISTINCT}",
        ),
        (
            len(day.lines) >= len(day.calls) - sum(day.errors.values()),
            f"calls in the server's log: {len(day.lines)}, of clients {len(day.calls)}",
        ),
        (share < MOST_ERRORS, f"errors {share:.3%} >= {MOST_ERRORS:.1%}"),
        (
            day.alone >= LEAST_ALONE,
            f"no upstream call on the path {day.alone:.2%} < {LEAST_ALONE:.0%}",
        ),
        (day.p95 < MOST_P95, f"p95 {day.p95:.0f} ms >= {MOST_P95:.0f} ms"),
        (day.mean < MOST_MEAN, f"mean {day.mean:.0f} ms >= {MOST_MEAN:.0f} ms"),
        (day.most <= LIMIT, f"{day.most} calls in a second > {LIMIT}"),
        (day.tokens == 1, f"{day.tokens} tokens issued, not one"),
    )
    for is_held, line in held:
        if not is_held:
            yield f"{day.name}: {line}"


def missed_gain(cached: Day, uncached: Day) -> Iterator[str]:
    """Prints what the cache gains; a line where that is too little."""
    gain = uncached.mean / cached.mean
    print(
        f"\nmean {uncached.mean:.1f} ms without the cache, {cached.mean:.1f} ms with "
        f"it: {gain:.1f} times; upstream {len(uncached.arrivals)} and "
        f"{len(cached.arrivals)} calls; processor {uncached.cpu:.0f} and "
        f"{cached.cpu:.0f} s"
    )
    if gain < LEAST_GAIN:
        yield f"the cache's gain {gain:.2f} < {LEAST_GAIN:.0f} times"
