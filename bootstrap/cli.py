"""The command line: serve over stdio or HTTP, ask one tool, examine the set-up."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Sequence

from bootstrap.settings import LiveSettings, ReplaySettings, SettingsError

ANSWERED, REFUSED, USAGE = 0, 1, 2
"""Exit codes: answered, the tool said error, the command is wrong."""

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
  mcp-volume-ranking call get_volume_ranking --stocks 005930 --json
  APP_ENV=production mcp-volume-ranking doctor --live

종료 코드: 0 답함, 1 도구가 오류로 답함(doctor: 고칠 것이 있음), 2 사용법·설정 오류
"""


def build_parser() -> argparse.ArgumentParser:
    """What can be typed."""
    parser = argparse.ArgumentParser(
        prog="mcp-volume-ranking",
        description="한국 주식시장의 돈이 어디에 몰리는지 답하는 MCP 서버.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="버전을 보여 줍니다")
    commands = parser.add_subparsers(dest="command", metavar="명령")
    serve = commands.add_parser("serve", help="MCP 서버를 띄웁니다 (기본: stdio)")
    serve.add_argument(
        "--http", action="store_true", help="stdio 대신 HTTP로 (/mcp, /health)"
    )
    serve.add_argument("--host", help="여는 주소 (기본 HTTP_HOST, 127.0.0.1)")
    serve.add_argument("--port", type=int, help="포트 (기본 HTTP_PORT, 8000)")
    call = commands.add_parser(
        "call",
        help="도구 하나에 물어 표로 보여 줍니다",
        add_help=False,
        usage="mcp-volume-ranking call 도구 [--이름 값 …] [--json]",
    )
    call.add_argument("tool", nargs="?")
    call.add_argument("--json", action="store_true", help="구조화된 답만 그대로")
    call.add_argument(
        "-h", "--help", action="store_true", help="도구의 인자를 보여 줍니다"
    )
    doctor = commands.add_parser("doctor", help="설정과 연결을 살펴 고칠 것을 말합니다")
    doctor.add_argument(
        "--live",
        action="store_true",
        help="증권사를 실제로 불러 미확인 사항을 확인합니다",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code."""
    parser = build_parser()
    options, rest = parser.parse_known_args(argv)
    if options.version:
        from bootstrap.core import VERSION  # noqa: PLC0415 - most commands need none

        print(f"mcp-volume-ranking {VERSION}")  # noqa: T201
        return ANSWERED
    if rest and options.command != "call":
        parser.error(f"모르는 인자: {' '.join(rest)}")
    gc.disable()  # a start makes much and drops little; `serve` turns it on again
    try:
        return asyncio.run(_run(options, rest))
    except KeyboardInterrupt:
        return 130
    finally:
        gc.enable()


async def _run(options: argparse.Namespace, rest: list[str]) -> int:
    from bootstrap.settings import load_settings  # noqa: PLC0415

    try:
        settings = load_settings()
    except SettingsError as error:
        _complain(error)
        return REFUSED if options.command == "doctor" else USAGE
    _configure_logging(settings, quietly=options.command in {"call", "doctor"})
    match options.command:
        case "call":
            from bootstrap.call import call_tool, read_arguments  # noqa: PLC0415

            try:
                arguments = read_arguments(rest)
            except ValueError as error:
                print(error, file=sys.stderr)  # noqa: T201
                return USAGE
            return await call_tool(settings, options, arguments)
        case "doctor":
            from bootstrap.doctor import examine  # noqa: PLC0415

            return await examine(settings, live=options.live)
        case _:
            from bootstrap.serve import serve  # noqa: PLC0415

            return await serve(settings, options)


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
