"""What stands beside a quote, from the emulator's truth, in plain Python."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.acceptance.expected import Expected, percent, rounded
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.profiles import profiles_of

Row = dict[str, Any]

THOUSAND = 1_000


class ExpectedDetails:
    """The details of a ranking's rows.

    Args:
        expected: The ranking's own figures.
        truth: The emulator's market.
        day: For which the profiles are; None where nobody has read them, so that
            shares are the master's thousands.
        shares_on: Whose shares they are then.
    """

    def __init__(
        self, expected: Expected, truth: Truth, day: date | None, *, shares_on: date
    ) -> None:
        self._expected = expected
        self._profiles = profiles_of(truth, day or shares_on)
        self._are_read = day is not None

    def rows(self, *, by_turnover: bool = False, **question: Any) -> list[Row]:
        """The ranking with details and without movement."""
        found = self._expected.ranking(**question)
        if by_turnover:
            found.sort(key=lambda row: (-self._turnover(row), row["stock_code"]))
            found = [{**row, "rank": place} for place, row in enumerate(found, 1)]
        return [{**row, **self._details(row)} for row in found]

    def _shares(self, code: str) -> int:
        profile = self._profiles.of(code)
        assert profile is not None
        shares = profile.listed_shares
        return shares if self._are_read else shares // THOUSAND * THOUSAND

    def _turnover(self, row: Row) -> Fraction:
        return Fraction(row["volume"], self._shares(row["stock_code"]))

    def _details(self, row: Row) -> Row:
        profile = self._profiles.of(row["stock_code"])
        assert profile is not None
        shares, eps = self._shares(row["stock_code"]), profile.eps or 0
        price = row["current_price"]
        known = {
            "foreign_ratio": percent(profile.foreign_shares, shares),
            "per": rounded(Fraction(100 * price, eps)) if eps > 0 else None,
        }
        return {
            "market_cap": price * shares,
            "turnover_rate": percent(row["volume"], shares),
            **(known if self._are_read else dict.fromkeys(known)),
        }


def moved(rows: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """The rows with where they stood in an earlier ranking."""
    place_of = {row["stock_code"]: row["rank"] for row in before}
    found: list[Row] = []
    for row in rows:
        earlier = place_of.get(row["stock_code"])
        change = None if earlier is None else earlier - row["rank"]
        found.append({**row, "previous_rank": earlier, "rank_change": change})
    return found
