"""What the master files hold, and when they are made."""

from collections import Counter
from datetime import time

from adapters.kis.facts.asking import Asking
from adapters.kis.facts.fact import Answer, Fact, Verdict, agrees

BUILT_BEFORE = time(9)


async def _etn_group(asking: Asking) -> Answer:
    records = (await asking.masters())["kospi_code"].records
    groups = Counter(record["scrt_grp_cls_code"] for record in records.values())
    etn = [code for code, x in records.items() if x["scrt_grp_cls_code"] == "EN"]
    all_q = all(code.startswith("Q") for code in etn)
    said = f"그룹별 {dict(sorted(groups.items()))}, EN의 예 {etn[:2]}"
    return agrees(bool(etn) and all_q, said)


async def _final_newline(asking: Asking) -> Answer:
    masters = await asking.masters()
    ends = {name: master.data[-2:] for name, master in masters.items()}
    said = ", ".join(f"{name}: {end!r}" for name, end in ends.items())
    return agrees(not ends["kospi_code"].endswith(b"\n"), f"마지막 두 바이트 {said}")


async def _built_at(asking: Asking) -> Answer:
    stamps = {name: x.stamped for name, x in (await asking.masters()).items()}
    said = ", ".join(f"{name}: {at:%m-%d %H:%M}" for name, at in stamps.items())
    today = asking.clock.now().date()
    session = asking.calendar.session_on(today) or asking.calendar.previous(today)
    if any(at.date() < session.day for at in stamps.values()):
        return Answer(Verdict.UNDECIDED, f"{said} (오늘 것이 아직 아님)")
    return agrees(all(at.time() < BUILT_BEFORE for at in stamps.values()), said)


MASTER_FACTS = (
    Fact(
        "코스피 마스터의 증권그룹 EN은 ETN이다",
        "EN = ETN(코드가 Q로 시작)",
        _etn_group,
    ),
    Fact(
        "코스피 마스터의 마지막 줄에는 줄바꿈이 없다",
        "실제 견본에 없었음(제품은 있어도 읽음)",
        _final_newline,
    ),
    Fact(
        "마스터는 영업일 아침 개장 전에 만들어지고 zip 안의 시각이 그때다",
        "영업일 아침, 시각은 모름",
        _built_at,
    ),
)
