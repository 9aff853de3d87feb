"""Parameters of every ranking: what may be asked, as the schema tells a client."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

MarketName = Literal["ALL", "KOSPI", "KOSDAQ"]
VenueName = Literal["ALL", "KRX", "NXT"]
KindName = Literal["STOCK", "ETF", "ETN"]
FormatName = Literal["detailed", "concise"]
FlagName = Literal[
    "PREFERRED",
    "SPAC",
    "REIT",
    "ADMINISTRATIVE",
    "HALTED",
    "DELISTING",
    "CAUTION",
    "WARNING",
    "RISK",
    "ATTENTION",
    "OVERHEATED",
    "UNFAITHFUL_DISCLOSURE",
]


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _dated(value: object) -> object:
    """A day is written in one way; a number is no date, though pydantic thinks so."""
    if value is None or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("YYYY-MM-DD")


def whole(value: object) -> object:
    """True is no number, though Python thinks so."""
    if isinstance(value, bool):
        raise ValueError("정수여야 합니다")  # noqa: TRY004 - pydantic reads ValueErrors
    return value


def listed(value: object) -> object:
    """``"ETF,ETN"`` is a list too; an empty text is an empty one."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


MarketParameter = Annotated[
    MarketName,
    Field(description="Market by listing: ALL (KOSPI + KOSDAQ), KOSPI or KOSDAQ."),
]
VenueParameter = Annotated[
    VenueName,
    Field(
        description="Where it traded: ALL adds KRX and NXT (넥스트레이드) per stock; "
        "price, change and limits are KRX's unless NXT is asked for."
    ),
]
KindsParameter = Annotated[
    list[KindName],
    Field(
        min_length=1,
        description="What to rank; KONEX and ELW are out of scope.",
        examples=[["STOCK"], ["ETF", "ETN"]],
    ),
    BeforeValidator(listed),
]
OffsetParameter = Annotated[
    int,
    Field(ge=0, description="Rows to skip from the top; next_offset of the answer."),
    BeforeValidator(whole),
]
MinPriceParameter = Annotated[
    int,
    Field(ge=0, description="Lowest price, won, inclusive.", examples=[1000]),
    BeforeValidator(whole),
]
MaxPriceParameter = Annotated[
    int | None,
    Field(ge=0, description="Highest price, won, inclusive; null is no bound."),
    BeforeValidator(whole),
]
MinTradingValueParameter = Annotated[
    int,
    Field(
        ge=0,
        description="Lowest trading value since the open, won, inclusive.",
        examples=[1_000_000_000],
    ),
    BeforeValidator(whole),
]
ExcludeParameter = Annotated[
    list[FlagName],
    Field(
        description="Leave out stocks with any of these flags, as of this morning's "
        "master file. Empty: leave out none.",
        examples=[["SPAC", "ADMINISTRATIVE"]],
    ),
    BeforeValidator(listed),
]
StocksParameter = Annotated[
    list[str],
    Field(
        max_length=100,
        description="Codes or Korean names: only these, with their rank in the whole.",
        examples=[["005930", "한미반도체"]],
    ),
    BeforeValidator(listed),
]
SessionParameter = Annotated[
    date | None,
    Field(
        description="A past trading day (거래일) from the archive, YYYY-MM-DD; null is "
        "the running or the latest one.",
        examples=["2026-11-19"],
    ),
    BeforeValidator(_dated),
]
FormatParameter = Annotated[
    FormatName,
    Field(
        description="concise leaves columns out of the text, and null in the rows as "
        "their descriptions say."
    ),
]

USUAL_COUNT = 20


def usual_count(highest: int) -> int:
    """How many rows a question gets that names no count."""
    return min(USUAL_COUNT, highest)


def count_parameter(highest: int) -> Any:
    """The annotation of ``count``, up to the configured cap."""
    return Annotated[
        int,
        Field(
            ge=1,
            le=highest,
            description=f"Rows to return, 1 to {highest}.",
            examples=[usual_count(highest)],
        ),
        BeforeValidator(whole),
    ]
