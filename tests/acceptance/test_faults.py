"""Bad things from the broker: the answer is right, or marked, or a clear error."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import product as pairs
from pathlib import Path

import orjson
import pytest

from tests.acceptance.expected import Expected, Row
from tests.acceptance.served import Answer, Served, served
from tests.kis_emulator.clock import DEFAULT_AT, EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import (
    APP_KEY,
    APP_SECRET,
    RunningEmulator,
    running_emulator,
)

pytestmark = pytest.mark.slow

LATER = timedelta(minutes=6)  # so long that the frame kept is too old to be served
COUNT = 20
MULTI_QUOTE = "FHKST11300006"
AT_ONCE = 4
WARMTHS = ("cold", "warm")

Spoil = Callable[[RunningEmulator, str], object]

FOR_EVER: dict[str, Spoil] = {
    "500": lambda broker, _: broker.faults.add(Kind.SERVER_ERROR),
    "an HTML page": lambda broker, _: broker.faults.add(Kind.HTML),
    "no answer": lambda broker, _: broker.faults.add(Kind.HANG),
    "a cut line": lambda broker, _: broker.faults.add(Kind.RESET),
    "half a body": lambda broker, _: broker.faults.add(Kind.CUT_JSON),
    "over the limit": lambda broker, _: broker.faults.add(Kind.OVER_LIMIT),
}
PASSING: dict[str, Spoil] = {
    "500 thrice": lambda broker, _: broker.faults.add(Kind.SERVER_ERROR, count=3),
    "a late answer": lambda broker, _: broker.faults.add(
        Kind.HANG, count=1, tr_id=MULTI_QUOTE
    ),
    "half of some": lambda broker, _: broker.faults.add(Kind.CUT_JSON, probability=0.2),
    "some refused": lambda broker, _: broker.faults.refuse(0.1),
    "a code unasked": lambda broker, first: broker.faults.add(
        Kind.EXTRA_ROW,
        tr_id=MULTI_QUOTE,
        fields={"inter_shrn_iscd": "ZZZZZ9", "acml_tr_pbmn": "9" * 15},
    ),
}
ROWS: dict[str, Spoil] = {
    "blanks": lambda broker, first: broker.faults.blank("acml_tr_pbmn", codes=[first]),
    "a letter": lambda broker, first: broker.faults.garble(
        "acml_tr_pbmn", codes=[first]
    ),
    "no row": lambda broker, first: broker.faults.drop_rows(first),
    "a lost call": lambda broker, first: broker.faults.add(
        Kind.RESET, tr_id=MULTI_QUOTE, holding=first
    ),
}


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=240, etf=6, etn=4, nxt=60)


@pytest.fixture(scope="module")
def then(market: SimulatedMarket) -> Expected:
    return Expected(market, DEFAULT_AT)


@pytest.fixture(scope="module")
def now(market: SimulatedMarket) -> Expected:
    return Expected(market, DEFAULT_AT + LATER)


@pytest.fixture(scope="module")
def kept(market: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a process that held the whole market six minutes ago."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    with (
        running_emulator(market=market) as broker,
        served(broker, folder, UPKEEP="false") as product,
    ):
        product.whole()
    return folder


Outcomes = dict[tuple[str, str], "Future[list[Answer]]"]


@pytest.fixture(scope="module")
def outcomes(
    market: SimulatedMarket,
    kept: Path,
    now: Expected,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Outcomes]:
    """What was answered under each fault, a few of them at a time."""
    root, first = tmp_path_factory.mktemp("faults"), now.ranking()[0]["stock_code"]

    def asked(number: int, spoil: Spoil, warmth: str) -> list[Answer]:
        folder = root / f"{number}-{warmth}"
        if warmth == "warm":
            shutil.copytree(kept, folder, ignore=tokens_in)
        with (
            broker_of(market) as broker,
            served(broker, folder, UPKEEP="false") as product,
        ):
            await_token(broker)
            spoil(broker, first)
            return asked_of(product)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (what, warmth): pool.submit(asked, number, spoil, warmth)
            for number, (what, spoil) in enumerate(
                {**FOR_EVER, **PASSING, **ROWS}.items()
            )
            for warmth in WARMTHS
        }


def broker_of(market: SimulatedMarket) -> AbstractContextManager[RunningEmulator]:
    """One of its own: a token is given once a minute, and its clock stands."""
    return running_emulator(market=market, clock=EmulatorClock(DEFAULT_AT + LATER))


def await_token(broker: RunningEmulator) -> None:
    """Until the process has its token and asked the calendar."""
    deadline = time.monotonic() + 15
    while len(broker.calls()) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)


def asked_of(product: Served) -> list[Answer]:
    """The first answer; of a cold process that of the whole market too."""
    answers = [product.ask(count=COUNT)]
    if answers[0].basis == "leaders":
        answers.append(product.ask(count=COUNT, offset=1))
    assert_no_secret(product, answers)
    return answers


def tokens_in(folder: str, names: list[str]) -> list[str]:
    files = [path for path in map(Path(folder).joinpath, names) if path.is_file()]
    return [path.name for path in files if b'"access_token"' in path.read_bytes()]


def assert_no_secret(product: Served, answers: list[Answer]) -> None:
    """No key and no token in anything but the token's own file."""
    files = [path for path in product.data_dir.rglob("*") if path.is_file()]
    said = "".join(a.text + json.dumps(a.structured) for a in answers)
    texts = {"answers": said.encode(), "output": product.printed().encode()}
    texts |= {path.name: path.read_bytes() for path in files}
    tokens = [name for name, text in texts.items() if b'"access_token"' in text]
    assert len(tokens) == 1
    token = orjson.loads(texts.pop(tokens[0]))["access_token"]
    for secret in filter(None, (APP_KEY, APP_SECRET, token)):
        assert [name for name, text in texts.items() if secret.encode() in text] == []


