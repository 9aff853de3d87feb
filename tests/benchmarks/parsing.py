"""What a sweep and a morning cost to read, against what is allowed.

Run as ``python -m tests.benchmarks.parsing``. A sweep of both venues is some 3,500
quote rows in 8 seconds; the masters are 4,300 records, on a cold start's path.
"""

import statistics
import time
from collections.abc import Callable

from adapters.kis.master_layouts import KOSPI
from adapters.kis.masters import parse_master, to_listings
from adapters.kis.payloads.multi_quote import parse_multi_quote
from tests.adapters.kis.fakes import quote_row
from tests.adapters.kis.master_lines import master_line

ROUNDS = 9
ROWS, ROWS_TARGET_MS = 3_500, 60.0
RECORDS, RECORDS_TARGET_MS = 4_300, 80.0


def median_ms(work: Callable[[], object]) -> float:
    """CPU milliseconds of this thread; the first round warms up."""
    took = []
    for _ in range(ROUNDS + 1):
        started = time.thread_time()
        work()
        took.append(1e3 * (time.thread_time() - started))
    return statistics.median(took[1:])


def main() -> None:
    rows = [quote_row(f"{number:06d}") for number in range(ROWS)]
    data = b"\n".join(master_line(f"{number:06d}") for number in range(RECORDS))

    def morning() -> object:
        return to_listings(parse_master(data, KOSPI), (), frozenset())

    for what, work, allowed in (
        (f"{ROWS} quote rows", lambda: parse_multi_quote(rows), ROWS_TARGET_MS),
        (f"{RECORDS} master records", morning, RECORDS_TARGET_MS),
    ):
        took = median_ms(work)
        print(f"{what} {took:.1f} ms, {took / allowed:.2f} of {allowed:.0f} ms allowed")


if __name__ == "__main__":
    main()
