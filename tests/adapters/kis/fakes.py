"""Fakes of the wire's own ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import orjson
from pydantic import SecretStr
from typing_extensions import override

from adapters.kis.credentials import Credentials
from adapters.kis.token_issuer import IssuedToken, TokenIssuer
from adapters.kis.transport import KisRequest, KisResponse, Transport
from domain.errors import MarketDataUnavailableError

KST = timezone(timedelta(hours=9))
APP_KEY = "K" * 36
APP_SECRET = "S" * 180
CREDENTIALS = Credentials(app_key=SecretStr(APP_KEY), app_secret=SecretStr(APP_SECRET))


class HandClock:
    """A clock that goes when it is told to; ``sleep`` tells it."""

    def __init__(
        self, at: datetime = datetime(2026, 11, 20, 10, 30, tzinfo=KST)
    ) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.forward(seconds=seconds)


@dataclass
class FakeIssuer(TokenIssuer):
    """Issues token-1, token-2, ...; raises what ``failures`` holds first."""

    failures: list[Exception] = field(default_factory=list)
    lifetime: timedelta = timedelta(days=1)
    asks: int = 0

    @override
    async def issue(self) -> IssuedToken:
        self.asks += 1
        if self.failures:
            raise self.failures.pop(0)
        return IssuedToken(
            value=SecretStr(f"token-{self.asks}"), lifetime=self.lifetime
        )


Answer = KisResponse | Exception | Callable[[KisRequest], KisResponse]


@dataclass
class ScriptedTransport(Transport):
    """Answers one after the other; the last for ever. Files are by path."""

    answers: list[Answer] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)
    requests: list[KisRequest] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @override
    async def download(self, path: str) -> bytes:
        self.downloads.append(path)
        if path not in self.files:
            raise MarketDataUnavailableError("no such file")
        return self.files[path]


def answered(status: int, body: dict[str, object]) -> KisResponse:
    """A JSON answer."""
    return KisResponse(status=status, body=orjson.dumps(body))


def good(**payload: object) -> KisResponse:
    """A success, payload first as the broker writes it."""
    tail = {"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리 되었습니다."}
    return answered(200, {**payload, **tail})


def failed(code: str, *, status: int = 500, text: str = "오류") -> KisResponse:
    """An error body of the broker's."""
    return answered(status, {"rt_cd": "1", "msg_cd": code, "msg1": text})


def quote_row(code: str = "000010", **changes: str) -> dict[str, str]:
    """A multi-quote row of a made-up stock, every documented key present."""
    return {
        "kospi_kosdaq_cls_name": "거래소",
        "mrkt_trtm_cls_name": "거래소",
        "hour_cls_code": "0",
        "inter_shrn_iscd": code,
        "inter_kor_isnm": "가상전자",
        "inter2_prpr": "10100",
        "inter2_prdy_vrss": "-100",
        "prdy_vrss_sign": "5",
        "prdy_ctrt": "-0.98",
        "acml_vol": "300",
        "inter2_oprc": "10200",
        "inter2_hgpr": "10250",
        "inter2_lwpr": "10050",
        "inter2_llam": "7140",
        "inter2_mxpr": "13260",
        "inter2_askp": "10110",
        "inter2_bidp": "10100",
        "seln_rsqn": "10",
        "shnu_rsqn": "20",
        "total_askp_rsqn": "100",
        "total_bidp_rsqn": "200",
        "acml_tr_pbmn": "3045000",
        "inter2_prdy_clpr": "10200",
        "oprc_vrss_hgpr_rate": "0.49",
        "intr_antc_cntg_vrss": "0",
        "intr_antc_cntg_vrss_sign": "3",
        "intr_antc_cntg_prdy_ctrt": "0.00",
        "intr_antc_vol": "0",
        "inter2_sdpr": "10200",
        **changes,
    }
