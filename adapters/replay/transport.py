"""Answers from a recording, in the broker's stead."""

import orjson
from typing_extensions import override

from adapters.kis.transport import KisRequest, KisResponse, Transport
from adapters.replay.entries import Entry
from adapters.replay.pages import Pages
from adapters.replay.questions import (
    HOLIDAYS,
    MULTI_QUOTE,
    ROWS,
    Key,
    key_of,
    slots_of,
)
from adapters.replay.quote_book import QuoteBook
from adapters.replay.recording import Recording
from adapters.replay.scrubbing import scrubbed_params
from adapters.replay.spans import Span
from application.ports.clock import Clock
from domain.errors import MarketDataUnavailableError

_GOOD = {"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리 되었습니다."}


class ReplayTransport(Transport):
    """Answers of the newest sweep that had ended at the clock's instant, no network.

    Quotes are composed per code and division, whatever the recorded batches; any other
    question is answered as it was recorded, a good answer before a failed one. What
    that sweep lost stays lost, as it was live. Files and the holidays, which are asked
    for once a day, answer from any earlier time.

    Args:
        recording: What to answer from.
        clock: Tells the instant; it may stand or run.
    """

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._name = recording.manifest.name
        self._clock = clock
        self._pages = Pages(recording)
        self._quotes = QuoteBook(self._pages)

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        if request.tr_id == MULTI_QUOTE:
            return self._quoted(request)
        params = scrubbed_params(request.params)
        entry = self._answered(key_of(request.tr_id, params))
        if entry is None:
            raise self._missing(request.path, request.tr_id)
        return KisResponse(status=entry.status, body=entry.body)

    @override
    async def download(self, path: str) -> bytes:
        span = Span(None, self._clock.now())
        for chunk in self._pages.downloads(span):
            for entry in self._pages.entries(chunk, span):
                if entry.path == path:
                    return entry.body
        raise self._missing(path)

    def _quoted(self, request: KisRequest) -> KisResponse:
        sweep = self._pages.sweep_at(self._clock.now())
        rows = self._quotes.rows(slots_of(request.params), sweep)
        if not rows:
            raise self._missing(request.path, request.tr_id)
        return KisResponse(status=200, body=orjson.dumps({ROWS: rows, **_GOOD}))

    def _answered(self, key: Key) -> Entry | None:
        """The newest good answer to the question, else the newest failure."""
        tr_id, now = key[0], self._clock.now()
        span = Span(None, now) if tr_id == HOLIDAYS else self._pages.sweep_at(now)
        failed: Entry | None = None
        for chunk in self._pages.exchanges(tr_id.__eq__, span):
            for entry in self._pages.entries(chunk, span):
                if key_of(entry.tr_id, entry.params) != key:
                    continue
                if entry.is_good:
                    return entry
                failed = failed or entry
        return failed

    def _missing(self, path: str, tr_id: str = "") -> MarketDataUnavailableError:
        what = path.rsplit("/", 1)[-1] + (f"({tr_id})" if tr_id else "")
        return MarketDataUnavailableError(
            f"녹화본 {self._name!r}의 {self._clock.now():%Y-%m-%d %H:%M:%S} 시점에는"
            f" 이 조건의 {what} 기록이 없습니다. REPLAY_AT이나 조건을 바꾸거나 다른"
            " 녹화본을 쓰세요."
        )
