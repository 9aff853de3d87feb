"""A stock's bars: days ascend, and each column has a figure for each."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from domain.bars import MARKED_COLUMNS, StockBars
from domain.listing import Ticker, Venue
from tests.builders import BEFORE, SESSION


def bars(*sessions: date, **columns: int) -> StockBars:
    """Bars of zeros; a column by name has so many figures."""
    lengths = dict.fromkeys(MARKED_COLUMNS, len(sessions)) | columns
    zeros: dict[str, Any] = {
        name: np.zeros(length, dtype=np.int64) for name, length in lengths.items()
    }
    return StockBars(
        ticker=Ticker("005930"), venue=Venue.KRX, sessions=sessions, **zeros
    )


def test_a_stock_may_have_no_bars() -> None:
    assert bars().sessions == ()
    assert bars().listed_shares is None


def test_days_ascend() -> None:
    assert bars(BEFORE, SESSION).sessions == (BEFORE, SESSION)
    with pytest.raises(ValueError, match="not ascending"):
        bars(SESSION, BEFORE)
    with pytest.raises(ValueError, match="not ascending"):
        bars(SESSION, SESSION)


@pytest.mark.parametrize("column", MARKED_COLUMNS)
@pytest.mark.parametrize("length", [0, 1, 3])
def test_every_column_has_a_figure_for_each_day(column: str, length: int) -> None:
    with pytest.raises(ValueError, match=f"^{column}: shape"):
        bars(BEFORE, SESSION, **{column: length})
