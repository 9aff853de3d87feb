"""The broker's word on trading days: once a day, kept, never in the way."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import filelock
import pytest
from structlog.testing import capture_logs

from adapters.calendar.broker_days import BrokerDays
from adapters.calendar.krx import KrxCalendar
from domain.errors import MarketDataUnavailableError
from domain.listing import Venue
from domain.session import FIRST_SESSION_HOURS, KST, USUAL_HOURS

MORNING = datetime(2026, 8, 20, 8, tzinfo=KST)
THURSDAY, FRIDAY, SATURDAY = date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 22)


class Broker:
    """Answers the same days each time, or raises."""

    def __init__(
        self, days: Mapping[date, bool], error: Exception | None = None
    ) -> None:
        self.days = days
        self.error = error
        self.asked: list[date] = []
        self.reached = asyncio.Event()
        self.pause = 0.0

    async def __call__(self, from_day: date) -> Mapping[date, bool]:
        self.asked.append(from_day)
        self.reached.set()
        await asyncio.sleep(self.pause)
        if self.error is not None:
            raise self.error
        return self.days


def damage(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)


def kept(path: Path) -> object:
    return json.loads(path.read_text("utf-8"))["days"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "calendar.json"


async def test_the_brokers_word_beats_the_rules_both_ways(path: Path) -> None:
    days = BrokerDays(path, Broker({FRIDAY: False, SATURDAY: True}))
    calendar = KrxCalendar(days)
    assert calendar.next(THURSDAY).day == FRIDAY

    await days.refresh(MORNING)

    assert calendar.session_on(FRIDAY) is None
    assert calendar.next(THURSDAY).day == SATURDAY


async def test_a_late_first_session_moves_with_the_brokers_word(path: Path) -> None:
    # 2027-01-04 would be the first; the broker closes it.
    days = BrokerDays(path, Broker({date(2027, 1, 4): False}))
    calendar = KrxCalendar(days)

    await days.refresh(MORNING)

    first = calendar.next(date(2026, 12, 31))
    assert (first.day, first.hours) == (date(2027, 1, 5), FIRST_SESSION_HOURS)
    assert calendar.next(first.day).hours == USUAL_HOURS


async def test_a_closure_beats_an_opening_day_for_the_latest_session(
    path: Path,
) -> None:
    days = BrokerDays(path, Broker({THURSDAY: False}))
    calendar = KrxCalendar(days)

    await days.refresh(MORNING)

    noon = MORNING.replace(hour=12)
    assert calendar.latest(noon, Venue.ALL).day == date(2026, 8, 19)


async def test_a_file_that_cannot_be_replaced_leaves_no_pieces(path: Path) -> None:
    (path / "in the way").mkdir(parents=True)
    days = BrokerDays(path, Broker({FRIDAY: False}))

    with capture_logs() as logs:
        await days.refresh(MORNING)

    assert logs[-1]["event"] == "calendar_not_refreshed"
    assert not list(path.parent.glob("*.part"))


async def test_the_broker_is_asked_once_a_day(path: Path) -> None:
    broker = Broker({FRIDAY: False})
    days = BrokerDays(path, broker)

    await days.refresh(MORNING)
    await days.refresh(MORNING.replace(hour=23))
    await days.refresh(MORNING.replace(day=21, hour=0))

    assert broker.asked == [THURSDAY, FRIDAY]


async def test_the_day_is_seouls(path: Path) -> None:
    broker = Broker({})

    await BrokerDays(path, broker).refresh(datetime(2026, 8, 19, 15, tzinfo=UTC))

    assert broker.asked == [THURSDAY]


async def test_another_process_does_not_ask_again(path: Path) -> None:
    first, second = Broker({FRIDAY: False}), Broker({})
    started_early = BrokerDays(path, second)
    await BrokerDays(path, first).refresh(MORNING)

    await started_early.refresh(MORNING)

    assert second.asked == []
    assert started_early.is_open(FRIDAY) is False
    assert BrokerDays(path, second).is_open(FRIDAY) is False


async def test_a_process_that_starts_while_another_asks_waits_for_the_answer(
    path: Path,
) -> None:
    broker = Broker({FRIDAY: False})
    broker.pause = 0.1
    asking = asyncio.create_task(BrokerDays(path, broker).refresh(MORNING))
    await broker.reached.wait()

    late = BrokerDays(path, broker)
    await late.refresh(MORNING)

    await asking
    assert late.is_open(FRIDAY) is False
    assert broker.asked == [THURSDAY]


async def test_many_at_once_ask_once(path: Path) -> None:
    broker = Broker({FRIDAY: False})
    processes = [BrokerDays(path, broker) for _ in range(5)]

    await asyncio.gather(*(days.refresh(MORNING) for days in processes))

    assert broker.asked == [THURSDAY]
    assert [days.is_open(FRIDAY) for days in processes] == [False] * 5


async def test_a_failure_is_a_warning_and_not_tried_again_that_day(path: Path) -> None:
    broker = Broker({}, MarketDataUnavailableError("증권사가 답하지 않습니다."))
    days = BrokerDays(path, broker)

    with capture_logs() as logs:
        await days.refresh(MORNING)
        await days.refresh(MORNING)

    assert broker.asked == [THURSDAY]
    assert [(log["log_level"], log["event"]) for log in logs] == [
        ("warning", "calendar_not_refreshed")
    ]
    assert logs[0]["reason"] == "증권사가 답하지 않습니다."


async def test_a_strange_errors_words_are_not_logged(path: Path) -> None:
    days = BrokerDays(path, Broker({}, RuntimeError("appsecret=hush")))

    with capture_logs() as logs:
        await days.refresh(MORNING)

    assert logs[0]["error"] == "RuntimeError"
    assert "hush" not in str(logs)


async def test_a_failure_keeps_what_was_known(path: Path) -> None:
    await BrokerDays(path, Broker({FRIDAY: False})).refresh(MORNING)
    days = BrokerDays(path, Broker({}, RuntimeError()))

    await days.refresh(MORNING.replace(day=21))

    assert days.is_open(FRIDAY) is False
    assert BrokerDays(path, Broker({})).is_open(FRIDAY) is False


async def test_later_answers_are_added_to_earlier_ones(path: Path) -> None:
    await BrokerDays(path, Broker({FRIDAY: False})).refresh(MORNING)
    days = BrokerDays(path, Broker({SATURDAY: False}))

    await days.refresh(MORNING.replace(day=21))

    assert (days.is_open(FRIDAY), days.is_open(SATURDAY)) == (False, False)
    assert days.is_open(THURSDAY) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"days": {"x": 1}}', b"\xff\xfe"]
)
async def test_a_corrupt_file_is_ignored_and_replaced(
    path: Path, content: bytes
) -> None:
    damage(path, content)
    days = BrokerDays(path, Broker({FRIDAY: False}))

    assert days.is_open(FRIDAY) is None
    await days.refresh(MORNING)

    assert kept(path) == {"2026-08-21": False}


async def test_only_the_file_and_its_lock_are_left(path: Path) -> None:
    await BrokerDays(path, Broker({FRIDAY: False})).refresh(MORNING)

    left = {item.name for item in path.parent.iterdir()}

    assert left - {"calendar.json.lock"} == {"calendar.json"}


async def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    days = BrokerDays(tmp_path / "file" / "calendar.json", Broker({FRIDAY: False}))

    with capture_logs() as logs:
        await days.refresh(MORNING)
        await days.refresh(MORNING)

    assert [log["event"] for log in logs] == ["calendar_not_refreshed"]


async def test_a_process_that_asks_for_long_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    broker = Broker({FRIDAY: False})
    days = BrokerDays(path, broker, patience_seconds=0.05)

    with filelock.FileLock(f"{path}.lock"), capture_logs() as logs:
        await days.refresh(MORNING)
    await days.refresh(MORNING)

    assert [log["error"] for log in logs] == ["Timeout"]
    assert broker.asked == [THURSDAY]


def test_without_a_broker_the_table_answers() -> None:
    assert KrxCalendar().session_on(FRIDAY) is not None
