"""What stands beside an industry's sums: its name, its index and who bought it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.current_market import Sighting
from application.live_sectors import LiveSectors, SectorKey
from application.market_view import LEAST_PATIENCE, MarketView
from application.ports.archive import KeptFlows
from application.ports.past_data import IndexQuote
from application.session_flows import SessionFlows, flows_of
from domain.errors import MarketDataUnavailableError
from domain.flow_table import FlowTable, table_of
from domain.frame import MarketFrame
from domain.investors import Flow, Investor
from domain.listing import Venue, Won
from domain.sectors import UNCLASSIFIED, Sector

OWNERS = (Investor.FOREIGN, Investor.INSTITUTION)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class SectorFigures:
    """The figures beside some sectors, and why some are null.

    Attributes:
        tables: Kept flows by owner, in the frame's rows; empty where none are kept.
        are_final: Whether those flows are.
        nets: Live flows of whole industries.
        is_screened: Whether stocks were left out: no live figure is of those alone.
        trouble: Why the archive could not be read; empty where it could.
    """

    frame: MarketFrame
    names: Mapping[str, str]
    quotes: Mapping[str, IndexQuote]
    tables: Mapping[Investor, FlowTable]
    are_final: bool
    nets: Mapping[SectorKey, Mapping[Investor, Flow]]
    is_screened: bool
    trouble: str = ""

    def name(self, sector: Sector) -> str | None:
        """As the exchange calls it; None where its list could not be read."""
        if sector.code == UNCLASSIFIED:
            return "미분류"
        quote = self.quotes.get(sector.code)
        return self.names.get(sector.code) or (quote.name if quote else None)

    def index_change_rate(self, sector: Sector) -> float | None:
        """Of the industry's own index, a fraction; None where it covers more.

        An index counts stocks too that NXT does not trade.
        """
        if self.frame.venue is Venue.NXT:
            return None
        quote = self.quotes.get(sector.code)
        return quote.change_rate if quote and sector.is_whole else None

    def net(self, sector: Sector, owner: Investor) -> Won | None:
        """Bought less sold; None where a stock that traded is not known."""
        table = self.tables.get(owner)
        if table is None:
            live = self.nets.get((sector.market, sector.code), {}).get(owner)
            return live.net_amount if live and sector.is_whole else None
        rows = list(sector.rows)
        traded = self.frame.trading_value[rows] > 0
        known = table.known[rows]
        if (traded & ~known).any():
            return None
        return Won(int(table.net_amount[rows][known].sum()))

    def notes(self, sectors: Sequence[Sector]) -> list[str]:
        """Why something of these is null, and what the nets are."""
        if self.frame.venue is Venue.NXT:
            notes = ["업종지수는 KRX의 것이라 NXT만 물으면 비워 둡니다(null)."]
            unread = []
        else:
            notes = [
                "하위 업종이 따로 있는 업종과 미분류에는 업종지수 등락률이 "
                "없습니다(null)."
            ]
            unread = [x for x in sectors if x.is_whole and x.code not in self.quotes]
        if unread:
            notes.append(
                f"{len(unread)}업종은 업종지수를 받지 못해 index_change_rate가 비어 "
                "있습니다(null)."
            )
        if any(self.name(sector) is None for sector in sectors):
            notes.append("업종 이름을 받지 못한 업종은 코드만 있습니다(null).")
        if self.trouble:
            notes.append(
                f"보관된 업종지수나 매매 집계를 읽지 못했습니다: {self.trouble}"
            )
        return [*notes, self._net_note()]

    def _net_note(self) -> str:
        if self.tables:
            kind = "확정" if self.are_final else "15:40 이후 잠정"
            return (
                f"외국인·기관 순매수는 종목별 {kind} 집계의 합이고(백만원 단위), "
                "거래된 종목의 집계가 빠진 업종은 비워 두었습니다(null)."
            )
        if self.nets:
            return (
                "외국인·기관 순매수는 KRX 업종 당일 집계(백만원 단위, NXT 제외)입니다."
            )
        if self.is_screened:
            return (
                "장중 외국인·기관 순매수는 업종 전체의 것뿐이라, 종목을 거른 물음에는 "
                "비워 두었습니다(null)."
            )
        return "외국인·기관 순매수를 알 수 없어 비워 두었습니다(null)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Finds the figures: kept ones of the session, else live ones of the running."""

    view: MarketView
    live: LiveSectors
    kept: KeptFlows

    async def of(
        self,
        sighting: Sighting,
        sectors: Sequence[Sector],
        started: float,
        *,
        is_screened: bool,
    ) -> SectorFigures:
        """The figures beside these sectors, as far as they come in time.

        Args:
            sighting: The frame they are summed from.
            sectors: Which are shown.
            started: When the question came, in the loop's time.
            is_screened: Whether stocks were left out of the sums.
        """
        frame = sighting.frame
        asks = not sighting.stale  # a broker that fails is not waited for
        names = await self.live.names(
            self.view.left(started) if asks else LEAST_PATIENCE
        )
        quotes, trouble = await self._quotes(sighting, started)
        flows = await flows_of(frame, self.kept, self.view.timeliness)
        nets: Mapping[SectorKey, Mapping[Investor, Flow]] = {}
        if not flows.parts and not is_screened and self._runs(sighting):
            nets = await self.live.nets(sectors, self.view.left(started))
        return SectorFigures(
            frame=frame,
            names=names,
            quotes=quotes,
            tables=_tables(frame, flows),
            are_final=flows.is_final,
            nets=nets,
            is_screened=is_screened,
            trouble=trouble or str(flows.trouble or ""),
        )

    async def _quotes(
        self, sighting: Sighting, started: float
    ) -> tuple[Mapping[str, IndexQuote], str]:
        """Index quotes by code, and why the archive gave none."""
        frame, trouble = sighting.frame, ""
        kept: Mapping[str, IndexQuote] = {}
        try:
            kept = await self.kept.indices(frame.session)
        except MarketDataUnavailableError as error:
            trouble = str(error)
        if (frame.is_final and kept) or not self._is_current(sighting):
            return kept, trouble
        return {**kept, **await self.live.quotes(self.view.left(started))}, trouble

    def _is_current(self, sighting: Sighting) -> bool:
        """Whether what the exchange shows now is of the frame's session.

        In the morning it may have been reset already.
        """
        timeliness = self.view.timeliness
        newest = sighting.frame.session == timeliness.due(Venue.KRX).day
        return newest and not sighting.stale and not timeliness.is_quiet(Venue.KRX)

    def _runs(self, sighting: Sighting) -> bool:
        """Whether live flows, which bear no date, are of the frame's session."""
        today = self.view.timeliness.clock.now().date()
        is_today = sighting.frame.session == today
        krx = sighting.frame.venue is not Venue.NXT
        return krx and is_today and self._is_current(sighting)


def _tables(frame: MarketFrame, flows: SessionFlows) -> Mapping[Investor, FlowTable]:
    if not flows.parts:
        return {}
    return {owner: table_of(frame.listings, flows.parts, owner) for owner in OWNERS}
