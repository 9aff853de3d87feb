"""What the operator should know of settings that are allowed: Korean lines to log."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from bootstrap.setting_sources import SECRET_NAMES

_PREFIXES = ("KIS_", "REPLAY_")
_NOT_YET = ("REPLAY_SPEED",)


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
    if "CLOCK_AT" in written:
        warnings.append(
            "CLOCK_AT: 실행 환경이 replay(APP_ENV)라 쓰지 않습니다. 녹화본의 시각은"
            " REPLAY_AT으로 고르세요."
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
    return idle


def _is_in_the_clear(base: str) -> bool:
    """Whether what is sent there can be read on the way."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return False
    loopback = ("127.0.0.1", "::1", "localhost")
    return parts.scheme == "http" and parts.hostname not in loopback


def unknown_names(
    written: Mapping[str, str], known: Collection[str]
) -> tuple[str, ...]:
    """A warning for each variable that looks like ours and is not."""
    ours = [name for name in written if name.upper().startswith(_PREFIXES)]
    return tuple(_unknown(name, known) for name in ours if name not in known)


def _unknown(name: str, known: Collection[str]) -> str:
    if name in _NOT_YET:
        return f"{name}: 아직 지원하지 않는 설정이라 무시합니다."
    near = get_close_matches(name.upper(), sorted(known), n=1)
    hint = f" {near[0]}의 오타인지 확인해 주세요." if near else " 이름을 확인해 주세요."
    return f"{name}: 모르는 설정이라 무시합니다.{hint}"
