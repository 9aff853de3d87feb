"""From the broker's codes of a session to its marks (락구분, 재평가사유, 액면변경)."""

from adapters.kis.payloads.daily_bars import DailyBarRow
from adapters.kis.unreadable import unreadable
from domain.marks import NO_MARKS, Mark

_BOTH = Mark.EX_RIGHTS | Mark.EX_DIVIDEND
_EX = {
    1: Mark.EX_RIGHTS,
    2: Mark.EX_DIVIDEND,
    3: Mark.EX_DISTRIBUTION,
    4: _BOTH,
    5: Mark.EX_DIVIDEND,
    6: _BOTH,
    7: _BOTH,
}
_REVALUED = {
    1: Mark.SPIN_OFF,
    2: Mark.REDUCTION,
    3: Mark.LONG_HALT,
    4: Mark.EX_DISTRIBUTION,
    5: Mark.EX_DIVIDEND,
    6: Mark.SPIN_OFF,
    7: Mark.PAR_CHANGE,
}


def marks_of_bar(row: DailyBarRow) -> Mark:
    """What a daily bar bears: ``flng_cls_code``, ``revl_issu_reas``, ``prtt_rate``.

    Raises:
        MarketDataMalformedError: A code is no number of two digits.
    """
    marks = ex_marks(row.flng_cls_code)
    reason = _code("revl_issu_reas", row.revl_issu_reas)
    if reason:
        marks |= _REVALUED.get(reason, Mark.REVALUED)
    if row.prtt_rate is not None and row.prtt_rate not in {0, 1}:
        marks |= Mark.REBASED
    if row.mod_yn.strip() == "Y":
        marks |= Mark.UNTRADED
    return marks


def ex_marks(flng_cls_code: str) -> Mark:
    """락구분 of a bar or of the morning's master; an unlisted code is 99 기타.

    Raises:
        MarketDataMalformedError: It is no number of two digits.
    """
    code = _code("flng_cls_code", flng_cls_code)
    return _EX.get(code, Mark.REVALUED) if code else NO_MARKS


def par_marks(fcam_mod_cls_code: str) -> Mark:
    """액면변경구분 of the morning's master: 01 split, 02 merged, 99 other.

    Raises:
        MarketDataMalformedError: It is no number of two digits.
    """
    code = _code("fcam_mod_cls_code", fcam_mod_cls_code)
    return Mark.PAR_CHANGE if code else NO_MARKS


def _code(field: str, text: str) -> int:
    """A code of two digits; a blank is 0."""
    code = text.strip()
    if not code:
        return 0
    if not (code.isascii() and code.isdigit() and len(code) <= 2):
        raise unreadable(field, text)
    return int(code)
