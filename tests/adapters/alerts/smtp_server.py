"""A real SMTP server on loopback, with and without encryption and a login."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typing_extensions import override

from tests.adapters.mcp_server.served_process import free_port

USERNAME, PASSWORD = "alerts", "hush-hush-password"


@dataclass
class Letters:
    """What arrived; ``answer`` is said to every message instead of taking it."""

    port: int = 0
    came: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[bool] = field(default_factory=list)
    answer: str | None = None
    unknown: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        if self.answer is not None:
            return self.answer
        content = cast("bytes", envelope.content)
        letter = message_from_bytes(content, policy=policy.default)
        self.came.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def login(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login, data.password)
        good = given == (USERNAME.encode(), PASSWORD.encode())
        self.logins.append(good)
        return AuthResult(success=good, handled=False)


@dataclass(frozen=True)
class Certificate:
    """Self-made, of 127.0.0.1: what the server shows, and who believes it."""

    server: ssl.SSLContext
    trust: ssl.SSLContext


class _Controller(Controller):
    """Its own way to see that the server is up wants to be believed as a client."""

    @override
    def _trigger_server(self) -> None:
        socket.create_connection((self.hostname, self.port), 5.0).close()


@contextmanager
def running_smtp(
    certificate: Certificate | None = None, *, starttls: bool = False
) -> Iterator[Letters]:
    """TLS from the first byte with a certificate, unless it is for STARTTLS."""
    letters = Letters()
    context = certificate.server if certificate else None
    letters.port = free_port()
    controller = _Controller(
        letters,
        hostname="127.0.0.1",
        port=letters.port,
        ssl_context=None if starttls else context,
        tls_context=context if starttls else None,
        require_starttls=starttls,
        authenticator=letters.login,
        auth_require_tls=starttls,  # it takes TLS from the first byte for none
    )
    controller.start()
    try:
        yield letters
    finally:
        controller.stop()


def certificate_in(folder: Path) -> Certificate:
    """Good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)  # noqa: TID251 - certificates live by the machine's clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "certificate.pem", folder / "key.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(shown, secret)
    return Certificate(
        server=server, trust=ssl.create_default_context(cafile=str(shown))
    )
