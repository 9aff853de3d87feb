"""A real PostgreSQL of our own: Debian's programs, loopback, a temporary folder."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = "archive"
PASSWORD = "비밀/번호@s3cret"  # noqa: S105 - letters that an address must escape
ESCAPED = "%EB%B9%84%EB%B0%80%2F%EB%B2%88%ED%98%B8%40s3cret"
_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server.

    Attributes:
        programs: The folder of its programs.
        port: On 127.0.0.1.
    """

    programs: Path
    port: int

    def url(self, database: str, *, password: str = ESCAPED) -> str:
        """A database's address, as a setting gives it."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of an empty database; making one takes 80 ms."""
        name = f"archive_{secrets.token_hex(6)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def say(self, statement: str, database: str = "postgres") -> str:
        """Runs a statement as the owner of everything; what it printed."""
        done = subprocess.run(  # noqa: S603
            [
                str(self.programs / "psql"),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", USER),
                *("-d", database, "-v", "ON_ERROR_STOP=1", "-qtAc", statement),
            ],
            env=os.environ | {"PGPASSWORD": PASSWORD},
            check=True,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        return done.stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database, and a way into it past our own code."""

    server: Server
    url: str

    def say(self, statement: str) -> str:
        """Runs a statement; what it printed."""
        return self.server.say(statement, self.url.rpartition("/")[2])


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Starts a server and stops it by its id; skips where none is installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder, port = Path(name), _free_port()
        who = _not_root(folder)
        password = folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        password.chmod(0o644)
        made = subprocess.run(  # noqa: S603
            [
                *(str(programs / "initdb"), "-D", str(folder / "data"), "--no-sync"),
                *("-U", USER, "--auth=scram-sha-256", f"--pwfile={password}"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            **who,
        )
        if made.returncode:
            raise RuntimeError(made.stderr.decode())
        with _started(programs, folder, port, who) as server:
            yield server


@contextlib.contextmanager
def _started(
    programs: Path, folder: Path, port: int, who: dict[str, Any]
) -> Iterator[Server]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "shared_buffers": "16MB",
        "autovacuum": "off",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [
                *(str(programs / "postgres"), "-D", str(folder / "data")),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            **who,
        )
    try:
        server = Server(programs=programs, port=port)
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown: connections are cut
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(_SECONDS)


def _wait_for(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.say("SELECT 1")
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text("utf-8", errors="replace"))


def _programs() -> Path:
    """The newest installed version's."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    pytest.skip("no PostgreSQL here: apt-get install postgresql")


def _not_root(folder: Path) -> dict[str, Any]:
    """Whom the server runs as, for it refuses to be root; and gives it the folder."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    pytest.skip("PostgreSQL refuses to run as root, and there is no other user")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
