"""Records our own client against the emulator: a sweep and its details an instant."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.calendar.krx import KrxCalendar
from adapters.kis.authorisation import Authorised
from adapters.kis.client import KisClient
from adapters.kis.credentials import Credentials
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.mapping import division_of, market_code_of, rank_measure_of
from adapters.kis.market_data import NO_ETP, KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.requests import (
    DAILY_BARS,
    HOLIDAYS,
    INDEX_PRICE,
    MARKET_TIME,
    MULTI_QUOTE,
    VOLUME_RANK,
)
from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import HttpTokenIssuer
from adapters.kis.transport import Transport
from adapters.replay.manifest import Manifest
from adapters.replay.recorder import RecordingTransport, RecordingWriter
from application.sweeping import PRODUCTS, STOCKS, Pool, Sweeper
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Market, Venue
from domain.provenance import Source
from domain.ranking import Measure
from tests.kis_emulator.server import APP_KEY, APP_SECRET, RunningEmulator
from tests.recordings.record_details import (
    DETAIL_ENDPOINTS,
    Beside,
    record_details,
)

POOLS: tuple[Pool, ...] = tuple(
    (venue, kinds) for kinds in (PRODUCTS, STOCKS) for venue in (Venue.KRX, Venue.NXT)
)
ENDPOINTS = tuple(
    endpoint.tr_id
    for endpoint in (
        *(DAILY_BARS, HOLIDAYS, INDEX_PRICE, MARKET_TIME, MULTI_QUOTE, VOLUME_RANK),
        *DETAIL_ENDPOINTS,
    )
)

Frames = Mapping[tuple[datetime, Pool], MarketFrame]


async def record_market(
    emulator: RunningEmulator,
    path: Path,
    manifest: Manifest,
    instants: Sequence[datetime],
    *,
    level: int = 9,
) -> Frames:
    """Records at each instant; gives back what the live client made of it."""
    writer = RecordingWriter(path, manifest, level=level)
    with tempfile.TemporaryDirectory() as name:
        async with open_session() as session:
            wire = authorised(emulator, session, Path(name))
            recorder = RecordingTransport(wire, writer, emulator.clock)
            emulator.clock.set(instants[0])
            client = KisClient(recorder)
            await client.holidays(instants[0].date())
            quotes = KisQuotes(
                client,
                MasterStore(recorder, Path(name), emulator.clock),
                emulator.clock,
                Source(name="kis"),
            )
            beside = Beside.over(recorder, Path(name) / "index-names", emulator.clock)
            frames: dict[tuple[datetime, Pool], MarketFrame] = {}
            for instant in instants:
                emulator.clock.set(instant)
                swept = await _swept(quotes, emulator)
                frames |= {(instant, pool): frame for pool, frame in swept.items()}
                await _ranked(client)
                await record_details(
                    beside, swept[Venue.KRX, STOCKS], swept[Venue.NXT, STOCKS]
                )
                await recorder.flush()
            await recorder.close()
    return frames


def authorised(
    emulator: RunningEmulator, session: ClientSession, folder: Path
) -> Transport:
    """The product's wire to the emulator, but for the limiter."""
    credentials = Credentials(
        app_key=SecretStr(APP_KEY), app_secret=SecretStr(APP_SECRET)
    )
    url = emulator.base_url
    issuer = HttpTokenIssuer(session, base_url=url, credentials=credentials)
    tokens = TokenStore(
        folder,
        credentials=credentials,
        base_url=url,
        issuer=issuer,
        clock=emulator.clock,
    )
    http = HttpTransport(session, base_url=url, master_url=url, timeout_seconds=60)
    return Authorised(http, credentials=credentials, tokens=tokens)


async def _swept(
    quotes: KisQuotes, emulator: RunningEmulator
) -> dict[Pool, MarketFrame]:
    """Each pool as the product sweeps it: witnesses, quotes, official totals."""
    timeliness = Timeliness(clock=emulator.clock, calendar=KrxCalendar())
    sweeper = Sweeper(quotes=quotes, timeliness=timeliness)
    return {pool: await sweeper.sweep(pool, None) for pool in POOLS}


async def _ranked(client: KisClient) -> None:
    """The broker's own lists, as a cold process asks for them, and its time."""
    await client.market_time()
    await asyncio.gather(
        *(
            client.volume_rank(
                division_of(venue),
                market_code=market_code_of(market),
                measure=rank_measure_of(measure),
                excluded=NO_ETP,
            )
            for venue in (Venue.KRX, Venue.NXT)
            for market in (None, *Market)
            for measure in (Measure.TRADING_VALUE, Measure.VOLUME)
        )
    )
