"""What the broker really answers where its reference is unsure, printed."""

from adapters.kis.authorisation import Authorised
from adapters.kis.facts.asking import Asking, Continued
from adapters.kis.facts.fact import Answer, Fact, Verdict
from adapters.kis.facts.unasked_facts import UNASKED_FACTS
from adapters.kis.throttle import Throttled
from adapters.kis.unsure_facts import FACTS, ask_fact
from bootstrap.doctor.report import Report, fine, look
from bootstrap.live import Live


async def print_facts(container: Live, report: Report) -> None:
    """Asks every fact there is to ask; names the others, and why they are not."""
    asking = _asking(container)
    report.say("")
    report.say("미확인 사항: 증권사에 실제로 물은 답")
    verdicts: list[Verdict] = []
    for place, fact in enumerate(FACTS, start=1):
        report.progress(f"[{place}/{len(FACTS)}] {fact.sentence}")
        answer = await ask_fact(fact, asking)
        verdicts.append(answer.verdict)
        _print(report, place, fact, answer)
    report.say("")
    report.say("묻지 않은 사항")
    for unasked in UNASKED_FACTS:
        report.say(f"- {unasked.sentence}: 묻지 않음({unasked.reason})")
    report.say("")
    _conclude(report, verdicts)


def _asking(container: Live) -> Asking:
    throttled = Throttled(container.watched(), container.limiter())
    return Asking(
        container.transport(),
        continued=Authorised(
            Continued(throttled),
            credentials=container.credentials(),
            tokens=container.tokens(),
        ),
        clock=container.clock(),
        calendar=container.calendar(),
    )


def _print(report: Report, place: int, fact: Fact, answer: Answer) -> None:
    report.say(f"[{place}] {fact.sentence}")
    report.say(f"    가정: {fact.assumed}")
    report.say(f"    답: {answer.said}")
    report.say(f"    판정: {answer.verdict.value}")


def _conclude(report: Report, verdicts: list[Verdict]) -> None:
    counts = ", ".join(
        f"{verdict.value} {verdicts.count(verdict)}"
        for verdict in Verdict
        if verdict in verdicts
    )
    if {Verdict.DIFFERS, Verdict.UNANSWERED} & set(verdicts):
        step = "다르거나 듣지 못한 답을 이 출력째로 개발자에게 알려 주세요."
        report.add("미확인 사항", look(counts, step))
    else:
        report.add("미확인 사항", fine(counts))
