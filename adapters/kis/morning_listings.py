"""The four zipped masters of a morning as its listings."""

from collections.abc import Mapping

import structlog

from adapters.kis.masters import (
    LAYOUTS,
    codes_of,
    parse_master,
    to_listings,
    unzip_master,
)
from domain.errors import MarketDataUnavailableError
from domain.listing import Listings, Market, Venue
from domain.session import TradingSession, trades_on

_log = structlog.get_logger(__name__)


def listings_of(zips: Mapping[str, bytes]) -> Listings:
    """Parses the four files; dated by the oldest, for they are made one by one.

    Raises:
        MarketDataError: A file cannot be unzipped, or lists nothing.
    """
    day = unzip_master(zips["kospi_code"]).dated
    before_nxt = not trades_on(TradingSession(day), Venue.NXT)
    files = {
        name: unzip_master(zipped, may_be_empty=before_nxt and name.startswith("nxt_"))
        for name, zipped in zips.items()
    }
    records = {
        name: parse_master(
            file.data, LAYOUTS[Market.KOSDAQ if "kosdaq" in name else Market.KOSPI]
        )
        for name, file in files.items()
    }
    on_nxt = codes_of(records["nxt_kospi_code"]) | codes_of(records["nxt_kosdaq_code"])
    if not (on_nxt or before_nxt):  # KRX alone would pass for both venues
        raise MarketDataUnavailableError("NXT 종목 마스터 파일이 비어 있습니다.")
    bad: list[str] = []
    listings = to_listings(
        records["kospi_code"],
        records["kosdaq_code"],
        on_nxt,
        dated=min(file.dated for file in files.values() if file.data),
        on_bad=lambda code, why: bad.append(f"{code}: {why}"),
    )
    if bad:
        _log.warning("kis.bad_master_records", records=len(bad), first=bad[:5])
    if not listings:
        raise MarketDataUnavailableError("종목 마스터 파일이 비어 있습니다.")
    return listings
