"""Takes out of what is recorded whatever looks like a key, a token or an account."""

import re
from collections.abc import Mapping

HIDDEN = "[가림]"
"""What stands where a secret was."""

_KEYS = r"app[_-]?(?:key|secret)|secretkey|approval[_-]?key|api[_-]?key|password"
_TOKENS = r"(?:(?:access|refresh|id)[_-]?)?token|authorization"
_ACCOUNTS = r"cano|acnt[_-]?(?:prdt[_-]?cd|no)|acct[_-]?no|account[_-]?(?:no|number)"
_NAMES = rf"{_KEYS}|{_TOKENS}|{_ACCOUNTS}"

_SECRET_NAME = re.compile(_NAMES, re.I)
_ASSIGNED = re.compile(
    rf"((?<![a-z0-9])(?:{_NAMES})\\?[\"']?\s*[:=]\s*\\?[\"']?)(?!\[|\s*[{{\[])"
    r"(?:Bearer\s+)?[^\s\"'\\,;}&]+",
    re.I,
)
_SHAPES = re.compile(
    r"(?<=Bearer )[^\s\"'\\,;]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JWT
    r"|(?<![0-9A-Za-z+/_=-])[0-9A-Za-z+/_=-]{32,}"  # no figure, code or name is as long
    r"|(?<![0-9A-Za-z-])\d{8}-\d{2}(?![0-9A-Za-z-])"  # an account number
)


def scrubbed(body: bytes) -> bytes:
    """The body with secrets hidden; byte for byte as it was where there are none."""
    text = body.decode("utf-8", "surrogateescape")
    return _without_secrets(text).encode("utf-8", "surrogateescape")


def scrubbed_params(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters with secrets hidden; those that name one are hidden whole."""
    return {
        name: HIDDEN
        if _SECRET_NAME.fullmatch(name) and value
        else _without_secrets(value)
        for name, value in params.items()
    }


def _without_secrets(text: str) -> str:
    return _SHAPES.sub(HIDDEN, _ASSIGNED.sub(rf"\g<1>{HIDDEN}", text))
