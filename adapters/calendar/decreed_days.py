"""What no rule foretells: decreed openings and closures, and the exam's dates.

Checked on 2026-11-22 with `holidays` 0.109: its closures agree with the days that KRX
traded from 2011-01-03 to 2026-08-14 without exception, and with lists of 2026 and
2027 made by hand, so both tables of days are empty. Look again each December, and
whenever a temporary holiday (임시공휴일) is decreed: add the day here until a release
of `holidays` has it.
"""

from datetime import date

EXTRA_OPEN: frozenset[date] = frozenset()
"""Days that trade although `holidays` calls them closed."""

EXTRA_CLOSED: frozenset[date] = frozenset()
"""Weekdays that do not trade although `holidays` calls them open."""

# The dates are the Ministry of Education's. KRX announces its late hours two weeks
# ahead: read in the press of 2016 to 2022 and 2025; else they are the pattern.
EXAM_DAYS: frozenset[date] = frozenset(
    {
        date(2011, 11, 10),
        date(2012, 11, 8),
        date(2013, 11, 7),
        date(2014, 11, 13),
        date(2015, 11, 12),
        date(2016, 11, 17),
        date(2017, 11, 16),  # an earthquake moved the exam; KRX kept the late hours
        date(2017, 11, 23),  # and was late again on the day it was held
        date(2018, 11, 15),
        date(2019, 11, 14),
        date(2020, 12, 3),
        date(2021, 11, 18),
        date(2022, 11, 17),
        date(2023, 11, 16),
        date(2024, 11, 14),
        date(2025, 11, 13),
        date(2026, 11, 19),
        date(2027, 11, 18),
    }
)
"""Days of the college entrance exam (수능): an hour later, at both ends."""
