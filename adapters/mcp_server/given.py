"""An answer as it goes over the wire, kept and told again."""

import sys
from datetime import datetime
from typing import Any

import orjson

from application.ports.cache import Form

Given = dict[str, Any]
"""The result of ``tools/call`` in JSON: content, structuredContent, its envelope."""

_STRUCTURED, _META, _AGE = "structuredContent", "meta", "age_seconds"


def as_of(given: Given) -> datetime:
    """The instant its figures are of."""
    return datetime.fromisoformat(given[_STRUCTURED][_META]["as_of"])


def with_age(given: Given, seconds: float) -> Given:
    """The same answer with its age of now; the one that is kept stays as it is."""
    structured = given[_STRUCTURED]
    meta = {**structured[_META], _AGE: round(seconds, 3)}
    return {**given, _STRUCTURED: {**structured, _META: meta}}


def size_of(value: object) -> int:
    """Bytes that a tree of JSON values takes in memory, shared ones counted once."""
    seen: set[int] = set()
    left: list[object] = [value]
    total = 0
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, dict):
            left.extend(each.keys())
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return total


def _unpack(data: bytes) -> Given:
    """The answer again.

    Raises:
        ValueError: The bytes hold none.
    """
    found: Given = orjson.loads(data)
    try:
        as_of(found)
    except (KeyError, TypeError) as error:
        raise ValueError("no answer") from error
    return found


GIVEN: Form[Given] = Form(pack=orjson.dumps, unpack=_unpack, size=size_of)
