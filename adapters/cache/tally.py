"""What the lookups of an outer tier came to."""

from dataclasses import dataclass
from typing import TypeVar

import structlog

from adapters.cache.packed import Parcel, unwrap
from application.ports.cache import Form

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Tally:
    """Counts of one tier.

    Attributes:
        hits, misses: Of lookups.
        errors: Operations that failed, and values that could not be read.
    """

    hits: int = 0
    misses: int = 0
    errors: int = 0

    def read(
        self, key: str, data: object, form: Form[T], *, counted: bool
    ) -> Parcel[T] | None:
        """What the bytes hold; None where they hold nothing of ours."""
        parcel = None
        if isinstance(data, bytes):
            try:
                parcel = unwrap(data, form)
            except ValueError as error:
                self.errors += 1
                _log.warning("cache.unreadable", key=key, error=str(error))
        if counted:
            self.hits += parcel is not None
            self.misses += parcel is None
        return parcel
