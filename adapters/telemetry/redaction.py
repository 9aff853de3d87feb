"""Takes secrets out of what is about to be logged."""

import functools
import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from pathlib import PurePath
from typing import Any

HIDDEN = "[가림]"
"""What stands where a secret was."""

_SHORTEST = 6  # a shorter "secret" would blot out ordinary words

_KEY = r"app[_-]?(?:key|secret)|secret[_-]?key|approval[_-]?key|api[_-]?key"
_TOKEN = r"(?:access|refresh)[_-]?token|authorization|password"  # noqa: S105
_ACCOUNT = r"cano|acnt[_-]?no|account[_-]?(?:no|number)"
_NAMES = f"{_KEY}|{_TOKEN}|{_ACCOUNT}"

_SECRET_NAME = re.compile(
    rf"(?:.*[_-])?(?:{_NAMES}|token|secrets?|cookie|webhook(?:[_-]url)?)", re.I
)
_BEARER = re.compile(r"\b((?:Bearer|Basic)\s+)[^\s\"',;\\]+", re.I)
_QUOTE = r"\\?[\"']"
_ASSIGNED = re.compile(  # appkey=…, "appkey": "…", ('appkey', '…'), appkey: …
    rf"((?<![a-z])(?:{_NAMES})"
    rf"(?:(?:{_QUOTE})?\s*=\s*(?:{_QUOTE})?|{_QUOTE}\s*[:,]\s*b?(?:{_QUOTE})?|:"
    r"|:\s+(?=[!-~]*[0-9])(?=[!-~]{8})))"
    r"(?!(?:Bearer|Basic)\s)[A-Za-z0-9+/=_.~%!?@#$^*:-]{3,}",
    re.I,
)
_WEBHOOK = re.compile(r"https?://hooks\.slack(?:-gov)?\.com/[^\s\"'\\)>]*", re.I)
_ACCOUNT_NUMBER = re.compile(r"(?<![0-9A-Za-z-])\d{8}-\d{2}(?![0-9A-Za-z-])")
_DEEPEST = 12
_SHORT, _REMEMBERED = 64, 1_000
"""Most of a line is short and always the same: names, levels, tools."""


@functools.lru_cache(_REMEMBERED)
def _is_secret(name: str) -> bool:
    """Whether what bears this name is to be hidden whole."""
    return _SECRET_NAME.fullmatch(name) is not None


class Redactor:
    """Hides secrets by the name they bear, by their shape, and by being known.

    Args:
        secrets: Values to hide wherever they appear; those under six characters are
            left alone, for they would hide ordinary words.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= _SHORTEST}
        longest_first = sorted(known, key=lambda secret: (-len(secret), secret))
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._short = functools.lru_cache(_REMEMBERED)(self._searched)

    def known(self, text: str) -> str:
        """The text without the known secrets, and otherwise as it was."""
        return self._known.sub(HIDDEN, text)

    def text(self, text: str) -> str:
        """The text without known secrets and without what looks like one."""
        return self._short(text) if len(text) <= _SHORT else self._searched(text)

    def _searched(self, text: str) -> str:
        text = self.known(text)
        text = _WEBHOOK.sub(HIDDEN, text)
        text = _BEARER.sub(rf"\g<1>{HIDDEN}", text)
        text = _ASSIGNED.sub(rf"\g<1>{HIDDEN}", text)
        return _ACCOUNT_NUMBER.sub(HIDDEN, text)

    def mapping(self, mapping: Mapping[Any, Any], depth: int = 0) -> dict[str, object]:
        """A copy of a mapping; what bears a secret's name is hidden whole."""
        return {
            self.text(str(name)): (
                HIDDEN
                if value is not None and _is_secret(str(name))
                else self.value(value, depth + 1)
            )
            for name, value in mapping.items()
        }

    def value(self, value: object, depth: int = 0) -> object:
        """A copy of anything loggable; what JSON does not know becomes text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping) and depth < _DEEPEST:
            return self.mapping(value, depth)
        if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
            return [self.value(each, depth + 1) for each in value]
        return self.text(_as_text(value))


def _as_text(value: object) -> str:
    match value:
        case bytes():
            return value.decode(errors="replace")
        case str() | date() | time() | PurePath():
            return str(value)
    return repr(value)
