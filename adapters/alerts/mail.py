"""Alerts by e-mail, through an SMTP server."""

import asyncio
import contextlib
import smtplib
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from typing_extensions import override

from adapters.alerts.mailbox import Mailbox, Security
from adapters.alerts.wording import footing, headline, more_line, stock_line
from application.ports.alerts import Alert, Channel, NotSentError

TIMEOUT_SECONDS = 10.0
"""For each step of the conversation."""


class EmailChannel(Channel):
    """One message for each alert, to all recipients.

    Args:
        mailbox: As set.
        timeout_seconds: For each step.
        trust: Which servers' certificates are believed; None: the machine's usual.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._mailbox = mailbox
        self._timeout = timeout_seconds
        self._trust = trust

    @property
    @override
    def name(self) -> str:
        return "email"

    @override
    async def send(self, alert: Alert) -> None:
        letter = composed(alert, self._mailbox)
        refused = await in_a_thread(lambda: self._sent(letter))
        if refused is not None:
            raise refused

    def _sent(self, letter: EmailMessage) -> NotSentError | None:
        """Blocking; errors of the library may hold the password's exchange."""
        try:
            server = self._connected()
            try:
                refused = server.send_message(letter)
            finally:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()  # it was taken, or was not, before this
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return _refusal(error)
        if refused:  # some took it: to send again would be twice for those
            return NotSentError(
                f"받는 사람 {len(refused)}명의 주소를 서버가 거절했습니다. "
                "SMTP_TO를 확인해 주세요.",
                is_final=True,
            )
        return None

    def _connected(self) -> smtplib.SMTP:
        box = self._mailbox
        port = box.port or box.security.usual_port
        trust = self._trust or ssl.create_default_context()
        if box.security is Security.SSL:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                box.host, port, timeout=self._timeout, context=trust
            )
        else:
            server = smtplib.SMTP(box.host, port, timeout=self._timeout)
        try:
            if box.security is Security.STARTTLS:
                server.starttls(context=trust)
            if box.username is not None and box.password is not None:
                server.login(box.username, box.password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server


def composed(alert: Alert, mailbox: Mailbox) -> EmailMessage:
    """The message, plain text alone."""
    letter = EmailMessage()
    letter["Subject"] = headline(alert)
    letter["From"] = mailbox.sender
    letter["To"] = ", ".join(mailbox.recipients)
    letter["Date"] = formatdate(alert.as_of.timestamp(), localtime=False)
    letter["Message-ID"] = make_msgid(domain="mcp-volume-ranking.invalid")
    letter["Auto-Submitted"] = "auto-generated"
    lines = [headline(alert), "", *(f"- {stock_line(x)}" for x in alert.shown)]
    if alert.more:
        lines += ["", more_line(alert)]
    letter.set_content("\n".join([*lines, "", footing(alert), ""]))
    return letter


async def in_a_thread(
    work: Callable[[], NotSentError | None],
) -> NotSentError | None:
    """The same from a thread that does not hold up the process's end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[NotSentError | None] = loop.create_future()

    def tell(result: NotSentError | None) -> None:
        if not done.done():
            done.set_result(result)

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # told by its kind: it may hold the password
            kind = type(error).__name__
            result = NotSentError(f"메일을 보내다 오류({kind})가 났습니다.")
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, result)

    threading.Thread(target=run, name="alert-email", daemon=True).start()
    return await done


def _refusal(error: Exception) -> NotSentError:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        error = _beneath(error)
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            said, is_final = f"로그인을 거절했습니다({code}).", code >= 500
            mend = "SMTP_USERNAME과 SMTP_PASSWORD를 확인해 주세요."
        case smtplib.SMTPNotSupportedError():
            said, is_final = "STARTTLS나 로그인을 지원하지 않습니다.", True
            mend = "SMTP_SECURITY와 SMTP_PORT를 확인해 주세요."
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            said = "받는 사람을 모두 거절했습니다."
            is_final = all(code >= 500 for code, _ in refused.values())
            mend = "SMTP_TO를 확인해 주세요."
        case smtplib.SMTPResponseException(smtp_code=code):
            said, is_final = f"받지 않습니다({code}).", code >= 500
            mend = "SMTP_FROM과 SMTP_TO를 확인해 주세요."
        case ssl.SSLError():
            said, is_final = "암호화된 연결을 맺지 못했습니다.", True
            mend = "SMTP_HOST의 인증서와 SMTP_SECURITY를 확인해 주세요."
        case TimeoutError():
            said, is_final = "제시간에 답하지 않았습니다.", False
            mend = "SMTP_HOST와 SMTP_PORT를 확인해 주세요."
        case _:
            said = f"연결할 수 없거나 연결이 끊어졌습니다({type(error).__name__})."
            mend, is_final = "SMTP_HOST와 SMTP_PORT를 확인해 주세요.", False
    return NotSentError(f"메일 서버: {said} {mend}", is_final=is_final)


def _beneath(error: smtplib.SMTPServerDisconnected) -> Exception:
    """The library says of a timeout too that the server went away."""
    return error.__context__ if isinstance(error.__context__, TimeoutError) else error
