"""Faults on demand: which calls they hit, how often, and what they spoil."""

import enum
import random
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Params = Mapping[str, str]


class Kind(enum.Enum):
    """What goes wrong."""

    SERVER_ERROR = "500 with a gateway code"
    OVER_LIMIT = "EGW00201 although below the limit"
    EXPIRED = "EGW00123 although the token lives"
    HTML = "an HTML page of a proxy"
    EMPTY = "no body at all"
    HANG = "no answer for as long as the client waits"
    RESET = "the connection is cut"
    CUT_JSON = "half of the body"
    WRONG_CONTENT_TYPE = "JSON called text/html"
    SET_FIELDS = "fields blanked or garbled in some rows"
    MISSING_ROWS = "rows left out"
    EXTRA_ROW = "a row that nobody asked for"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong with the calls it matches.

    Attributes:
        tr_id: Only calls of this TR; also reaches ``tokenP`` by ``path``.
        path: Only calls whose path ends so.
        when: Only calls whose parameters pass.
        holding: Only calls one of whose parameters is this code.
        count: So many calls; None for ever.
        probability: Of hitting a call that matches.
        seconds: How long a HANG lasts; None until the client gives up.
        code: Of a SERVER_ERROR.
        status: HTTP status of SERVER_ERROR and HTML.
        codes: Rows concerned; empty for every row.
        fields: Field values of SET_FIELDS and EXTRA_ROW.
        hits: How often it has struck.
    """

    kind: Kind
    tr_id: str | None = None
    path: str | None = None
    when: Callable[[Params], bool] | None = None
    holding: str | None = None
    count: int | None = None
    probability: float = 1.0
    seconds: float | None = None
    code: str = "EGW00001"
    status: int = 500
    codes: frozenset[str] = frozenset()
    fields: dict[str, str] = field(default_factory=dict)
    hits: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1), repr=False)

    def strikes(self, path: str, tr_id: str, params: Params) -> bool:
        """Whether it hits this call; counts if so."""
        if self.count is not None and self.hits >= self.count:
            return False
        if self.tr_id not in (None, tr_id) or not path.endswith(self.path or ""):
            return False
        if self.holding is not None and self.holding not in params.values():
            return False
        if self.when is not None and not self.when(params):
            return False
        if self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force; add and clear from any thread.

    Without ``tr_id`` and ``path`` a fault strikes quotations only, never tokens or
    masters. ``add`` takes any attribute of :class:`Fault`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[Fault] = []

    def add(  # noqa: PLR0913 # the knobs of a fault, all by name
        self,
        kind: Kind,
        *,
        tr_id: str | None = None,
        path: str | None = None,
        when: Callable[[Params], bool] | None = None,
        holding: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 1,
        seconds: float | None = None,
        code: str = "EGW00001",
        status: int = 500,
        codes: Iterable[str] = (),
        fields: Mapping[str, str] | None = None,
    ) -> Fault:
        """Puts one in force; the same seed strikes the same calls."""
        fault = Fault(
            kind=kind,
            tr_id=tr_id,
            path=path,
            when=when,
            holding=holding,
            count=count,
            probability=probability,
            seconds=seconds,
            code=code,
            status=status,
            codes=frozenset(codes),
            fields=dict(fields or {}),
            dice=random.Random(seed),
        )
        with self._lock:
            self._active.append(fault)
        return fault

    def refuse(self, probability: float, *, seed: int = 1) -> Fault:
        """Refuses some calls below the limit, as the real gateway does."""
        return self.add(Kind.OVER_LIMIT, probability=probability, seed=seed)

    def blank(self, *fields: str, codes: Iterable[str] = ()) -> Fault:
        """Empties these fields in these rows."""
        return self.add(Kind.SET_FIELDS, fields=dict.fromkeys(fields, ""), codes=codes)

    def garble(
        self, *fields: str, codes: Iterable[str] = (), value: str = "12a4"
    ) -> Fault:
        """Puts a letter among the digits of these fields in these rows."""
        return self.add(
            Kind.SET_FIELDS, fields=dict.fromkeys(fields, value), codes=codes
        )

    def drop_rows(self, *codes: str) -> Fault:
        """Leaves these codes out of every answer."""
        return self.add(Kind.MISSING_ROWS, codes=codes)

    def drop_call_with(self, code: str) -> Fault:
        """Cuts the connection of any call that asks for a code, retries too."""
        return self.add(Kind.RESET, holding=code)

    def remove(self, fault: Fault) -> None:
        """Ends one."""
        with self._lock:
            self._active = [other for other in self._active if other is not fault]

    def clear(self) -> None:
        """Ends all."""
        with self._lock:
            self._active.clear()

    def striking(self, path: str, tr_id: str, params: Params) -> list[Fault]:
        """Those that hit this call."""
        quotation = path.startswith("/uapi/")
        with self._lock:
            return [
                fault
                for fault in self._active
                if (quotation or fault.path is not None)
                and fault.strikes(path, tr_id, params)
            ]
