"""What can be typed after ``cache``."""

import argparse
import sys
from typing import Any

_EPILOG = """\
PREFIX로 시작하는 것만 비웁니다. 쓰지 않으면 모두 비웁니다(--yes가 없으면 묻습니다).
  answer:                      기억한 답
  answer:get_volume_ranking    도구 하나의 답
  frame:                       공유한 시세. 다음 질문이 전 종목을 새로 모읍니다

보관소의 지난 거래일, 토큰, 호출 한도의 기록은 지우지 않습니다. 같은 DATA_DIR의 서버는
다음 질문부터 1초 안에 비우고, REDIS_URL이 있으면 다른 컴퓨터의 서버도 그렇습니다.

종료 코드: 0 함, 1 쓸 수 없음(폴더, Redis)이나 그만둠, 2 사용법·설정 오류
"""

PREFIXES = ("answer:", "frame:")


def add_cache_parser(commands: Any) -> None:
    """The command and its two parts, among the others."""
    cache = commands.add_parser(
        "cache",
        help="기억한 답과 공유한 시세를 보거나 비웁니다",
        description="같은 DATA_DIR(와 Redis)을 쓰는 서버들의 캐시를 보거나 비웁니다.",
        allow_abbrev=False,
    )
    parts = cache.add_subparsers(dest="asked", metavar="일", required=True)
    stats = parts.add_parser(
        "stats",
        help="프로세스·계층마다 적중률, 항목, 크기",
        description="실행 중인 서버마다 캐시의 적중률, 항목, 크기를 보여 줍니다.",
        allow_abbrev=False,
    )
    stats.add_argument("--json", action="store_true", help="표 대신 JSON")
    clear = parts.add_parser(
        "clear",
        help="기억한 답이나 공유한 시세를 비웁니다",
        description="기억한 답이나 공유한 시세를 모든 서버에서 비웁니다.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    clear.add_argument(
        "prefix",
        nargs="?",
        default="",
        type=_prefix,
        metavar="PREFIX",
        help="아래 참고",
    )
    clear.add_argument("--yes", action="store_true", help="모두 비울 때 묻지 않습니다")


def is_sure(options: argparse.Namespace) -> bool:
    """Whether to go on: everything is let go only by who says so."""
    if options.prefix or options.yes:
        return True
    print("모두 비울까요? 비우려면 y: ", end="", file=sys.stderr, flush=True)  # noqa: T201
    if sys.stdin.readline().strip().lower() in {"y", "yes", "예"}:
        return True
    print(  # noqa: T201
        "비우지 않았습니다. 묻지 않고 비우려면 --yes를 붙여 주세요.", file=sys.stderr
    )
    return False


def _prefix(text: str) -> str:
    if text and not text.startswith(PREFIXES):
        raise argparse.ArgumentTypeError(
            f"{text!r}: {', '.join(PREFIXES)} 가운데 하나로 시작해야 합니다."
        )
    return text
