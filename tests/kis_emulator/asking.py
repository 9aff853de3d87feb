"""A plain blocking caller for the emulator's own tests; no retries, no manners."""

import http.client
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from tests.kis_emulator.endpoints.daily_bars import DAILY_BARS
from tests.kis_emulator.endpoints.index_price import INDEX_PRICE
from tests.kis_emulator.endpoints.multi_quote import MULTI_QUOTE
from tests.kis_emulator.endpoints.request import Endpoint
from tests.kis_emulator.endpoints.volume_rank import VOLUME_RANK
from tests.kis_emulator.tokens import APP_KEY, APP_SECRET


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: status, header names as they came, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        parsed = orjson.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of ``output``."""
        rows = self.json["output"]
        assert isinstance(rows, list)
        return rows


@dataclass(slots=True)
class Asker:
    """Asks one emulator, with headers that a test may spoil."""

    base_url: str
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 5.0

    @classmethod
    def with_token(cls, base_url: str) -> "Asker":
        """Headers as they should be."""
        asker = cls(base_url)
        token = asker.token().json["access_token"]
        asker.headers = {
            "content-type": "application/json; charset=utf-8",
            "authorization": f"Bearer {token}",
            "appkey": APP_KEY,
            "appsecret": APP_SECRET,
            "custtype": "P",
        }
        return asker

    def send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Heard:
        """One exchange on a connection of its own."""
        place = urlsplit(self.base_url).netloc
        connection = http.client.HTTPConnection(place, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            got = dict(answer.getheaders())
            return Heard(answer.status, got, answer.read())
        finally:
            connection.close()

    def token(self, **changes: str) -> Heard:
        """Asks for a token."""
        body = {
            "grant_type": "client_credentials",
            "appkey": APP_KEY,
            "appsecret": APP_SECRET,
        } | changes
        json = {"content-type": "application/json"}
        return self.send("POST", "/oauth2/tokenP", orjson.dumps(body), json)

    def get(self, endpoint: Endpoint, **params: str) -> Heard:
        """One quotation with the endpoint's TR id."""
        headers = {"tr_id": endpoint.tr_id} | self.headers
        return self.send("GET", f"{endpoint.path}?{urlencode(params)}", None, headers)

    def rank(self, division: str = "J", **changes: str) -> Heard:
        """거래량순위 by trading value, everything in."""
        params = {
            "FID_COND_MRKT_DIV_CODE": division,
            "FID_COND_SCR_DIV_CODE": "20171",
            "FID_INPUT_ISCD": "0000",
            "FID_DIV_CLS_CODE": "0",
            "FID_BLNG_CLS_CODE": "3",
            "FID_TRGT_CLS_CODE": "111111111",
            "FID_TRGT_EXLS_CLS_CODE": "0000000000",
            "FID_INPUT_PRICE_1": "",
            "FID_INPUT_PRICE_2": "",
            "FID_VOL_CNT": "",
        }
        return self.get(VOLUME_RANK, **(params | changes))

    def quotes(self, *slots: tuple[str, str]) -> Heard:
        """관심종목 시세 of (division, code) slots."""
        params: dict[str, str] = {}
        for number, (division, code) in enumerate(slots, 1):
            params[f"FID_COND_MRKT_DIV_CODE_{number}"] = division
            params[f"FID_INPUT_ISCD_{number}"] = code
        return self.get(MULTI_QUOTE, **params)

    def index(self, code: str, division: str = "U") -> Heard:
        """업종 현재지수."""
        return self.get(
            INDEX_PRICE, FID_COND_MRKT_DIV_CODE=division, FID_INPUT_ISCD=code
        )

    def bars(self, code: str, start: str, end: str, **changes: str) -> Heard:
        """기간별시세, raw, of KRX."""
        params = {
            "FID_COND_MRKT_DIV_CODE": "J",
            "FID_INPUT_ISCD": code,
            "FID_INPUT_DATE_1": start,
            "FID_INPUT_DATE_2": end,
            "FID_PERIOD_DIV_CODE": "D",
            "FID_ORG_ADJ_PRC": "1",
        }
        return self.get(DAILY_BARS, **(params | changes))
