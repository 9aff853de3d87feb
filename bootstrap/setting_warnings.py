"""What the operator should know of settings that are allowed: Korean lines to log."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from bootstrap.setting_sources import SECRET_NAMES

_OURS = ("KIS_", "REPLAY_")
"""Nobody else's variables begin so: whatever is unknown is a mistake."""

_SHARED = ("HTTP_", "LOG_", "CACHE_", "SMTP_", "MAX_", "CLOCK_", "DATA_")
"""Other programs' variables begin so too: only a near miss is a mistake."""

_NEAR_MISS = 0.75
"""How alike what follows a shared prefix must be: PROT is PORT, PROXY is not."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_CLOCK = ("CLOCK_AT", "CLOCK_SPEED", "CLOCK_SINCE")

_ALERTS = ("SLACK_WEBHOOK_URL", "SLACK_WEBHOOK_URL_FILE", "SMTP_HOST")

_NOT_YET = frozenset(
    {
        "HTTP_ALLOWED_HOSTS",
        "HTTP_TOKENS_FILE",
        "REPLAY_SPEED",
    }
)
"""Settings to come; they are no mistakes, but they do nothing."""

_OTHER_WORDS = {"SMTP_USER": "SMTP_USERNAME"}
"""Not alike enough to be a near miss, and meant all the same."""


def replay_warnings(written: Mapping[str, str]) -> list[str]:
    """What is set and has no effect on a replay; keys above all."""
    warnings = []
    keys = [name for name in SECRET_NAMES if name in written]
    if keys:
        warnings.append(
            f"{', '.join(keys)}: 실행 환경이 replay(APP_ENV)라 쓰지 않습니다. 지금 답은"
            " 실제 시세가 아니라 녹화본입니다. 실제 시세를 보려면"
            " APP_ENV=production으로 실행하세요."
        )
    clock = [name for name in _CLOCK if name in written]
    if clock:
        warnings.append(
            f"{', '.join(clock)}: 실행 환경이 replay(APP_ENV)라 쓰지 않습니다. 녹화본의"
            " 시각은 REPLAY_AT으로 고르세요."
        )
    alerts = [name for name in _ALERTS if name in written]
    if alerts:
        warnings.append(
            f"{', '.join(alerts)}: 실행 환경이 replay(APP_ENV)라 쓰지 않습니다."
            " 녹화본은 알림을 보내지 않습니다."
        )
    return warnings


def live_warnings(written: Mapping[str, str]) -> list[str]:
    """What is set and has no effect on live data, or lets a key be read."""
    idle = [
        f"{name}: APP_ENV={written['APP_ENV']}에서는 쓰지 않습니다. 녹화본을 보려면"
        " APP_ENV=replay로 실행하세요."
        for name in ("REPLAY_RECORDING", "REPLAY_AT")
        if name in written
    ]
    if _is_in_the_clear(written.get("KIS_BASE_URL", "")):
        idle.append(
            "KIS_BASE_URL: http라 앱 키가 암호화되지 않은 채 나갑니다. https 주소로"
            " 바꾸세요."
        )
    if _tells_its_password(written):
        idle.append(
            "SMTP_SECURITY: none이라 SMTP_PASSWORD가 암호화되지 않은 채 나갑니다."
            " starttls나 ssl로 바꾸세요."
        )
    return idle


def _tells_its_password(written: Mapping[str, str]) -> bool:
    is_plain = written.get("SMTP_SECURITY", "").lower() == "none"
    has_login = "SMTP_USERNAME" in written
    return is_plain and has_login and written.get("SMTP_HOST") not in _LOOPBACK


def _is_in_the_clear(base: str) -> bool:
    """Whether what is sent there can be read on the way."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def unknown_names(
    written: Mapping[str, str], known: Collection[str]
) -> tuple[str, ...]:
    """A warning for each variable that is ours to come, or looks like one of ours."""
    strange = [name for name in written if name not in known]
    warnings = (_warning(name, known) for name in strange)
    return tuple(warning for warning in warnings if warning)


def _warning(name: str, known: Collection[str]) -> str | None:
    if name in _NOT_YET:
        return (
            f"{name}: 아직 쓰지 않습니다. 이 버전에서는 값을 주어도 달라지지 않습니다."
        )
    upper = name.upper()
    if upper in _OTHER_WORDS:
        near = [_OTHER_WORDS[upper]]
    elif upper.startswith(_OURS):
        near = get_close_matches(upper, sorted(known), n=1)
    else:
        near = _near_misses(upper, known)
        if not near:
            return None
    hint = f" {near[0]}의 오타인지 확인해 주세요." if near else " 이름을 확인해 주세요."
    return f"{name}: 모르는 설정이라 무시합니다.{hint}"


def _near_misses(name: str, known: Collection[str]) -> list[str]:
    """The setting that was meant, where a shared prefix is all that is certain."""
    prefix = next((each for each in _SHARED if name.startswith(each)), None)
    if prefix is None:
        return []
    ours = sorted(each for each in {*known, *_NOT_YET} if each.startswith(prefix))
    rests = [each.removeprefix(prefix) for each in ours]
    near = get_close_matches(name.removeprefix(prefix), rests, n=1, cutoff=_NEAR_MISS)
    return [f"{prefix}{rest}" for rest in near]
