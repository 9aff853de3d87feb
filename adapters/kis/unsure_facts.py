"""Every fact that the reference marks as unsure, asked of the broker itself."""

import asyncio

from adapters.kis.facts.asking import Asking
from adapters.kis.facts.bar_facts import BAR_FACTS
from adapters.kis.facts.fact import Answer, Fact, Verdict
from adapters.kis.facts.gateway_facts import GATEWAY_FACTS
from adapters.kis.facts.master_facts import MASTER_FACTS
from adapters.kis.facts.past_facts import PAST_FACTS
from adapters.kis.facts.quote_facts import QUOTE_FACTS
from adapters.kis.facts.ranking_facts import RANKING_FACTS
from domain.errors import MarketDataError

FACTS: tuple[Fact, ...] = (
    *GATEWAY_FACTS,
    *QUOTE_FACTS,
    *BAR_FACTS,
    *RANKING_FACTS,
    *MASTER_FACTS,
    *PAST_FACTS,
)
FACT_SECONDS = 15.0


async def ask_fact(fact: Fact, asking: Asking) -> Answer:
    """The broker's answer; never raises for what the broker does."""
    try:
        async with asyncio.timeout(FACT_SECONDS):
            return await fact.ask(asking)
    except TimeoutError:
        said = f"{FACT_SECONDS:g}초 안에 답이 없음"
    except MarketDataError as error:
        said = str(error)
    except (ValueError, LookupError) as error:  # a shape nobody foresaw
        said = f"읽을 수 없는 답({type(error).__name__})"
    return Answer(Verdict.UNANSWERED, said)
