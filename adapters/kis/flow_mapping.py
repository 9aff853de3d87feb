"""From the broker's rows of investors and programs to the domain's flows."""

from dataclasses import dataclass

from adapters.kis.mapping import MILLION, MOST
from adapters.kis.payloads.owners import OwnersRow
from adapters.kis.payloads.programs import ProgramRow
from domain.investors import Flow, Investor
from domain.listing import Market, Shares, Won

THOUSAND = 1_000
"""A market's volumes come in 천주."""

ROUNDING = 1
"""What rounding to the broker's own unit may put between a net and its two sides."""

MARKET_CODES = {Market.KOSPI: "KSP", Market.KOSDAQ: "KSQ"}
"""How the flows of a market name it."""

_OWNERS = {
    Investor.FOREIGN: "frgn",
    Investor.INSTITUTION: "orgn",
    Investor.INDIVIDUAL: "prsn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What one investor bought and sold, in the broker's units; None is not given.

    Attributes:
        net_amount, net_volume: As the broker reckons them; a check, no more.
        amount_unit: Won that one of an amount stands for.
        volume_unit: Shares that one of a volume stands for.
    """

    buy_amount: int | None
    sell_amount: int | None
    net_amount: int | None
    buy_volume: int | None
    sell_volume: int | None
    net_volume: int | None
    amount_unit: int = 1
    volume_unit: int = 1

    def flow(self) -> Flow | None:
        """In won and shares; None where a side is not given, or beyond belief."""
        bought, sold = self.buy_amount, self.sell_amount
        into, out = self.buy_volume, self.sell_volume
        if bought is None or sold is None or into is None or out is None:
            return None
        if self._is_beyond_belief:
            return None
        return Flow(
            buy_amount=Won(bought * self.amount_unit),
            sell_amount=Won(sold * self.amount_unit),
            buy_volume=Shares(into * self.volume_unit),
            sell_volume=Shares(out * self.volume_unit),
        )

    @property
    def is_doubtful(self) -> bool:
        """The broker's net is not its buying less its selling, or a side is absurd."""
        return (
            self._is_beyond_belief
            or _differs(self.buy_amount, self.sell_amount, self.net_amount)
            or _differs(self.buy_volume, self.sell_volume, self.net_volume)
        )

    @property
    def _is_beyond_belief(self) -> bool:
        amounts = (self.buy_amount or 0, self.sell_amount or 0)
        volumes = (self.buy_volume or 0, self.sell_volume or 0)
        return (
            max(amounts) * self.amount_unit > MOST
            or max(volumes) * self.volume_unit > MOST
        )


def sides_of_owners(row: OwnersRow, *, volume_unit: int = 1) -> dict[Investor, Sides]:
    """Foreign, institution and individual; amounts are in 백만원."""

    def figure(owner: str, name: str) -> int | None:
        found: int | None = getattr(row, f"{owner}_{name}")
        return found

    return {
        investor: Sides(
            buy_amount=figure(owner, "shnu_tr_pbmn"),
            sell_amount=figure(owner, "seln_tr_pbmn"),
            net_amount=figure(owner, "ntby_tr_pbmn"),
            buy_volume=figure(owner, "shnu_vol"),
            sell_volume=figure(owner, "seln_vol"),
            net_volume=figure(owner, "ntby_qty"),
            amount_unit=MILLION,
            volume_unit=volume_unit,
        )
        for investor, owner in _OWNERS.items()
    }


def sides_of_programs(row: ProgramRow) -> Sides:
    """Program trading; amounts are in won here."""
    return Sides(
        buy_amount=row.whol_smtn_shnu_tr_pbmn,
        sell_amount=row.whol_smtn_seln_tr_pbmn,
        net_amount=row.whol_smtn_ntby_tr_pbmn,
        buy_volume=row.whol_smtn_shnu_vol,
        sell_volume=row.whol_smtn_seln_vol,
        net_volume=row.whol_smtn_ntby_qty,
    )


def flows_of(sides: dict[Investor, Sides]) -> dict[Investor, Flow]:
    """The flows that are known; an investor without one is left out."""
    flows = {investor: found.flow() for investor, found in sides.items()}
    return {investor: flow for investor, flow in flows.items() if flow is not None}


def exceeds_whole(row: ProgramRow, *, whole_amount: int | None = None) -> bool:
    """Whether programs traded more of a stock than everybody did."""
    volumes = (row.whol_smtn_shnu_vol or 0, row.whol_smtn_seln_vol or 0)
    amounts = (row.whol_smtn_shnu_tr_pbmn or 0, row.whol_smtn_seln_tr_pbmn or 0)
    return (row.acml_vol is not None and max(volumes) > row.acml_vol) or (
        whole_amount is not None and max(amounts) > whole_amount
    )


def _differs(bought: int | None, sold: int | None, net: int | None) -> bool:
    if bought is None or sold is None or net is None:
        return False
    return abs(bought - sold - net) > ROUNDING
