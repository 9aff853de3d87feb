import asyncio
from dataclasses import dataclass, field

import pytest

from adapters.kis.authorisation import Authorised
from adapters.kis.transport import KisRequest, KisResponse
from tests.adapters.kis.fakes import (
    APP_KEY,
    APP_SECRET,
    CREDENTIALS,
    ScriptedTransport,
    failed,
    good,
)

REQUEST = KisRequest(path="/x", tr_id="T", headers={"a": "b"})


@dataclass
class FakeTokens:
    held: str = "old"
    rejected: list[str] = field(default_factory=list)

    async def current(self) -> str:
        return self.held

    async def reject(self, token: str) -> str:
        self.rejected.append(token)
        self.held = "new"
        return self.held


def authorised(inner: ScriptedTransport, tokens: FakeTokens) -> Authorised:
    return Authorised(inner, credentials=CREDENTIALS, tokens=tokens)


async def test_every_call_bears_token_key_and_secret() -> None:
    inner = ScriptedTransport([good()])
    await authorised(inner, FakeTokens()).exchange(REQUEST)
    assert inner.requests[0].headers == {
        "authorization": "Bearer old",
        "appkey": APP_KEY,
        "appsecret": APP_SECRET,
    }


@pytest.mark.parametrize("code", ["EGW00121", "EGW00122", "EGW00123"])
@pytest.mark.parametrize("status", [500, 401, 200])
async def test_a_rejected_token_is_renewed_once_and_the_call_retried_once(
    code: str, status: int
) -> None:
    inner = ScriptedTransport([failed(code, status=status), good()])
    tokens = FakeTokens()

    response = await authorised(inner, tokens).exchange(REQUEST)

    assert (response.status, tokens.rejected) == (200, ["old"])
    assert [call.headers["authorization"] for call in inner.requests] == [
        "Bearer old",
        "Bearer new",
    ]


async def test_a_second_rejection_is_handed_on() -> None:
    inner, tokens = ScriptedTransport([failed("EGW00123")]), FakeTokens()
    response = await authorised(inner, tokens).exchange(REQUEST)
    assert response == failed("EGW00123")
    assert (len(inner.requests), tokens.rejected) == (2, ["old"])


@pytest.mark.parametrize("response", [failed("EGW00201"), failed("EGW02004"), good()])
async def test_other_answers_are_handed_on(response: KisResponse) -> None:
    inner, tokens = ScriptedTransport([response]), FakeTokens()
    assert await authorised(inner, tokens).exchange(REQUEST) == response
    assert (len(inner.requests), tokens.rejected) == (1, [])


async def test_downloads_bear_no_credentials() -> None:
    inner = ScriptedTransport(files={"/a": b"x"})
    assert await authorised(inner, FakeTokens()).download("/a") == b"x"
    await asyncio.sleep(0)
