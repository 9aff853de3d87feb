"""What can go wrong, as one tree.

::

    VolumeRankingError
    ├── InvalidRequestError             the caller can mend it; says how
    │   ├── InvalidTickerError
    │   ├── AmbiguousStockError         several candidates; which are they
    │   └── UnknownStockError           no such code or name; what comes near
    └── MarketDataError                 the source let us down
        ├── MarketDataUnavailableError  try later; retry_after in seconds
        │   └── SessionUncertainError   quotes of no certain trading day
        ├── MarketDataRefusedError      credentials, quota, entitlement
        └── MarketDataMalformedError    not what was recorded; field and value

Messages are Korean, one line, and never hold a secret: what was wrong, what is
allowed, what to do next.
"""


class VolumeRankingError(Exception):
    """Anything this product says of itself."""


class InvalidRequestError(VolumeRankingError):
    """The question cannot be answered as asked.

    Attributes:
        parameter: The argument that is wrong.
    """

    def __init__(self, message: str, *, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class InvalidTickerError(InvalidRequestError):
    """Not six upper-case letters or digits, nor a ``Q`` before six."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"종목코드 {code!r}: 영문 대문자·숫자 6자리(ETN은 Q+6자리)여야 합니다.",
            parameter="stocks",
        )
        self.code = code


class AmbiguousStockError(InvalidRequestError):
    """A name that fits several stocks.

    Attributes:
        name: What was asked for.
        candidates: ``(code, name)`` of the likeliest, likeliest first.
        others: How many more it fits.
    """

    def __init__(
        self, name: str, candidates: tuple[tuple[str, str], ...], *, others: int = 0
    ) -> None:
        more = f" 외 {others:,}종목" if others else ""
        super().__init__(
            f"stocks의 {name[:40]!r}: 여러 종목에 해당합니다. 코드로 물어 주세요: "
            f"{_listed(candidates)}{more}",
            parameter="stocks",
        )
        self.name = name
        self.candidates = candidates
        self.others = others


class UnknownStockError(InvalidRequestError):
    """No stock has this code or this name.

    Attributes:
        name: What was asked for.
        near: ``(code, name)`` of stocks whose names come near, nearest first.
    """

    def __init__(
        self,
        name: str,
        near: tuple[tuple[str, str], ...] = (),
        *,
        is_code: bool = False,
    ) -> None:
        hint = (
            f"비슷한 이름: {_listed(near)}"
            if near
            else "종목코드나 정확한 종목명으로 물어 주세요."
        )
        super().__init__(
            f"stocks: 코드 {name[:40]}인 종목이 없습니다(KOSPI·KOSDAQ의 주식·ETF·ETN). "
            "6자리 코드(ETN은 Q+6자리)인지 확인하거나 종목명으로 물어 주세요."
            if is_code
            else f"stocks의 {name[:40]!r}: 이런 종목이 없습니다. {hint}",
            parameter="stocks",
        )
        self.name = name
        self.near = near


def _listed(stocks: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{label}({code})" for code, label in stocks)


class MarketDataError(VolumeRankingError):
    """The source let us down."""


class MarketDataUnavailableError(MarketDataError):
    """No answer now; a later try may succeed.

    Attributes:
        retry_after: Seconds until another try makes sense; None when unknown.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SessionUncertainError(MarketDataUnavailableError):
    """The quotes may still be those of the session before."""

    def __init__(self) -> None:
        super().__init__(
            "증권사 시세가 아직 새 거래일 것이 아닙니다. 15초 뒤에 다시 물어 주세요.",
            retry_after=15,
        )


class MarketDataRefusedError(MarketDataError):
    """Credentials, entitlement or environment are wrong; trying again is no use.

    Attributes:
        code: The source's own error code, e.g. ``EGW02004``.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class MarketDataMalformedError(MarketDataError):
    """The answer is not what was recorded.

    Attributes:
        field: Where it went wrong.
        value: What stood there, shortened.
    """

    def __init__(self, message: str, *, field: str, value: object = None) -> None:
        super().__init__(message)
        self.field = field
        self.value = str(value)[:80]
