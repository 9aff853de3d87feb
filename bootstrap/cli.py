"""The command line: serve, ask one tool, fill the past, examine, see the cache."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from bootstrap.cache_words import add_cache_parser, is_sure
from bootstrap.printing import for_people
from bootstrap.settings import (
    LiveSettings,
    ReplaySettings,
    SettingsError,
    load_settings,
)

ANSWERED, REFUSED, USAGE = 0, 1, 2
"""Exit codes: answered, the tool said error, the command is wrong."""

MOST_SESSIONS = 2500
"""Ten years, of which the broker has the bars."""

_EPILOG = """\
환경변수(.env도 읽습니다):
  APP_ENV          replay(기본: 녹화본, 키 없음) | development | staging | production
  KIS_APP_KEY      한국투자증권 앱키      KIS_APP_SECRET  앱시크릿
  REPLAY_AT        녹화본의 시각, 예: 10:30
  DATA_DIR         토큰·마스터·시세를 두는 폴더
나머지는 .env.example에 있습니다.

예:
  mcp-volume-ranking                                  MCP 클라이언트가 쓰는 방식(stdio)
  mcp-volume-ranking serve --http --port 8000         http://127.0.0.1:8000/mcp
  mcp-volume-ranking call get_volume_ranking --market KOSPI --count 10
  mcp-volume-ranking call get_volume_ranking --stocks 가상화학0092 --json
  APP_ENV=production mcp-volume-ranking doctor --live
  APP_ENV=production mcp-volume-ranking backfill --sessions 260
  APP_ENV=production mcp-volume-ranking cache stats

종료 코드: 0 답함, 1 도구가 오류로 답하거나 출력하지 못함(doctor: 고칠 것이 있음),
2 사용법·설정 오류
"""


_BACKFILL_EPILOG = """\
종목마다 100거래일에 호출 1건입니다. 260거래일 전 종목(ETF·ETN 포함)은 초당 15건으로
15~20분 걸립니다. 언제 멈추거나 꺼져도 같은 명령을 다시 실행하면 이어서 채우고,
이미 있는 거래일은 다시 읽지 않습니다. 서버(serve)가 켜져 있어도 됩니다.

