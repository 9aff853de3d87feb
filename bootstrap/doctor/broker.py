"""What the doctor sees of the broker: key, hosts, token, clock, a quote, the budget."""

from datetime import datetime, timedelta

import aiohttp

from adapters.kis.token_file import TokenFile
from bootstrap.doctor.report import Finding, fine, look, wrong
from bootstrap.live import Live
from bootstrap.settings import LiveSettings
from domain.listing import Kind, Listings
from domain.session import KST

KEY_LENGTH, SECRET_LENGTH = 36, 180
HEAVIEST = "005930"
"""What is quoted where no master could be had."""

MOST_SKEW = timedelta(seconds=5)
HOST_SECONDS = 3.0
TOKEN_SECONDS = 6.0


def key_present(settings: LiveSettings) -> Finding:
    """That there is a key, and whether it is as long as keys are; never the key."""
    key, secret = (len(one) for one in settings.secrets)
    said = f"KIS_APP_KEY {key}자, KIS_APP_SECRET {secret}자가 있습니다"
    if (key, secret) == (KEY_LENGTH, SECRET_LENGTH):
        return fine(said)
    return look(
        f"{said}(보통 {KEY_LENGTH}자와 {SECRET_LENGTH}자)",
        "KIS Developers에서 값을 빠짐없이 복사했는지 확인해 주세요.",
    )


async def reachable(http: aiohttp.ClientSession, base: str, setting: str) -> Finding:
    """Whether anything answers there; which status does not matter."""
    timeout = aiohttp.ClientTimeout(total=HOST_SECONDS)
    try:
        async with http.get(base, timeout=timeout, allow_redirects=False) as response:
            return fine(f"{base} 응답함(HTTP {response.status})")
    except aiohttp.ClientConnectorDNSError:
        why = "이름을 찾을 수 없습니다"
    except (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch):
        why = "TLS 인증서나 암호화 연결이 맞지 않습니다"
    except TimeoutError:
        why = f"{HOST_SECONDS:.0f}초 안에 답이 없습니다"
    except (aiohttp.ClientError, OSError):
        why = "연결할 수 없습니다"
    return wrong(
        f"{base}: {why}", f"네트워크·방화벽·프록시와 {setting} 주소를 확인해 주세요."
    )


async def token(container: Live, settings: LiveSettings) -> Finding:
    """A token, from the shared file or newly issued."""
    mark = container.credentials().fingerprint(settings.kis_base_url)
    kept = TokenFile(settings.data_dir / f"kis-token-{mark}.json").read().token
    await container.tokens().current(patience=TOKEN_SECONDS)
    expires = container.tokens().expires_at
    shared = kept is not None and kept.expires_at == expires
    how = "파일의 것을 함께 씁니다" if shared else "새로 받았습니다"
    until = f"{expires.astimezone(KST):%m-%d %H:%M}까지" if expires else ""
    return fine(f"{how}, {until} 유효")


async def clock(container: Live, settings: LiveSettings) -> Finding:
    """Our clock against the broker's, which counts whole seconds."""
    began = container.clock().now()
    said = await container.client().market_time()
    middle = began + (container.clock().now() - began) / 2
    text = f"{said.today:%Y%m%d}{said.time}"
    theirs = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=KST)
    skew = middle - theirs - timedelta(seconds=0.5)
    found = f"증권사 시각 {theirs:%m-%d %H:%M:%S}, 차이 {skew.total_seconds():+,.1f}초"
    if abs(skew) <= MOST_SKEW:
        return fine(found)
    if settings.clock_at is not None:
        step = "CLOCK_AT을 지우거나 증권사의 시각과 맞춰 주세요."
    else:
        step = "컴퓨터의 시각을 인터넷 시각(NTP)과 맞춰 주세요."
    return wrong(found, step)


async def quote(container: Live, listings: Listings | None) -> Finding:
    """One quote of a stock that is traded a lot."""
    stocks = listings.of_kinds((Kind.STOCK,)) if listings else ()
    heavy = max(stocks, key=lambda item: item.previous_volume or 0, default=None)
    code = heavy.ticker if heavy else HEAVIEST
    rows = (await container.client().multi_quote([("J", code)])).good
    if not rows:
        return wrong(
            f"{code}의 시세를 읽을 수 없습니다",
            "잠시 뒤 다시 실행하고, 되풀이되면 개발자에게 알려 주세요.",
        )
    row = rows[0]
    said = (
        f"{row.inter_kor_isnm.strip() or code}({code}) {row.inter2_prpr:,}원,"
        f" 거래대금 {row.acml_tr_pbmn:,}원"
    )
    if row.inter2_prpr:
        return fine(said)
    return look(said, "종목 마스터와 증권사 점검 여부를 확인해 주세요.")


def budget(container: Live) -> Finding:
    """How fast the broker may be called, and whether it minded."""
    stats = container.limiter().stats
    said = f"초당 {stats.configured_rate:g}건으로 설정, 지금까지 {stats.granted}건 보냄"
    if not stats.refused:
        return fine(said)
    return look(
        f"{said}, 한도 초과 거절 {stats.refused}번",
        "같은 앱키를 쓰는 다른 프로그램이 없는지 보고 KIS_RATE_LIMIT을 낮춰 주세요.",
    )
