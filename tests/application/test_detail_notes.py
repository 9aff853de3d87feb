"""Why details are null: not read yet, or never read for that day."""

from application.details import detail_columns, detail_notes
from domain.frame import MarketFrame
from domain.profile import profiles_of
from tests.builders import frame, listing

SAMSUNG = listing("005930", shares_thousands=10)


def notes(*, is_past: bool) -> str:
    seen: MarketFrame = frame({SAMSUNG: 1_000})
    profiles = profiles_of(seen.listings, {}, seen.session)
    return " ".join(detail_notes(detail_columns(seen, profiles), [0], is_past=is_past))


def test_what_is_not_read_yet_is_promised() -> None:
    assert "곧 채워집니다" in notes(is_past=False)


def test_what_was_not_read_that_day_is_not_promised() -> None:
    said = notes(is_past=True)

    assert "그날 읽어 둔" in said
    assert "곧 채워집니다" not in said


def test_shares_of_the_master_are_told_to_be_rounded() -> None:
    assert "천주" in notes(is_past=False)
