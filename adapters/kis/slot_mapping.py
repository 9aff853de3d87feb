"""From the broker's slot nets (가집계) to the domain's, and which slot they are of."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from adapters.kis.mapping import MILLION, MOST
from adapters.kis.payloads.slot_nets import SlotEstimateRow, SlotLeaderRow
from domain.investors import Investor, SlotNet
from domain.listing import Shares, Ticker, Won

SLOT_TIMES = {
    "1": time(9, 30),
    "2": time(10, 0),
    "3": time(11, 20),
    "4": time(13, 20),
    "5": time(14, 30),
}
"""When a slot is entered, within ten minutes either way."""

EARLY = timedelta(minutes=10)

_ENTERED_IN = {Investor.FOREIGN: "1345", Investor.INSTITUTION: "2345"}


def investor_code_of(investor: Investor) -> str:
    """How the list of nets names an investor.

    Raises:
        ValueError: Neither foreign nor institution; nobody enters any other.
    """
    match investor:
        case Investor.FOREIGN:
            return "1"
        case Investor.INSTITUTION:
            return "2"
        case Investor.INDIVIDUAL | Investor.PROGRAM:
            raise ValueError(f"no slots are entered of {investor.name}")


def is_ahead(moment: time, now: datetime) -> bool:
    """Whether a moment lies ahead of the clock, so that it was another day's."""
    return datetime.combine(now, moment, tzinfo=now.tzinfo) - now > EARLY


def newest_entered(
    rows: Iterable[SlotEstimateRow], investor: Investor, now: datetime
) -> SlotEstimateRow | None:
    """The row of the newest slot with an entry of this investor's; None: none today.

    Foreigners have no 10:00 and institutions no 09:30, the broker says; its recorded
    rows differ there all the same, and a net that changed was entered. Rows ahead of
    the clock are another day's, and all their list with them.
    """
    ordered = sorted(rows, key=lambda row: row.bsop_hour_gb)
    if not ordered or is_ahead(SLOT_TIMES[ordered[-1].bsop_hour_gb], now):
        return None
    newest: SlotEstimateRow | None = None
    before = 0
    for row in ordered:
        net = _estimate(row, investor)
        if net is None:
            continue
        if row.bsop_hour_gb in _ENTERED_IN[investor] or net != before:
            newest = row
        before = net
    return newest


def to_slot_net(
    ticker: Ticker, row: SlotEstimateRow, investor: Investor
) -> SlotNet | None:
    """One stock's net of a slot, shares alone; None where no stock can have it."""
    net = _estimate(row, investor)
    if net is None or abs(net) > MOST:
        return None
    return SlotNet(ticker=ticker, net_volume=Shares(net))


def to_slot_nets(
    rows: Sequence[SlotLeaderRow], investor: Investor, *, selling: bool
) -> tuple[SlotNet, ...]:
    """The list's nets on the side asked for, largest first, each stock once.

    A row on the other side (or of zero) only fills the list, and is left out, as is
    one without the investor's shares.
    """
    side = -1 if selling else 1
    found: dict[Ticker, SlotNet] = {}
    for row in rows:
        net = _leader(row, investor)
        if net is None:
            continue
        amount, volume = (net.net_amount or 0) * side, net.net_volume * side
        if min(amount, volume) >= 0 and max(amount, volume) > 0:
            found.setdefault(net.ticker, net)
    return tuple(sorted(found.values(), key=lambda net: -abs(net.net_amount or 0)))


def _estimate(row: SlotEstimateRow, investor: Investor) -> int | None:
    is_foreign = investor is Investor.FOREIGN
    return row.frgn_fake_ntby_qty if is_foreign else row.orgn_fake_ntby_qty


def _leader(row: SlotLeaderRow, investor: Investor) -> SlotNet | None:
    if investor is Investor.FOREIGN:
        volume, amount = row.frgn_ntby_qty, row.frgn_ntby_tr_pbmn
    else:
        volume, amount = row.orgn_ntby_qty, row.orgn_ntby_tr_pbmn
    if volume is None or abs(volume) > MOST or abs(amount or 0) * MILLION > MOST:
        return None
    return SlotNet(
        ticker=Ticker(row.mksc_shrn_iscd),
        net_volume=Shares(volume),
        net_amount=None if amount is None else Won(amount * MILLION),
    )
