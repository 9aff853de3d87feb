"""What the broker's lists say of those they leave out; lists are scripted."""

from datetime import date
from pathlib import Path

import orjson
import pytest
from typing_extensions import override

from adapters.kis.client import KisClient
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.transport import KisRequest, KisResponse, Priority
from domain.errors import MarketDataMalformedError, MarketDataUnavailableError
from domain.leaders import Leaders
from domain.listing import Listing, Listings, Venue
from domain.provenance import Source
from domain.ranking import Measure
from domain.screening import Universe
from tests.adapters.kis.fakes import ScriptedTransport, good, quote_row
from tests.adapters.kis.joined import (
    VOLUME_RANK,
)
from tests.builders import BEFORE, SESSION, listing
from tests.fakes import FakeClock


def ranked(code: str, value: str = "5", volume: str = "7") -> dict[str, str]:
    return {
        "mksc_shrn_iscd": code,
        "data_rank": "1",
        "stck_prpr": "1000",
        "prdy_vrss": "0",
        "acml_vol": volume,
        "acml_tr_pbmn": value,
    }


def broker(rows: list[dict[str, str]], asked: list[KisRequest]) -> ScriptedTransport:
    """A list as given; every quote as asked for; nines for an index."""

    def answer(request: KisRequest) -> KisResponse:
        asked.append(request)
        match request.tr_id:
            case "FHPST01710000":
                return good(output=rows)
            case "FHKST11300006":
                codes = [v for k, v in request.params.items() if "ISCD" in k]
                return good(output=[quote_row(code) for code in codes])
            case _:
                figures = ("bstp_nmix_prpr", "acml_vol", "acml_tr_pbmn")
                return good(output=dict.fromkeys(figures, "9"))

    return ScriptedTransport([answer])


class FortyStocks(MasterStore):
    """A morning's listings without their files."""

    dated: date | None = None

    @override
    async def listings(self) -> Listings:
        stocks = (listing(f"{n:06d}") for n in range(40))
        return Listings.of(stocks, dated=self.dated)


def nobody(listings: Listings) -> list[Listing]:
    return []


async def led(
    tmp_path: Path,
    rows: list[dict[str, str]],
    by: Measure = Measure.TRADING_VALUE,
    asked: list[KisRequest] | None = None,
    dated: date | None = SESSION,
) -> Leaders:
    wire = broker(rows, [] if asked is None else asked)
    clock = FakeClock()
    masters = FortyStocks(wire, tmp_path, clock)
    masters.dated = dated
    quotes = KisQuotes(KisClient(wire), masters, clock, Source(name="kis"))
    return await quotes.leaders(Universe(venue=Venue.KRX), by, nobody)


def unlisted_first() -> list[dict[str, str]]:
    known = ranked("000001") | {"data_rank": "2"}
    return [ranked("Q99999", value="70"), known]


def full_list(**last: str) -> list[dict[str, str]]:
    """Thirty rows, the last as told."""
    rows = [
        ranked(f"{n:06d}", value="900", volume="800") | {"data_rank": str(n + 1)}
        for n in range(30)
    ]
    rows[-1] |= last
    return rows


async def test_the_last_of_thirty_bounds_the_unseen(tmp_path: Path) -> None:
    rows = full_list(acml_tr_pbmn="500", acml_vol="100")
    assert (await led(tmp_path, rows)).unseen_at_most == 500
    assert (await led(tmp_path, rows, Measure.VOLUME)).unseen_at_most == 100


async def test_a_shorter_list_may_have_lost_its_end(tmp_path: Path) -> None:
    leaders = await led(tmp_path, full_list(acml_tr_pbmn="500")[:29])
    assert leaders.unseen_at_most == 900


async def test_a_list_that_lost_a_row_certifies_nobody(tmp_path: Path) -> None:
    rows = full_list()
    del rows[4]
    with pytest.raises(MarketDataUnavailableError, match="빠진 줄"):
        await led(tmp_path, rows)


async def test_an_unreadable_row_of_a_known_code_is_quoted_anew(tmp_path: Path) -> None:
    """The last row is unreadable, so the one before it bounds the unseen."""
    leaders = await led(tmp_path, full_list(acml_tr_pbmn="5a0"))
    assert leaders.unseen_at_most == 900
    assert "000029" in leaders.frame.listings.row_of


async def test_a_row_without_a_code_makes_the_list_useless(tmp_path: Path) -> None:
    with pytest.raises(MarketDataMalformedError, match="종목코드"):
        await led(tmp_path, full_list(mksc_shrn_iscd=""))


async def test_a_list_without_one_readable_row_is_useless(tmp_path: Path) -> None:
    rows = [row | {"acml_tr_pbmn": "x"} for row in full_list()]
    with pytest.raises(MarketDataMalformedError, match="읽을 수 있는"):
        await led(tmp_path, rows)


async def test_a_code_that_todays_master_does_not_know_is_out_of_scope(
    tmp_path: Path,
) -> None:
    leaders = await led(tmp_path, unlisted_first(), dated=SESSION)
    assert [item.ticker for item in leaders.frame.listings] == ["000001"]
    assert leaders.unseen_at_most == 5


@pytest.mark.parametrize("dated", [None, BEFORE])
async def test_a_code_that_an_older_master_does_not_know_may_be_a_new_listing(
    tmp_path: Path, dated: date | None
) -> None:
    leaders = await led(tmp_path, unlisted_first(), dated=dated)
    assert leaders.unseen_at_most == 70


async def test_leaders_go_before_what_runs_behind(tmp_path: Path) -> None:
    asked: list[KisRequest] = []
    await led(tmp_path, full_list(), asked=asked)
    assert {request.priority for request in asked} == {Priority.INTERACTIVE}


async def test_funds_are_left_out_of_the_brokers_list(tmp_path: Path) -> None:
    """The seventh and eighth digit leave out ETF and ETN."""
    asked: list[KisRequest] = []
    await led(tmp_path, full_list(), asked=asked)
    masks = {
        x.params["FID_TRGT_EXLS_CLS_CODE"] for x in asked if x.tr_id == VOLUME_RANK
    }
    assert masks == {"0000001100"}


async def test_the_recorded_list_bounds_the_unseen(
    tmp_path: Path, shared: Path
) -> None:
    file = shared / "kis-samples" / "FHPST01710000-1.json"
    if not file.is_file():
        pytest.skip("no recorded KIS samples beside this checkout")
    rows = orjson.loads(file.read_bytes())["output"]
    least = {
        Measure.TRADING_VALUE: min(int(row["acml_tr_pbmn"]) for row in rows),
        Measure.VOLUME: min(int(row["acml_vol"]) for row in rows),
    }
    assert len(rows) == 30
    for by, value in least.items():
        assert (await led(tmp_path, rows, by)).unseen_at_most == value
