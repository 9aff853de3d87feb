"""Slack, against a local HTTP server in its place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from adapters.alerts.slack import SlackChannel, message
from application.alert_delivery import Delivery
from application.ports.alerts import NotSentError
from domain.unusual_volume import Level
from tests.adapters.alerts.webhook import HANG, Webhook, running_webhook
from tests.adapters.mcp_server.served_process import free_port
from tests.alerts_scene import SIMULATED, Lines, alert, alerted, many, until


@asynccontextmanager
async def slack(url: str, within: float = 5.0) -> AsyncIterator[SlackChannel]:
    async with aiohttp.ClientSession() as session:
        yield SlackChannel(session, SecretStr(url), timeout_seconds=within)


async def refused(hook: Webhook, within: float = 5.0) -> NotSentError:
    async with slack(hook.url, within) as channel:
        with pytest.raises(NotSentError) as caught:
            await channel.send(alert())
    assert "hush" not in f"{caught.value!r}{caught.value.__context__!r}"
    return caught.value


async def test_a_message_says_what_when_and_how_sure() -> None:
    async with running_webhook() as hook, slack(hook.url) as channel:
        await channel.send(alert(alerted("005930", name="삼성전자")))

    (came,) = hook.came
    header, section, context = came["blocks"]
    assert came["text"] == header["text"]["text"] == "이상 거래량: 삼성전자"
    assert section["text"]["text"] == (
        "• 삼성전자(005930, 코스피) · 강함 · 거래대금 1조 2,217억, 평소의 4.2배 · "
        "등락률 +3.46%"
    )
    (footing,) = context["elements"]
    assert footing["text"] == "2026-08-20 10:30:00 기준 · 잠정 · 출처 kis"


async def test_after_a_server_error_the_next_try_gets_through() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with running_webhook() as hook, slack(hook.url) as channel:
        hook.answer(500)
        hook.answer(429, "", **{"Retry-After": "7"})
        work = Delivery(channel=channel, journal=Lines(), sleep=sleep)
        work.put(alert())
        await until(lambda: work.tally.sent == 1)

    assert len(hook.came) == 3
    assert waits == [2.0, 10.0]  # its own second wait is longer than the seven asked


async def test_it_names_how_long_slack_asks_to_wait() -> None:
    async with running_webhook() as hook:
        hook.answer(429, "", **{"Retry-After": "7"})
        error = await refused(hook)

    assert (error.retry_after, error.is_final) == (7.0, False)


async def test_a_webhook_that_is_gone_is_refused_for_good() -> None:
    async with running_webhook() as hook:
        hook.answer(404, "no_service")
        hook.answer(302, "", Location="http://127.0.0.1/elsewhere")
        gone, moved = await refused(hook), await refused(hook)

    assert gone.is_final
    assert moved.is_final
    assert "HTTP 404, no_service" in str(gone)
    assert "SLACK_WEBHOOK_URL" in str(gone)


async def test_text_that_is_no_word_of_slacks_is_not_repeated() -> None:
    async with running_webhook() as hook:
        hook.answer(400, "<html>hush-hush</html>")
        assert "html" not in str(await refused(hook))


async def test_a_server_that_hangs_is_left_in_time() -> None:
    async with running_webhook() as hook:
        hook.answer(HANG)
        error = await refused(hook, within=0.1)

    assert not error.is_final
    assert "제시간에" in str(error)


async def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    error = await refused(Webhook(url=f"http://127.0.0.1:{free_port()}/hush-hush"))

    assert not error.is_final
    assert "연결할 수 없습니다" in str(error)


async def test_an_address_that_is_none_is_told_without_it() -> None:
    assert (await refused(Webhook(url="http://:hush-hush"))).is_final


async def test_the_address_is_in_no_log_line() -> None:
    async with running_webhook() as hook, slack(hook.url) as channel:
        hook.answer(500)
        hook.answer(404, "no_service")
        lines = Lines()
        with structlog.testing.capture_logs() as logged:
            work = Delivery(channel=channel, journal=lines, waits=(0.0,))
            work.put(alert())
            await until(lambda: work.tally.failed == 1)

    assert len(lines.told) == 2
    assert "hush" not in f"{lines.told}{logged}{channel!r}{vars(channel)}"


def test_a_digest_shows_five_and_counts_the_rest() -> None:
    blocks = message(alert(*many(8)))["blocks"]

    lines = blocks[1]["text"]["text"].splitlines()
    assert blocks[0]["text"]["text"] == "이상 거래량: 종목000001 외 7종목"
    assert len(lines) == 6
    assert lines[-1].startswith("그 밖에 3종목이 더 있습니다.")


def test_simulated_figures_are_labelled_so() -> None:
    told = message(alert(source=SIMULATED))

    assert told["text"].startswith("[시뮬레이션] ")
    assert "실제 시세가 아닙니다" in told["blocks"][2]["elements"][0]["text"]


def test_a_rise_and_reasons_are_told() -> None:
    stock = alerted(
        level=Level.EXTREME,
        before=Level.STRONG,
        reasons=("upper_price_limit", "news_coverage", "brand_new"),
    )

    text = message(alert(stock))["blocks"][1]["text"]["text"]
    assert " · 강함 → 극단 · " in text
    assert text.endswith(" · 상한가, 뉴스, brand_new")


def test_a_name_mentions_nobody_and_stays_on_its_line() -> None:
    told = message(alert(alerted(name="<!channel>\n& Co")))

    assert told["text"] == "이상 거래량: &lt;!channel&gt; &amp; Co"
    assert "<" not in told["blocks"][1]["text"]["text"]
