"""How often a market was swept, seen from the broker's side."""

from collections.abc import Iterable, Mapping

from adapters.kis.requests import MULTI_QUOTE
from tests.kis_emulator.arrivals import Arrival

_DIVISION, _CODE = "FID_COND_MRKT_DIV_CODE_", "FID_INPUT_ISCD_"


def slots_of(params: Mapping[str, str]) -> set[tuple[str, str]]:
    """Division and code of everything that a quote call asks for."""
    return {
        (params[f"{_DIVISION}{name.removeprefix(_CODE)}"], code)
        for name, code in params.items()
        if name.startswith(_CODE) and code
    }


def times_quoted(calls: Iterable[Arrival], division: str, code: str) -> int:
    """Good quote calls that asked for a code: of a quiet stock, one each sweep."""
    return sum(
        call.tr_id == MULTI_QUOTE.tr_id
        and call.status == 200
        and (division, code) in slots_of(call.params)
        for call in calls
    )
