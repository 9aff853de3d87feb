import itertools
from collections import Counter

from tests.acceptance.prepared import FRIDAY, market
from tests.benchmarks.question_mix import (
    NAMED,
    QUESTIONS,
    STOCKS,
    TOOLS,
    WEIGHTS,
    drawn,
)


def test_there_are_two_hundred_distinct_questions_over_all_tools() -> None:
    assert len(set(QUESTIONS)) == len(QUESTIONS) >= 200
    asked = Counter(question.tool for question in QUESTIONS)
    assert set(asked) == set(TOOLS)
    assert min(asked.values()) >= 15


def test_the_named_stocks_are_listed_on_the_day() -> None:
    listed = market().listings_on(FRIDAY)
    assert set(STOCKS) <= {item.code for item in listed}
    assert set(NAMED) <= {item.name for item in listed}


def test_the_first_is_asked_twice_as_often_as_the_second() -> None:
    assert WEIGHTS[0] == 2 * WEIGHTS[1] == 10 * WEIGHTS[9]
    draws = Counter(itertools.islice(drawn(1), 20_000))
    # 1 / H(205) of all draws, where H(205) = 5.90: 3,388; sigma is 53.
    assert 3_180 < draws[QUESTIONS[0]] < 3_600
    assert len(draws) == len(QUESTIONS)


def test_the_same_seed_draws_the_same_day() -> None:
    first, again, other = (
        list(itertools.islice(drawn(seed), 100)) for seed in (7, 7, 8)
    )
    assert first == again != other
