"""What makes two questions the same, and which part of a recording answers them."""

from collections.abc import Mapping

MULTI_QUOTE = "FHKST11300006"
"""관심종목(멀티종목) 시세조회: answers are composed per code, not replayed whole."""

HOLIDAYS = "CTCA0903R"
"""국내휴장일조회: asked once a day, so its answer outlasts the sweep it came in."""

CODE = "inter_shrn_iscd"
ROWS = "output"
_SLOTS = 30
_DIVISION, _CODE = "FID_COND_MRKT_DIV_CODE_", "FID_INPUT_ISCD_"

Slot = tuple[str, str]
"""Division and code."""

Key = tuple[str, tuple[tuple[str, str], ...]]


def key_of(tr_id: str, params: Mapping[str, str]) -> Key:
    """The question, whatever the order, padding or blanks of its parameters."""
    said = ((name.strip().upper(), value.strip()) for name, value in params.items())
    return tr_id, tuple(sorted((name, value) for name, value in said if value))


def slots_of(params: Mapping[str, str]) -> list[Slot]:
    """Divisions and codes that a multi-quote asks for, in slot order."""
    said = {name.strip().upper(): value.strip() for name, value in params.items()}
    slots = (
        (said.get(f"{_DIVISION}{number}", ""), said.get(f"{_CODE}{number}", ""))
        for number in range(1, _SLOTS + 1)
    )
    return [(division, code) for division, code in slots if code]


def topic_of(tr_id: str, params: Mapping[str, str]) -> str:
    """Under what an exchange is filed: its TR id, and of quotes the divisions too."""
    if tr_id != MULTI_QUOTE:
        return tr_id
    divisions = sorted({division for division, _ in slots_of(params)})
    return f"{tr_id}/{'+'.join(divisions)}"


def holds_quotes(topic: str, division: str) -> bool:
    """Whether quotes of a division are filed under a topic."""
    tr_id, _, divisions = topic.partition("/")
    return tr_id == MULTI_QUOTE and division in divisions.split("+")
