"""Spoils a reply as a fault says."""

from tests.kis_emulator.envelope import Answer, RefusedError, Reply, refused
from tests.kis_emulator.faults import Fault, Kind

_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_CODE_FIELDS = ("inter_shrn_iscd", "mksc_shrn_iscd", "stck_shrn_iscd")


def refusal_of(fault: Fault) -> RefusedError | None:
    """A refusal that takes the answer's place, if this fault is one."""
    if fault.kind is Kind.SERVER_ERROR:
        return refused(fault.code, status=fault.status)
    if fault.kind is Kind.OVER_LIMIT:
        return refused("EGW00201")
    if fault.kind is Kind.EXPIRED:
        return refused("EGW00123")
    return None


def spoil(reply: Reply, fault: Fault) -> None:
    """Changes a finished reply in place."""
    match fault.kind:
        case Kind.HTML:
            reply.status, reply.content = fault.status, _PAGE
            reply.content_type = "text/html"
        case Kind.EMPTY:
            reply.content = b""
        case Kind.CUT_JSON:
            body = reply.body()
            reply.content = body[: len(body) // 2]
        case Kind.WRONG_CONTENT_TYPE:
            reply.content_type = "text/html"
        case Kind.SET_FIELDS | Kind.MISSING_ROWS | Kind.EXTRA_ROW:
            if isinstance(reply.content, dict):
                reply.content = _with_rows_spoiled(reply.content, fault)
        case _:
            pass


def _code_of(row: dict[str, str]) -> str:
    return next((row[name] for name in _CODE_FIELDS if name in row), "")


def _with_rows_spoiled(answer: Answer, fault: Fault) -> Answer:
    spoiled: Answer = {}
    for key, value in answer.items():
        if isinstance(value, list):
            spoiled[key] = _rows(value, fault)
        elif isinstance(value, dict) and fault.kind is Kind.SET_FIELDS:
            spoiled[key] = _row(value, fault)
        else:
            spoiled[key] = value
    return spoiled


def _rows(rows: list[dict[str, str]], fault: Fault) -> list[dict[str, str]]:
    if fault.kind is Kind.MISSING_ROWS:
        return [row for row in rows if _code_of(row) not in fault.codes]
    if fault.kind is Kind.EXTRA_ROW:
        return [*rows, {**rows[0], **fault.fields}] if rows else rows
    return [_row(row, fault) for row in rows]


def _row(row: dict[str, str], fault: Fault) -> dict[str, str]:
    if fault.codes and _code_of(row) not in fault.codes:
        return row
    known = {name: text for name, text in fault.fields.items() if name in row}
    return {**row, **known}