def assert_one_clear_line(answer: Answer) -> None:
    assert "\n" not in answer.text
    assert 20 < len(answer.text) < 300
    assert any("가" <= letter <= "힣" for letter in answer.text)


def verdict(answer: Answer, now: Expected, then: Expected) -> str:
    """error, stale, marked, or right; fails where a number is none of these."""
    assert answer.seconds < 20  # eight, and what a loaded machine adds
    if answer.is_error:
        assert_one_clear_line(answer)
        return "error"
    meta = answer["meta"]
    if meta["stale"] or any("앞서 받은 값" in note for note in meta["notes"]):
        assert_each_is_of_an_instant(answer, now, then)
        return "stale" if meta["stale"] else "marked"
    missing = meta["coverage"]["missing"]
    assert answer["ranking"] == without(missing, now, answer)
    return "marked" if missing else "right"


def without(missing: list[str], truth: Expected, answer: Answer) -> list[Row]:
    """The rows that answer must have, when these codes could not be quoted."""
    whole = [row for row in truth.ranking() if row["stock_code"] not in missing]
    whole = [{**row, "rank": place} for place, row in enumerate(whole, 1)]
    if answer.basis == "leaders":
        return whole[: len(answer["ranking"])]
    return whole[answer["offset"] :][:COUNT]


def assert_each_is_of_an_instant(answer: Answer, now: Expected, then: Expected) -> None:
    """Each venue's part is of now or of the earlier sweep; the rows are in order."""
    instants = [{r["stock_code"]: r for r in x.ranking()} for x in (now, then)]
    for row in answer["ranking"]:
        of_row = [at[row["stock_code"]] for at in instants]
        for part in ("krx_trading_value", "nxt_trading_value", "current_price"):
            assert row[part] in [known[part] for known in of_row]
        parts = row["krx_trading_value"], row["nxt_trading_value"]
        assert row["trading_value"] == sum(parts)
    values = [row["trading_value"] for row in answer["ranking"]]
    assert len(values) == COUNT
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(("what", "warmth"), [*pairs(FOR_EVER, WARMTHS)])
def test_a_broker_that_fails_for_good_is_told_or_the_last_frame_marked(
    outcomes: Outcomes, now: Expected, then: Expected, what: str, warmth: str
) -> None:
    verdicts = [verdict(x, now, then) for x in outcomes[what, warmth].result()]
    assert verdicts == ["error" if warmth == "cold" else "stale"]


@pytest.mark.parametrize(("what", "warmth"), [*pairs(PASSING, WARMTHS)])
def test_a_passing_fault_is_mended_before_anyone_sees_it(
    outcomes: Outcomes, now: Expected, then: Expected, what: str, warmth: str
) -> None:
    answers = outcomes[what, warmth].result()
    assert {verdict(answer, now, then) for answer in answers} == {"right"}


@pytest.mark.parametrize(("what", "warmth"), [*pairs(ROWS, WARMTHS)])
def test_a_first_ranked_stock_without_a_good_quote_is_named_or_marked(
    outcomes: Outcomes, now: Expected, then: Expected, what: str, warmth: str
) -> None:
    answers = outcomes[what, warmth].result()
    assert verdict(answers[-1], now, then) == "marked"
    first = now.ranking()[0]["stock_code"]
    named = first in answers[-1]["meta"]["coverage"]["missing"]
    assert named == (warmth == "cold")


@pytest.mark.parametrize("warmth", WARMTHS)
def test_a_token_that_ended_in_flight_is_renewed_once(
    market: SimulatedMarket, tmp_path: Path, now: Expected, warmth: str
) -> None:
    folder = tmp_path / "data"
    with running_emulator(market=market) as broker:
        with served(broker, folder, UPKEEP="false") as product:
            product.whole()
        broker.clock.advance(LATER)
        broker.expire_tokens()
        if warmth == "cold":
            for frames in folder.glob("broker-*/frames"):
                shutil.rmtree(frames)
        with served(broker, folder, UPKEEP="false") as product:
            answers = asked_of(product)
        assert broker.token_asks == 2
    assert [verdict(answer, now, now) for answer in answers][-1] == "right"


def test_a_token_that_ended_and_cannot_be_renewed_leaves_the_last_frame_marked(
    market: SimulatedMarket, kept: Path, tmp_path: Path, now: Expected, then: Expected
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(kept, folder, ignore=tokens_in)
    with broker_of(market) as broker, served(broker, folder, UPKEEP="false") as product:
        await_token(broker)
        broker.expire_tokens()
        broker.faults.add(Kind.SERVER_ERROR, path="tokenP")  # no new one either
        answers = asked_of(product)
    assert [verdict(answer, now, then) for answer in answers] == ["stale"]


def test_tokens_that_cannot_be_had_are_told_in_one_line(
    market: SimulatedMarket, tmp_path: Path
) -> None:
    with broker_of(market) as broker:
        broker.faults.add(Kind.SERVER_ERROR, path="tokenP")
        with served(broker, tmp_path / "data", UPKEEP="false") as product:
            answer = product.ask()
            said = answer.text + product.printed()
    assert answer.is_error
    assert answer.seconds < 20  # eight, and what a loaded machine adds
    assert_one_clear_line(answer)
    assert not any(secret in said for secret in (APP_KEY, APP_SECRET))
