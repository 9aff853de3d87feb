"""What can go wrong, as one tree.

::

    VolumeRankingError
    ├── InvalidRequestError             the caller can mend it; says how
    │   ├── InvalidTickerError
    │   └── AmbiguousStockError         several candidates; which are they
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
    """A name that fits several stocks, or none.

    Attributes:
        name: What was asked for.
        candidates: ``(code, name)`` of what it may have meant, likeliest first.
    """

    def __init__(self, name: str, candidates: tuple[tuple[str, str], ...]) -> None:
        found = ", ".join(f"{label}({code})" for code, label in candidates)
        said = (
            f"여러 종목에 해당합니다. 코드로 물어 주세요: {found}"
            if found
            else "이런 종목이 없습니다. 종목코드나 정확한 종목명으로 물어 주세요."
        )
        super().__init__(f"stocks의 {name[:40]!r}: {said}", parameter="stocks")
        self.name = name
        self.candidates = candidates


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
