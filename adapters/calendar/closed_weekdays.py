"""Weekdays on which the exchanges are closed, as the `holidays` library has them.

The library takes a seventh of a second to load, which a cold start cannot spare. A test
holds this table to it, and other years are asked of it.
"""

from datetime import date

CLOSED_WEEKDAYS = {
    2024: [
        (1, 1),
        (2, 9),
        (2, 12),
        (3, 1),
        (4, 10),
        (5, 1),
        (5, 6),
        (5, 15),
        (6, 6),
        (8, 15),
        (9, 16),
        (9, 17),
        (9, 18),
        (10, 1),
        (10, 3),
        (10, 9),
        (12, 25),
        (12, 31),
    ],
    2025: [
        (1, 1),
        (1, 27),
        (1, 28),
        (1, 29),
        (1, 30),
        (3, 3),
        (5, 1),
        (5, 5),
        (5, 6),
        (6, 3),
        (6, 6),
        (8, 15),
        (10, 3),
        (10, 6),
        (10, 7),
        (10, 8),
        (10, 9),
        (12, 25),
        (12, 31),
    ],
    2026: [
        (1, 1),
        (2, 16),
        (2, 17),
        (2, 18),
        (3, 2),
        (5, 1),
        (5, 5),
        (5, 25),
        (6, 3),
        (7, 17),
        (8, 17),
        (9, 24),
        (9, 25),
        (10, 5),
        (10, 9),
        (12, 25),
        (12, 31),
    ],
    2027: [
        (1, 1),
        (2, 8),
        (2, 9),
        (3, 1),
        (5, 3),
        (5, 5),
        (5, 13),
        (7, 19),
        (8, 16),
        (9, 14),
        (9, 15),
        (9, 16),
        (10, 4),
        (10, 11),
        (12, 27),
        (12, 31),
    ],
    2028: [
        (1, 26),
        (1, 27),
        (1, 28),
        (3, 1),
        (4, 12),
        (5, 1),
        (5, 2),
        (5, 5),
        (6, 6),
        (7, 17),
        (8, 15),
        (10, 2),
        (10, 3),
        (10, 4),
        (10, 5),
        (10, 9),
        (12, 25),
        (12, 29),
    ],
}
"""Month and day of each closed weekday, by year."""


def closed_weekdays(year: int) -> frozenset[date] | None:
    """The closed weekdays of a year; None of a year that is not in the table."""
    if year not in CLOSED_WEEKDAYS:
        return None
    return frozenset(date(year, month, day) for month, day in CLOSED_WEEKDAYS[year])
