from datetime import timedelta

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.server import (
    APP_KEY,
    APP_SECRET,
    VIRTUAL_APP_KEY,
    RunningEmulator,
)


@pytest.fixture
def stranger(emulator: RunningEmulator) -> Asker:
    return Asker(emulator.base_url)


def test_the_dummy_keys_are_as_long_as_real_ones() -> None:
    assert (len(APP_KEY), len(APP_SECRET)) == (36, 180)


def test_a_token_lives_a_day_on_the_emulators_clock(stranger: Asker) -> None:
    heard = stranger.token()
    assert heard.status == 200
    assert heard.json == {
        "access_token": heard.json["access_token"],
        "access_token_token_expired": "2026-11-21 10:30:00",
        "token_type": "Bearer",
        "expires_in": 86_400,
    }


def test_a_second_ask_within_the_minute_is_refused(
    stranger: Asker, emulator: RunningEmulator
) -> None:
    stranger.token()
    emulator.clock.advance(timedelta(seconds=59))
    heard = stranger.token()
    assert heard.status == 403
    assert heard.json == {
        "error_description": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
        "error_code": "EGW00133",
    }
    assert (emulator.tokens_issued, emulator.token_asks) == (1, 2)


def test_the_same_token_comes_back_within_six_hours(
    stranger: Asker, emulator: RunningEmulator
) -> None:
    first = stranger.token().json["access_token"]
    emulator.clock.advance(timedelta(hours=5, minutes=59))
    assert stranger.token().json["access_token"] == first
    assert emulator.tokens_issued == 1
    emulator.clock.advance(timedelta(minutes=1))
    assert stranger.token().json["access_token"] != first
    assert emulator.tokens_issued == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"appkey": ""}, 403, "EGW00102"),
        ({"appkey": "PSwrong"}, 403, "EGW00103"),
        ({"appsecret": ""}, 403, "EGW00104"),
        ({"appsecret": "wrong"}, 403, "EGW00105"),
        ({"grant_type": ""}, 403, "EGW00115"),
        ({"grant_type": "password"}, 403, "EGW00116"),
    ],
)
def test_a_wrong_request_gets_its_code(
    stranger: Asker, changes: dict[str, str], status: int, code: str
) -> None:
    heard = stranger.token(**changes)
    assert (heard.status, heard.json["error_code"]) == (status, code)


def test_a_virtual_key_is_on_the_wrong_host(stranger: Asker) -> None:
    heard = stranger.token(appkey=VIRTUAL_APP_KEY)
    assert (heard.status, heard.json["msg_cd"]) == (500, "EGW02004")


def test_after_all_tokens_ended_a_new_one_is_had_at_once(
    stranger: Asker, emulator: RunningEmulator
) -> None:
    first = stranger.token().json["access_token"]
    emulator.expire_tokens()
    assert stranger.token().json["access_token"] != first


def test_revoking_answers_a_number(asker: Asker) -> None:
    body = b'{"appkey":"x","appsecret":"y","token":"z"}'
    heard = asker.send("POST", "/oauth2/revokeP", body, {})
    assert heard.json["code"] == 200
