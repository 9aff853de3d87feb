"""Alerts to a Slack channel, through an incoming webhook."""

import json
import re
from typing import Any

import aiohttp
from pydantic import SecretStr
from typing_extensions import override

from adapters.alerts.wording import footing, headline, more_line, stock_line
from application.ports.alerts import Alert, Channel, NotSentError

TIMEOUT_SECONDS = 10.0

_FAILURES = (aiohttp.ClientError, TimeoutError, OSError)
_WORD = re.compile(rb"[a-z_]{1,40}")
"""Slack names what it did not like in one word: ``no_service``, ``invalid_blocks``."""


class SlackChannel(Channel):
    """Posts to one webhook.

    Its address is the permission to post: it is in no message, and no error of the
    HTTP client, which may hold it, is kept.

    Source: Slack, "Sending messages using incoming webhooks" and "Rate limits".

    Args:
        session: Shared by the process; its owner closes it.
        url: The webhook's.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: SecretStr,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._session = session
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)

    @property
    @override
    def name(self) -> str:
        return "slack"

    @override
    async def send(self, alert: Alert) -> None:
        refused = await self._posted(json.dumps(message(alert), ensure_ascii=False))
        if refused is not None:
            raise refused

    async def _posted(self, body: str) -> NotSentError | None:
        try:
            async with self._session.post(
                self._url.get_secret_value(),
                data=body.encode(),
                headers={"content-type": "application/json; charset=utf-8"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                if response.status == 200:
                    return None
                said = await response.content.read(80)
                return _refusal(
                    response.status, said, response.headers.get("Retry-After")
                )
        except _FAILURES as error:
            return _unreachable(error)


def message(alert: Alert) -> dict[str, Any]:
    """The webhook's payload: blocks, and the text that notifications show."""
    lines = [f"• {_escaped(stock_line(stock))}" for stock in alert.shown]
    if alert.more:
        lines.append(_escaped(more_line(alert)))
    return {
        "text": _escaped(headline(alert)),
        "blocks": [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": headline(alert)[:150]},
            },
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "\n".join(lines)[:3000]},
            },
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": _escaped(footing(alert))}],
            },
        ],
    }


def _escaped(text: str) -> str:
    """As Slack asks: otherwise a name could mention everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _refusal(status: int, said: bytes, retry_after: str | None) -> NotSentError:
    if status == 429:
        return NotSentError(
            "Slack이 너무 잦다고 미루었습니다(HTTP 429). 잠시 뒤 다시 보냅니다.",
            retry_after=_seconds(retry_after),
        )
    if status >= 500:
        return NotSentError(
            f"Slack 서버가 받지 못했습니다(HTTP {status}). 잠시 뒤 다시 보냅니다."
        )
    word = _WORD.fullmatch(said.strip())
    reason = f", {word.group().decode()}" if word else ""
    return NotSentError(
        f"Slack이 받지 않습니다(HTTP {status}{reason}). SLACK_WEBHOOK_URL을 확인하고 "
        "필요하면 웹훅을 새로 만들어 주세요.",
        is_final=True,
    )


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None


def _unreachable(error: Exception) -> NotSentError:
    if isinstance(error, aiohttp.InvalidURL):
        return NotSentError(
            "Slack 웹훅의 주소가 잘못되었습니다. SLACK_WEBHOOK_URL을 확인해 주세요.",
            is_final=True,
        )
    if isinstance(error, TimeoutError):
        said = "응답이 제시간에 오지 않았습니다"
    elif isinstance(error, aiohttp.ClientConnectorError):
        said = "연결할 수 없습니다"
    else:
        said = "연결이 끊어졌습니다"
    return NotSentError(f"Slack: {said}. 네트워크를 확인해 주세요.")
