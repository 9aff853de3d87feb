"""E-mail, against a real local SMTP server."""

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.alerts.mail import EmailChannel, composed
from adapters.alerts.mailbox import Mailbox, Security
from application.ports.alerts import NotSentError
from tests.adapters.alerts.smtp_server import (
    PASSWORD,
    USERNAME,
    Certificate,
    certificate_in,
    running_smtp,
)
from tests.adapters.mcp_server.served_process import free_port
from tests.alerts_scene import SIMULATED, alert, alerted, many

TO = ("one@example.com", "two@example.com")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


def mailbox(port: int, security: Security = Security.NONE) -> Mailbox:
    return Mailbox(
        host="127.0.0.1",
        port=port,
        security=security,
        sender="거래대금 알림 <alerts@example.com>",
        recipients=TO,
    )


def with_login(box: Mailbox, password: str = PASSWORD) -> Mailbox:
    return replace(box, username=USERNAME, password=SecretStr(password))


async def refused(
    box: Mailbox, trust: ssl.SSLContext | None = None, within: float = 5.0
) -> NotSentError:
    channel = EmailChannel(box, timeout_seconds=within, trust=trust)
    with pytest.raises(NotSentError) as caught:
        await channel.send(alert())
    assert PASSWORD not in f"{caught.value!r}{caught.value.__context__!r}"
    return caught.value


async def test_a_letter_arrives_at_all_recipients() -> None:
    with running_smtp() as letters:
        channel = EmailChannel(mailbox(letters.port))
        await channel.send(alert(alerted("005930", name="삼성전자")))

    (letter,) = letters.came
    assert letters.recipients == [list(TO)]
    assert letter["Subject"] == "이상 거래량: 삼성전자"
    assert letter["From"] == "거래대금 알림 <alerts@example.com>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == [
        "이상 거래량: 삼성전자",
        "",
        "- 삼성전자(005930, 코스피) · 강함 · 거래대금 1조 2,217억, 평소의 4.2배 · "
        "등락률 +3.46%",
        "",
        "2026-08-20 10:30:00 기준 · 잠정 · 출처 kis",
    ]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.SSL])
async def test_it_logs_in_behind_encryption(
    certificate: Certificate, security: Security
) -> None:
    starttls = security is Security.STARTTLS
    with running_smtp(certificate, starttls=starttls) as letters:
        box = with_login(mailbox(letters.port, security))
        await EmailChannel(box, trust=certificate.trust).send(alert())

    assert len(letters.came) == 1
    assert letters.logins == [True]


async def test_a_certificate_nobody_vouches_for_ends_it(
    certificate: Certificate,
) -> None:
    with running_smtp(certificate, starttls=True) as letters:
        box = with_login(mailbox(letters.port, Security.STARTTLS))
        error = await refused(box)

    assert error.is_final
    assert "인증서" in str(error)
    assert letters.logins == []


async def test_without_starttls_no_password_is_told() -> None:
    with running_smtp() as letters:
        error = await refused(with_login(mailbox(letters.port, Security.STARTTLS)))

    assert error.is_final
    assert "SMTP_SECURITY" in str(error)
    assert letters.logins == []


async def test_a_wrong_password_is_refused_for_good(certificate: Certificate) -> None:
    with running_smtp(certificate, starttls=True) as letters:
        box = with_login(mailbox(letters.port, Security.STARTTLS), "not-it")
        error = await refused(box, certificate.trust)

    assert error.is_final
    assert "SMTP_PASSWORD" in str(error)
    assert "not-it" not in str(error)


@pytest.mark.parametrize(
    ("answer", "is_final"), [("451 Try again later", False), ("554 Spam", True)]
)
async def test_a_server_that_does_not_take_it_says_whether_to_try_again(
    answer: str, is_final: bool
) -> None:
    with running_smtp() as letters:
        letters.answer = answer
        error = await refused(mailbox(letters.port))

    assert error.is_final is is_final
    assert answer[:3] in str(error)


async def test_those_who_are_known_get_it_once_when_others_are_not() -> None:
    with running_smtp() as letters:
        letters.unknown = {TO[1]}
        error = await refused(mailbox(letters.port))

    assert letters.recipients == [[TO[0]]]
    assert error.is_final
    assert "1명" in str(error)


async def test_a_server_that_hangs_is_left_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = await refused(mailbox(silent.getsockname()[1]), within=0.2)

    assert not error.is_final
    assert "제시간에" in str(error)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    error = await refused(mailbox(free_port()))

    assert not error.is_final
    assert "SMTP_HOST" in str(error)


def test_a_digest_and_simulated_figures_are_labelled() -> None:
    letter = composed(alert(*many(7), source=SIMULATED), mailbox(25))
    text = letter.get_content()

    assert letter["Subject"] == "[시뮬레이션] 이상 거래량: 종목000001 외 6종목"
    assert "그 밖에 2종목" in text
    assert "실제 시세가 아닙니다" in text


def test_a_name_cannot_add_a_header() -> None:
    letter = composed(alert(alerted(name="가\r\nBcc: all@example.com")), mailbox(25))

    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]


def test_the_password_is_in_no_repr() -> None:
    box = with_login(mailbox(25))

    assert PASSWORD not in f"{box!r}{EmailChannel(box)!r}"


def test_ports_are_the_usual_ones(tmp_path: Path) -> None:
    usual = {security.value: security.usual_port for security in Security}

    assert usual == {"starttls": 587, "ssl": 465, "none": 25}
