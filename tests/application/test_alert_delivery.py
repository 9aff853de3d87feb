import asyncio

import pytest

from application.alert_delivery import Delivery, Tally
from application.alerts_probe import AlertsProbe
from application.ports.health import State
from tests.alerts_scene import (
    FakeChannel,
    Lines,
    alert,
    alerted,
    alerts_over,
    delivery,
    finds,
    new_frame,
    no_sleep,
    refusal,
    rows,
    until,
)


def done(work: Delivery) -> bool:
    return work.tally.queued == 0


async def test_what_fails_twice_is_sent_at_the_third_try() -> None:
    channel = FakeChannel(failures=[refusal(), refusal()])
    work = delivery(channel)

    work.put(alert())
    await until(lambda: done(work))

    assert (channel.tries, work.tally.sent, work.tally.failed) == (3, 1, 0)
    assert work.tally.error == ""


async def test_after_three_tries_it_is_given_up_and_the_next_one_goes_out() -> None:
    channel, lines = FakeChannel(failures=[refusal()] * 3), Lines()
    work = delivery(channel, lines)

    work.put(alert(alerted("000001")))
    work.put(alert(alerted("000002")))
    await until(lambda: done(work))

    assert channel.codes == [["000002"]]
    assert (work.tally.sent, work.tally.failed) == (1, 1)
    given_up = [facts["given_up"] for facts in lines.of("alert.not_sent")]
    assert given_up == [False, False, True]


async def test_what_is_refused_for_good_is_tried_once() -> None:
    channel = FakeChannel(failures=[refusal(is_final=True)])
    work = delivery(channel)

    work.put(alert())
    await until(lambda: done(work))

    assert (channel.tries, work.tally.failed) == (1, 1)
    assert work.tally.error == "받지 않습니다."


@pytest.mark.parametrize(
    ("asked", "waited"), [(None, [2.0]), (7.0, [7.0]), (1.0, [2.0]), (3600.0, [60.0])]
)
async def test_it_waits_as_long_as_it_is_asked_to_within_reason(
    asked: float | None, waited: list[float]
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    channel = FakeChannel(failures=[refusal(after=asked)])
    work = Delivery(channel=channel, journal=Lines(), sleep=sleep)
    work.put(alert())
    await until(lambda: done(work))

    assert waits == waited


async def test_a_channel_that_breaks_is_told_by_its_kind_alone() -> None:
    channel = FakeChannel(failures=[RuntimeError("https://hooks.slack.com/secret")])
    work = delivery(channel)

    work.put(alert())
    await until(lambda: done(work))

    assert "RuntimeError" in work.tally.error
    assert "secret" not in work.tally.error


async def test_a_try_that_hangs_ends() -> None:
    channel = FakeChannel(gate=asyncio.Event())
    work = Delivery(channel=channel, journal=Lines(), sleep=no_sleep, try_seconds=0.01)
    work.put(alert())
    await until(lambda: done(work))

    assert (channel.tries, work.tally.failed) == (3, 1)


async def test_of_a_full_queue_the_oldest_is_dropped_and_counted() -> None:
    gate, lines = asyncio.Event(), Lines()
    channel = FakeChannel(gate=gate)
    work = Delivery(channel=channel, journal=lines, most=2)
    work.put(alert(alerted("000001")))
    await until(lambda: channel.tries == 1)  # on its way, no longer in the queue

    for code in ("000002", "000003", "000004"):
        work.put(alert(alerted(code)))
    gate.set()
    await until(lambda: done(work))

    assert channel.codes == [["000001"], ["000003"], ["000004"]]
    assert work.tally.dropped == 1
    assert lines.of("alert.dropped") == [{"channel": "fake", "dropped": 1}]


async def test_the_end_waits_for_what_goes_out_and_not_for_what_hangs() -> None:
    quick, hung = FakeChannel(), FakeChannel(gate=asyncio.Event())
    for work in (delivery(quick), delivery(hung)):
        work.put(alert())
        async with asyncio.timeout(5):
            await work.close()

    assert len(quick.taken) == 1
    assert hung.taken == []


async def test_the_health_check_counts_by_channel_and_names_the_last_error() -> None:
    well, ill = FakeChannel("log"), FakeChannel("slack", [refusal(is_final=True)])
    alerts = alerts_over(finds(*rows("000001")), well, ill)
    probe = AlertsProbe(alerts)
    assert (await probe()).state is State.HEALTHY

    await alerts(new_frame())
    await until(lambda: all(tally.queued == 0 for tally in alerts.tallies))

    check = await probe()
    assert (check.name, check.state) == ("alerts", State.DEGRADED)
    assert check.detail == "log 보냄 1; slack 실패 1(마지막 오류: 받지 않습니다.)"


async def test_nothing_is_said_of_a_channel_that_was_never_used() -> None:
    work = delivery(FakeChannel())

    await work.close()

    assert work.tally == Tally(
        name="fake", sent=0, failed=0, dropped=0, queued=0, error=""
    )
