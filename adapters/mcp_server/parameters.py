"""The tools' parameters: what may be asked, as the schema tells a client."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

MarketName = Literal["ALL", "KOSPI", "KOSDAQ"]
VenueName = Literal["ALL", "KRX", "NXT"]
KindName = Literal["STOCK", "ETF", "ETN"]
SortName = Literal["trading_value", "volume"]
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


def _whole(value: object) -> object:
    """True is no number, though Python thinks so."""
    if isinstance(value, bool):
        raise ValueError("정수여야 합니다")  # noqa: TRY004 - pydantic reads ValueErrors
    return value


def _listed(value: object) -> object:
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
    BeforeValidator(_listed),
]
SortParameter = Annotated[
    SortName,
    Field(description="trading_value (거래대금, won) or volume (거래량, shares)."),
]
OffsetParameter = Annotated[
    int,
    Field(ge=0, description="Rows to skip from the top; next_offset of the answer."),
    BeforeValidator(_whole),
]
MinPriceParameter = Annotated[
    int,
    Field(ge=0, description="Lowest price, won, inclusive.", examples=[1000]),
    BeforeValidator(_whole),
]
MaxPriceParameter = Annotated[
    int | None,
    Field(ge=0, description="Highest price, won, inclusive; null is no bound."),
    BeforeValidator(_whole),
]
MinTradingValueParameter = Annotated[
    int,
    Field(
        ge=0,
        description="Lowest trading value since the open, won, inclusive.",
        examples=[1_000_000_000],
    ),
    BeforeValidator(_whole),
]
ExcludeParameter = Annotated[
    list[FlagName],
    Field(
        description="Leave out stocks with any of these flags, as of this morning's "
        "master file. Empty: leave out none.",
        examples=[["SPAC", "ADMINISTRATIVE"]],
    ),
    BeforeValidator(_listed),
]
StocksParameter = Annotated[
    list[str],
    Field(
        max_length=100,
        description="Codes or Korean names: only these, with their rank in the whole.",
        examples=[["005930", "한미반도체"]],
    ),
    BeforeValidator(_listed),
]
DetailsParameter = Annotated[
    bool, Field(description="Whether to fill market_cap, foreign_ratio, per and so on.")
]
FormatParameter = Annotated[
    FormatName,
    Field(description="concise leaves the detail columns out of the text and null."),
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
        BeforeValidator(_whole),
    ]
