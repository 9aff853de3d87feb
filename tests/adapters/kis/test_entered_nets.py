"""Both investors' newest nets of one stock in one call."""

from datetime import datetime, time

from adapters.kis.entered_nets import KisEnteredNets
from adapters.kis.flow_client import KisFlowClient
from application.ports.past_data import EnteredNet
from domain.investors import Investor, SlotNet
from domain.listing import Shares, Ticker
from tests.adapters.kis.fakes import KST, HandClock, ScriptedTransport, good
from tests.adapters.kis.flow_rows import estimate

TICKER = Ticker("000010")


def entered(clock: str, shares: int) -> EnteredNet:
    net = SlotNet(ticker=TICKER, net_volume=Shares(shares))
    return EnteredNet(slot=time.fromisoformat(clock), net=net)


async def asked(at: datetime, *rows: dict[str, str]) -> dict[Investor, EnteredNet]:
    transport = ScriptedTransport([good(output2=list(rows))])
    source = KisEnteredNets(KisFlowClient(transport), HandClock(at))
    found = await source.entered_nets(TICKER)
    assert len(transport.requests) == 1
    return dict(found)


NOON = datetime(2026, 11, 20, 12, tzinfo=KST)


async def test_the_newest_slot_of_each_is_told() -> None:
    found = await asked(
        NOON, estimate(2, 1_000, -4_000), estimate(1, 1_000, 0)
    )  # foreigners have no figure of their own in the second

    assert found == {
        Investor.FOREIGN: entered("09:30", 1_000),
        Investor.INSTITUTION: entered("10:00", -4_000),
    }


async def test_nothing_entered_is_nothing_told() -> None:
    assert await asked(NOON) == {}


async def test_yesterdays_slots_in_the_morning_are_left_out() -> None:
    morning = NOON.replace(hour=9, minute=5)
    assert await asked(morning, estimate(5, 5_000, 5_000)) == {}
