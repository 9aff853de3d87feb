"""What people's commands print: in any locale, into any pipe."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator

UNREAD = 141
"""Exit code of a writer whose reader left, as a shell counts it: 128 + SIGPIPE."""

UNPRINTED = 1


@contextlib.contextmanager
def for_people() -> Iterator[None]:
    """Prints inside it never end in a traceback; not for MCP over standard output.

    Characters that the locale lacks become question marks.

    Raises:
        SystemExit: The output could not be written.
    """
    streams = [x for x in (sys.stdout, sys.stderr) if isinstance(x, io.TextIOWrapper)]
    before = [(stream, stream.errors) for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            for stream in streams:
                stream.flush()
    except BrokenPipeError:
        _let_go(streams)
        raise SystemExit(UNREAD) from None
    except OSError as error:
        _let_go(streams)
        why = error.strerror or type(error).__name__
        print(  # noqa: T201
            f"쓰거나 읽지 못했습니다({why}). 출력할 곳의 남은 공간과 권한을 확인해"
            " 주세요.",
            file=sys.stderr,
        )
        raise SystemExit(UNPRINTED) from None
    finally:
        for stream, errors in before:
            stream.reconfigure(errors=errors)


def _let_go(streams: list[io.TextIOWrapper]) -> None:
    """Sends to nowhere what cannot be written, or the interpreter would try again."""
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