종료 코드: 0 채움(읽지 못한 종목은 이름을 알림), 1 증권사나 보관소가 답하지 않음,
2 사용법·설정 오류, 130·143 멈춤(Ctrl+C, SIGTERM)
"""


def build_parser() -> argparse.ArgumentParser:
    """What can be typed."""
    parser = argparse.ArgumentParser(
        prog="mcp-volume-ranking",
        description="한국 주식시장의 돈이 어디에 몰리는지 답하는 MCP 서버.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="버전을 보여 줍니다")
    commands = parser.add_subparsers(dest="command", metavar="명령")
    serve = commands.add_parser(
        "serve", help="MCP 서버를 띄웁니다 (기본: stdio)", allow_abbrev=False
    )
    serve.add_argument(
        "--http", action="store_true", help="stdio 대신 HTTP로 (/mcp, /health)"
    )
    serve.add_argument("--host", help="여는 주소 (기본 HTTP_HOST, 127.0.0.1)")
    serve.add_argument(
        "--port",
        type=_port,
        help="포트 (기본 HTTP_PORT, 8000; 0은 비어 있는 아무 포트)",
    )
    commands.add_parser("call", help="도구 하나에 물어 표로 보여 줍니다")
    doctor = commands.add_parser(
        "doctor",
        help="설정과 연결을 살펴 고칠 것을 말합니다",
        allow_abbrev=False,
    )
    doctor.add_argument(
        "--live",
        action="store_true",
        help="증권사를 실제로 불러 미확인 사항을 확인합니다",
    )
    backfill = commands.add_parser(
        "backfill",
        help="지난 거래일의 시세를 보관소에 채웁니다",
        description=(
            "지난 거래일의 일봉(KRX, NXT)을 읽어 보관소에 채웁니다. 증가율·이상 거래량·"
            "session 질문이 이것으로 답합니다."
        ),
        epilog=_BACKFILL_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    backfill.add_argument(
        "--sessions",
        type=_sessions,
        default=260,
        help="가장 최근부터 몇 거래일 (기본 260, 1~2500)",
    )
    backfill.add_argument(
        "--flows",
        action="store_true",
        help="투자자별·프로그램 매매도 (최근 30거래일 남짓)",
    )
    add_cache_parser(commands)
    return parser


def _sessions(text: str) -> int:
    try:
        sessions = int(text)
    except ValueError:
        sessions = 0
    if not 1 <= sessions <= MOST_SESSIONS:
        raise argparse.ArgumentTypeError(
            f"{text!r}: 1에서 {MOST_SESSIONS} 사이의 정수여야 합니다."
        )
    return sessions


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(
            f"{text!r}: 0에서 65535 사이의 정수여야 합니다."
        )
    return port


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    with for_people():
        if words[:1] == ["call"]:
            return _call(words[1:])
        parser = build_parser()
        options, rest = parser.parse_known_args(words)
        if rest:
            parser.error(f"모르는 인자: {' '.join(rest)}")
        if options.version:
            from bootstrap.product import VERSION  # noqa: PLC0415 - most need none

            print(f"mcp-volume-ranking {VERSION}")  # noqa: T201
            return ANSWERED
        if options.command == "doctor":
            return _ended(_doctor(live=options.live))
        if options.command == "backfill":
            return _ended(_backfill(options.sessions, flows=options.flows))
        if options.command == "cache":
            return _ended(_cache(options))
    return _ended(_serve(options))


def _ended(command: Coroutine[Any, Any, int]) -> int:
    gc.disable()  # a start makes much and drops little; `serve` turns it on again
    try:
        return asyncio.run(command)
    except KeyboardInterrupt:
        return 130
    finally:
        gc.enable()


def _call(words: list[str]) -> int:
    from bootstrap.call_words import read_words  # noqa: PLC0415

    try:
        asked = read_words(words)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return USAGE
    # What can be asked does not depend on the settings, which may still be missing.
    settings = _loaded({} if asked.help or asked.tool is None else None)
    if settings is None:
        return USAGE
    _configure_logging(settings, quietly=True)
    from bootstrap.call import call_tool  # noqa: PLC0415

    return _ended(call_tool(settings, asked))


async def _doctor(*, live: bool) -> int:
    settings = _loaded()
    if settings is None:
        return REFUSED
    _configure_logging(settings, quietly=True)
    from bootstrap.doctor.examination import examine  # noqa: PLC0415

    return await examine(settings, live=live)


async def _backfill(sessions: int, *, flows: bool) -> int:
    settings = _loaded()
    if settings is None:
        return USAGE
    _configure_logging(settings, quietly=True)
    from bootstrap.backfill import backfill  # noqa: PLC0415

    return await backfill(settings, sessions, flows=flows)


async def _cache(options: argparse.Namespace) -> int:
    settings = _loaded()
    if settings is None:
        return USAGE
    _configure_logging(settings, quietly=True)
    from bootstrap.cache_command import cache_clear, cache_stats  # noqa: PLC0415

    if options.asked == "stats":
        return await cache_stats(settings, json_only=options.json)
    return await cache_clear(settings, options.prefix, partial(is_sure, options))


async def _serve(options: argparse.Namespace) -> int:
    settings = _loaded()
    if settings is None:
        return USAGE
    _configure_logging(settings, quietly=False)
    from bootstrap.serve import serve  # noqa: PLC0415

    return await serve(settings, options)


def _loaded(
    environ: Mapping[str, str] | None = None,
) -> LiveSettings | ReplaySettings | None:
    """The settings; None where they are wrong, which is said."""
    try:
        return load_settings(environ)
    except SettingsError as error:
        _complain(error)
        return None


def _complain(error: SettingsError) -> None:
    print("설정이 잘못되어 시작하지 않았습니다:", file=sys.stderr)  # noqa: T201
    for problem in error.problems:
        print(f"  {problem}", file=sys.stderr)  # noqa: T201
    print(  # noqa: T201
        "키 없이 녹화본으로 써 보려면 APP_ENV=replay로 실행하세요.", file=sys.stderr
    )


def _configure_logging(
    settings: LiveSettings | ReplaySettings, *, quietly: bool
) -> None:
    """Before anything else can print; people's commands show warnings alone."""
    from bootstrap.logging import configure_logging  # noqa: PLC0415

    level = settings.log_level
    if quietly and level == "INFO":
        level = "WARNING"
    configure_logging(level, settings.log_format, settings.secrets)


if __name__ == "__main__":
    sys.exit(main())
