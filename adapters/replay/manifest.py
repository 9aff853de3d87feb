"""What a recording says of itself."""

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson

from adapters.replay.damage import damaged
from domain.session import in_seoul


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A recording's first chunk.

    Attributes:
        name: What answers call it: ``recording:NAME``.
        made_at: When the recording was begun, by the recorded clock.
        environment: The ``APP_ENV`` that it was made in.
        simulated: Whether its figures are no real market's.
        product_version: Of the product that made it.
        endpoints: TR ids of what was to be recorded.
    """

    name: str
    made_at: datetime
    environment: str
    simulated: bool
    product_version: str
    endpoints: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """One JSON object."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)

    @classmethod
    def of_json(cls, text: bytes) -> "Manifest":
        """Reads what `to_json` wrote; what a newer version added is left out.

        Raises:
            MarketDataMalformedError: It is something else.
        """
        try:
            said = orjson.loads(text)
            return cls(
                name=_text(said["name"]),
                made_at=in_seoul(datetime.fromisoformat(said["made_at"])),
                environment=_text(said["environment"]),
                simulated=_yes_or_no(said["simulated"]),
                product_version=_text(said["product_version"]),
                endpoints=tuple(_text(one) for one in said["endpoints"]),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise damaged("머리 정보") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value
