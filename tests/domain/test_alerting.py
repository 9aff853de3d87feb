from hypothesis import given
from hypothesis import strategies as st

from domain.alerting import AlertBook, Alerted, told_of
from domain.unusual_volume import Level
from tests.alerts_scene import LIVE, alerted, book
from tests.builders import BEFORE, SESSION, at

LEVELS = list(Level)
SCANS = st.lists(
    st.dictionaries(
        st.sampled_from(["000001", "000002", "000003"]), st.sampled_from(LEVELS)
    ),
    max_size=12,
)


def scanned(book: AlertBook, scan: dict[str, Level]) -> tuple[AlertBook, list[Alerted]]:
    news = book.news(alerted(code, level) for code, level in scan.items())
    return book.noted(news, at("10:30"), LIVE), list(news)


@given(SCANS)
def test_a_stock_is_told_once_and_again_on_a_higher_level_alone(
    scans: list[dict[str, Level]],
) -> None:
    """By an independent rule: the running maximum of each stock's levels."""
    book, highest = AlertBook(session=SESSION), dict[str, int]()
    for scan in scans:
        book, news = scanned(book, scan)
        ranks = {code: LEVELS.index(level) for code, level in scan.items()}
        risen = {code for code, rank in ranks.items() if rank > highest.get(code, -1)}
        assert {str(each.ticker) for each in news} == risen
        highest |= {code: ranks[code] for code in risen}


@given(SCANS, SCANS)
def test_books_that_are_joined_tell_what_neither_has(
    ours: list[dict[str, Level]], theirs: list[dict[str, Level]]
) -> None:
    left = right = AlertBook(session=SESSION)
    for scan in ours:
        left, _ = scanned(left, scan)
    for scan in theirs:
        right, _ = scanned(right, scan)
    joined = left.joined(right)
    for scan in [*ours, *theirs]:
        assert joined.news(alerted(code, level) for code, level in scan.items()) == ()


def test_a_higher_level_names_the_one_before() -> None:
    held = book(alerted("005930", Level.STRONG))

    (risen,) = held.news([alerted("005930", Level.EXTREME)])

    assert (risen.before, risen.level) == (Level.STRONG, Level.EXTREME)
    assert held.news([alerted("005930", Level.STRONG)]) == ()


def test_another_session_begins_an_empty_book() -> None:
    held = book(alerted("005930"))

    assert held.of(SESSION) is held
    assert held.of(BEFORE) == AlertBook(session=BEFORE)


def test_news_keep_the_order_they_were_found_in() -> None:
    found = [alerted("000003"), alerted("000001"), alerted("000003", Level.EXTREME)]

    assert [x.ticker for x in AlertBook().news(found)] == ["000003", "000001"]


def test_more_than_five_are_told_as_a_digest() -> None:
    assert told_of("abcde") == ("abcde", 0)
    assert told_of("abcdefg") == ("abcde", 2)


def test_the_newest_and_then_the_most_unusual_come_first() -> None:
    held = book(
        alerted("000001", Level.EXTREME, when=at("10:00")),
        alerted("000002", Level.STRONG, when=at("11:00")),
        alerted("000003", Level.EXTREME, when=at("11:00")),
    )

    codes = [str(each.ticker) for each in held.newest_first]
    assert codes == ["000003", "000002", "000001"]


def test_the_mark_changes_with_what_is_told() -> None:
    empty = AlertBook(session=SESSION)
    first = empty.noted([alerted("000001")], at("10:30"), LIVE)
    risen = first.noted([alerted("000001", Level.EXTREME)], at("10:31"), LIVE)

    assert len({empty.mark, first.mark, risen.mark}) == 3
