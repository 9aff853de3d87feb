"""Shows how far a fill is: a bar on a terminal, else a line now and then."""

import contextlib
import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator

from application.progress import Progress, Watcher
from bootstrap.backfill_text import BEGINNING, line_text, step_text

LINE_SECONDS = 10.0
"""How often a line is printed where there is no terminal."""

BAR = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}건, {remaining} 남음"


@contextlib.contextmanager
def shown() -> Iterator[Watcher]:
    """A bar on a terminal, else a line now and then."""
    if sys.stderr is not None and sys.stderr.isatty():
        with _bar() as watch:
            yield watch
    else:
        yield _lines()


@contextlib.contextmanager
def _bar() -> Iterator[Watcher]:
    from tqdm import tqdm  # noqa: PLC0415 - only where somebody looks

    tqdm.monitor_interval = 0  # no thread of its own
    size = shutil.get_terminal_size()  # 80 × 24 of a terminal that says none
    with tqdm(
        desc=BEGINNING,
        bar_format=BAR,
        file=sys.stderr,
        ncols=size.columns,
        nrows=size.lines,
        leave=False,
    ) as bar:

        def watch(step: Progress) -> None:
            bar.total = step.total
            bar.set_description_str(step_text(step), refresh=False)
            bar.update(step.done - bar.n)
            bar.refresh()

        with _above(bar.clear):
            yield watch


@contextlib.contextmanager
def _above(clear: Callable[[], object]) -> Iterator[None]:
    """Lets the log write on lines of its own: the bar comes again below them."""

    def make_room(_: logging.LogRecord) -> bool:
        clear()
        return True

    handlers = list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(make_room)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(make_room)


def _lines() -> Watcher:
    said = -LINE_SECONDS
    first: tuple[float, int] | None = None

    def watch(step: Progress) -> None:
        nonlocal said, first
        now = time.monotonic()
        first = first or (now, step.done)
        if now - said >= LINE_SECONDS:
            said = now
            done, seconds = step.done - first[1], now - first[0]
            left = seconds / done * (step.total - step.done) if done > 0 else None
            print(line_text(step, left), file=sys.stderr, flush=True)  # noqa: T201

    return watch
