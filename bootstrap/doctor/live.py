"""The doctor's round through an environment over the broker."""

from collections.abc import Awaitable, Callable

import aiohttp

from adapters.kis.http import open_session
from bootstrap.doctor import broker, market, shared_redis
from bootstrap.doctor.facts import print_facts
from bootstrap.doctor.report import Finding, Mark, Report, look
from bootstrap.live import Live
from bootstrap.settings import LiveSettings
from domain.listing import Listings

SECONDS = 5.0
MASTER_SECONDS = 8.0


async def examine_broker(settings: LiveSettings, report: Report, *, live: bool) -> None:
    """Every check that concerns the broker; with ``live`` the unsure facts too."""
    report.add("앱키", broker.key_present(settings))
    async with open_session() as http:
        container = Live(settings=settings, http=http)
        container.check_dependencies()
        try:
            await _Round(settings, report, container, http).make(live=live)
        finally:
            await container.kis_quotes().close()
            await container.tokens().close()
            await container.archive().close()
            await container.limiter().close()
            await container.shared().close()


class _Round:
    """One round; what cannot be seen without an earlier check's success is left out."""

    def __init__(
        self,
        settings: LiveSettings,
        report: Report,
        container: Live,
        http: aiohttp.ClientSession,
    ) -> None:
        self._settings = settings
        self._report = report
        self._container = container
        self._http = http
        self._listings: Listings | None = None

    async def make(self, *, live: bool) -> None:
        authorised = await self._reach_the_broker()
        await self._reach_the_masters()
        answers = authorised and await self._quotes_come()
        await self._check("거래일", self._today)
        await self._check("보관한 시세", lambda: market.frames(self._container))
        await self._check("보관소", lambda: market.archive(self._container))
        if self._settings.redis_url is not None:
            address = self._settings.redis_url.get_secret_value()
            await self._check("Redis", lambda: shared_redis.answers(address))
        self._report.add("호출 한도", broker.budget(self._container))
        if live and answers:
            await print_facts(self._container, self._report)
        elif live:
            said = "증권사에 물을 수 없어 미확인 사항을 보지 못했습니다"
            self._report.add("--live", look(said, "위의 ✘부터 고쳐 주세요."))

    async def _reach_the_broker(self) -> bool:
        """Host, token and clock; whether there is a token."""
        host = await self._check("증권사 서버", self._host)
        if host.mark is Mark.WRONG:
            said = "서버에 닿지 않아 토큰, 시계, 시세는 보지 않았습니다"
            self._report.add("접근토큰", look(said))
            return False
        token = await self._check("접근토큰", self._token, broker.TOKEN_SECONDS + 1)
        if token.mark is Mark.WRONG:
            said = "접근토큰이 없어 시계와 시세는 보지 않았습니다"
            self._report.add("시계", look(said))
            return False
        await self._check("시계", self._clock)
        return True

    async def _reach_the_masters(self) -> None:
        host = await self._check("마스터 서버", self._master_host)
        if host.mark is not Mark.WRONG:
            await self._check("종목 마스터", self._masters, MASTER_SECONDS)

    async def _quotes_come(self) -> bool:
        return (await self._check("시세", self._quote)).mark is not Mark.WRONG

    async def _check(
        self,
        name: str,
        examine: Callable[[], Awaitable[Finding]],
        seconds: float = SECONDS,
    ) -> Finding:
        return await self._report.check(name, examine, seconds=seconds)

    async def _host(self) -> Finding:
        base = self._settings.kis_base_url
        return await broker.reachable(self._http, base, "KIS_BASE_URL")

    async def _master_host(self) -> Finding:
        base = self._settings.kis_master_url
        return await broker.reachable(self._http, base, "KIS_MASTER_URL")

    async def _token(self) -> Finding:
        return await broker.token(self._container, self._settings)

    async def _clock(self) -> Finding:
        return await broker.clock(self._container, self._settings)

    async def _masters(self) -> Finding:
        self._listings = await self._container.quotes().listings()
        return market.masters(self._listings, self._container)

    async def _quote(self) -> Finding:
        return await broker.quote(self._container, self._listings)

    async def _today(self) -> Finding:
        return market.today(self._container)
