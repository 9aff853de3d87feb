"""What the doctor prints: one line per check, and how many things are wrong."""

import asyncio
import enum
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.telemetry.redaction import Redactor
from domain.errors import MarketDataRefusedError, VolumeRankingError


class Mark(enum.Enum):
    """How a check came out; the value is what is shown."""

    FINE = "✔"
    LOOK = "!"
    WRONG = "✘"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        found: A few Korean words.
        next_step: What to do about it; blank where there is nothing to do.
    """

    mark: Mark
    found: str
    next_step: str = ""


def fine(found: str) -> Finding:
    """All is well."""
    return Finding(Mark.FINE, found)


def look(found: str, next_step: str = "") -> Finding:
    """Not wrong, but worth a look."""
    return Finding(Mark.LOOK, found, next_step)


def wrong(found: str, next_step: str) -> Finding:
    """To be mended."""
    return Finding(Mark.WRONG, found, next_step)


def failed(error: VolumeRankingError) -> Finding:
    """What our own errors say: what was wrong, then what to do next."""
    said, _, advice = str(error).partition(". ")
    if isinstance(error, MarketDataRefusedError):
        tail = f" ({error.code})"
        said, advice = said + tail, advice.removesuffix(tail)
    return wrong(said.rstrip("."), advice or "잠시 뒤 다시 실행해 주세요.")


class Report:
    """Prints checks as they are made, and counts what they found.

    Args:
        secrets: What no line may show.
        seconds: Of all checks together.
    """

    def __init__(self, secrets: tuple[str, ...], *, seconds: float) -> None:
        self._redactor = Redactor(secrets)
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._count = dict.fromkeys(Mark, 0)

    async def check(
        self, name: str, examine: Callable[[], Awaitable[Finding]], *, seconds: float
    ) -> Finding:
        """Makes one check; whatever goes wrong in it is its finding.

        Args:
            name: What is checked.
            examine: Finds out.
            seconds: It may take at most, within what is left for all.
        """
        self.progress(name)
        left = self._deadline - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(seconds, left)):
                finding = await examine()
        except VolumeRankingError as error:
            finding = failed(error)
        except TimeoutError:
            waited = "남은 시간" if left < seconds else f"{seconds:.0f}초"
            finding = wrong(
                f"{waited} 안에 답이 없습니다",
                "네트워크와 증권사 점검 여부를 확인하고 다시 실행해 주세요.",
            )
        except Exception as error:  # whose text may hold anything
            finding = wrong(
                f"예상하지 못한 오류({type(error).__name__})",
                "LOG_LEVEL=DEBUG로 다시 실행해 기록과 함께 개발자에게 알려 주세요.",
            )
        self.add(name, finding)
        return finding

    def add(self, name: str, finding: Finding) -> None:
        """Prints and counts a finding."""
        self._count[finding.mark] += 1
        step = f" → {finding.next_step}" if finding.next_step else ""
        self.say(f"{finding.mark.value} {name}: {finding.found}{step}")

    def say(self, line: str) -> None:
        """Prints a line, without secrets, in whatever the output can show."""
        self._clear()
        line = " ".join(self._redactor.text(line).splitlines())
        coding = sys.stdout.encoding or "utf-8"
        print(line.encode(coding, "replace").decode(coding), flush=True)  # noqa: T201

    def progress(self, what: str) -> None:
        """Says what is under way, on a terminal alone."""
        if sys.stderr.isatty():
            self._clear()
            print(f"… {what} 확인 중", end="", file=sys.stderr, flush=True)  # noqa: T201

    def close(self) -> int:
        """The last line; the exit code."""
        bad, odd = self._count[Mark.WRONG], self._count[Mark.LOOK]
        noted = f" 살펴볼 것 {odd}개." if odd else ""
        self.say(
            f"고칠 것 {bad}개.{noted} ✘ 줄의 → 뒤를 위에서부터 따라 해 주세요."
            if bad
            else f"고칠 것이 없습니다.{noted}"
        )
        return 1 if bad else 0

    def _clear(self) -> None:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
