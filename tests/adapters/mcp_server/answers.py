"""Hand-made answers of use cases, with defaults: a test names what matters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from typing import Any

from application.details import Details
from application.find_unusual_volume import UnusualStock, UnusualVolume
from application.live_flows import MarketTotals
from application.news_counts import NewsCount
from application.rank_by_growth import GrownStock, GrowthRanking
from application.rank_by_investor import InvestorRanking, RankedFlow
from application.rank_by_market_cap import CapTotals, LargeStock, MarketCapRanking
from application.rank_by_trading_value import RankedStock, TradingValueRanking
from application.rank_sectors import RankedSector, SectorRanking
from application.totals import Totals
from domain.frame import Quote
from domain.growth import TimeBasis
from domain.investors import Flow
from domain.listing import Listing, Market, Shares, Venue, Won
from domain.market_cap import Multiple
from domain.provenance import AsOf, Source
from domain.sectors import Leader, Sector
from domain.session import Phase
from domain.unusual_volume import Level, NotJudged
from domain.volume_patterns import Pattern
from tests.application.scene import ALTEOGEN, ECOPRO, HYNIX, SAMSUNG
from tests.builders import SESSION, at


def as_of(**changes: Any) -> AsOf:
    standing = AsOf(
        as_of_from=at("10:29:52"),
        as_of=at("10:30"),
        session=SESSION,
        phase=Phase.REGULAR,
        is_final=False,
        source=Source(name="kis"),
        venue=Venue.ALL,
        stale=False,
        age_seconds=0.0,
        coverage=None,
    )
    return replace(standing, **changes)


def quote(
    item: Listing = SAMSUNG,
    *,
    price: int = 1_010,
    base: int = 1_000,
    volume: int = 900,
    value: int = 900_000,
) -> Quote:
    """Up one percent, on KRX alone."""
    return Quote(
        listing=item,
        price=Won(price),
        base_price=Won(base),
        volume=Shares(volume),
        trading_value=Won(value),
        krx_trading_value=Won(value),
        nxt_trading_value=Won(0),
    )


def details(**changes: Any) -> Details:
    whole = Details(
        listed_shares=Shares(1_000),
        market_cap=Won(1_010_000),
        foreign_ratio=0.5,
        per=12.345,
        pbr=None,
        turnover_rate=0.9,
    )
    return replace(whole, **changes)


def ranked(**changes: Any) -> RankedStock:
    """Third, and fifth the session before."""
    whole = RankedStock(rank=3, quote=quote(), details=details(), previous_rank=5)
    return replace(whole, **changes)


def volumes(**changes: Any) -> TradingValueRanking:
    whole = TradingValueRanking(
        rows=(
            ranked(),
            ranked(rank=4, quote=quote(HYNIX), details=None, previous_rank=None),
            ranked(rank=5, quote=quote(ECOPRO), previous_rank=5),
            ranked(rank=6, quote=quote(ALTEOGEN), previous_rank=4),
        ),
        total=9,
        next_offset=6,
        totals=Totals(),
        as_of=as_of(),
        knows_previous=True,
    )
    return replace(whole, **changes)


def growth(rows: Iterable[GrownStock] | None = None, **changes: Any) -> GrowthRanking:
    """900,000 against 300,000 is +200 %; 700,000 against 1,050,000 is -33.33 %."""
    usual = (
        GrownStock(
            rank=1,
            quote=quote(),
            baseline=Won(300_000),
            growth_rate=2.0,
            news=NewsCount(news=12, disclosures=1, is_cut=False),
        ),
        GrownStock(
            rank=2,
            quote=quote(HYNIX, price=900, value=700_000),
            baseline=Won(1_050_000),
            growth_rate=-1 / 3,
            news=None,
        ),
    )
    whole = GrowthRanking(
        rows=usual if rows is None else tuple(rows),
        total=2,
        next_offset=None,
        basis=TimeBasis.SAME_TIME,
        ranked=2,
        too_short_history=1,
        as_of=as_of(notes=("뉴스·공시 수는 08-19 15:30 이후 것입니다.",)),
    )
    return replace(whole, **changes)


def flow(buy: int, sell: int, bought: int, sold: int) -> Flow:
    return Flow(
        buy_amount=Won(buy),
        sell_amount=Won(sell),
        buy_volume=Shares(bought),
        sell_volume=Shares(sold),
    )


def invested(**changes: Any) -> RankedFlow:
    """Bought 3 shares for 3,000,000 and sold 7 for 10,000,000 of 70,000,000 traded."""
    whole = RankedFlow(
        rank=1,
        quote=quote(value=70_000_000),
        flow=flow(3_000_000, 10_000_000, 3, 7),
        net_amount=Won(-7_000_000),
        net_volume=Shares(-4),
        impact=0.1,
    )
    return replace(whole, **changes)


def investors(**changes: Any) -> InvestorRanking:
    whole = InvestorRanking(
        rows=(invested(), invested(rank=2, quote=quote(HYNIX))),
        total=2,
        next_offset=None,
        slot=None,
        totals=MarketTotals(
            flow=flow(5_000_000_000, 8_000_000_000, 5, 8),
            trading_value=Won(40_000_000_000),
            session=SESSION,
            is_live=False,
        ),
        impact=0.075,
        as_of=as_of(is_final=True),
    )
    return replace(whole, **changes)


def slotted() -> InvestorRanking:
    """Nets alone, of 14:30."""
    nets = invested(flow=None)
    return investors(
        rows=(nets, replace(nets, rank=2, net_amount=None, impact=None)),
        slot=time(14, 30),
        totals=None,
        impact=None,
        as_of=as_of(notes=("장중 값은 14:30 가집계입니다.", "합계는 없습니다(null).")),
    )


def sector(**changes: Any) -> Sector:
    whole = Sector(
        market=Market.KOSPI,
        code="0013",
        is_whole=True,
        rows=(0, 1),
        trading_value=Won(1_600_000),
        volume=Shares(1_600),
        stock_count=2,
        average_change_rate=-0.045,
        weighted_change_rate=-0.038,
        advancers=1,
        decliners=1,
        leaders=(
            Leader(listing=SAMSUNG, trading_value=Won(900_000), contribution=0.5625),
            Leader(listing=HYNIX, trading_value=Won(700_000), contribution=0.4375),
        ),
    )
    return replace(whole, **changes)


def sectors(rows: Iterable[RankedSector] | None = None, **changes: Any) -> Any:
    usual = (
        RankedSector(
            rank=1,
            sector=sector(),
            name="전기·전자",
            index_change_rate=0.0123,
            foreign_net=Won(-123_400_000_000),
            institution_net=Won(50_000_000),
        ),
        RankedSector(
            rank=2,
            sector=sector(
                code="0000",
                market=Market.KOSDAQ,
                trading_value=Won(0),
                average_change_rate=None,
                weighted_change_rate=None,
                leaders=(
                    Leader(listing=ECOPRO, trading_value=Won(0), contribution=None),
                ),
            ),
            name=None,
            index_change_rate=None,
            foreign_net=None,
            institution_net=None,
        ),
    )
    whole = SectorRanking(
        rows=usual if rows is None else tuple(rows),
        total=2,
        next_offset=None,
        total_trading_value=Won(1_600_000),
        as_of=as_of(notes=("외국인·기관 순매수는 KRX 장중 집계입니다.",)),
    )
    return replace(whole, **changes)


def caps(rows: Iterable[LargeStock] | None = None, **changes: Any) -> MarketCapRanking:
    usual = (
        LargeStock(
            rank=1,
            quote=quote(),
            market_cap=Won(1_010_000),
            rank_change=2,
            trading_value_rank=1,
            weight=0.75,
            details=details(),
        ),
        LargeStock(
            rank=2,
            quote=quote(HYNIX),
            market_cap=Won(500_000),
            rank_change=None,
            trading_value_rank=7,
            weight=0.25,
            details=details(foreign_ratio=None, per=None),
        ),
    )
    whole = MarketCapRanking(
        rows=usual if rows is None else tuple(rows),
        total=2,
        next_offset=None,
        totals=CapTotals(
            total=Won(1_510_000),
            top10=1.0,
            per=Multiple(average=10.005, counted=1, negative=1),
            pbr=Multiple(average=None, counted=0, negative=0),
            unknown=0,
        ),
        as_of=as_of(),
    )
    return replace(whole, **changes)


def unusual_stock(**changes: Any) -> UnusualStock:
    """900 shares against an average of 112.5: eight times."""
    whole = UnusualStock(
        rank=1,
        row=0,
        quote=quote(),
        average_volume=112.5,
        volume_ratio=8.0,
        expected=Won(120_000),
        times_expected=7.5,
        score=2.718,
        p_value=0.0032843,
        level=Level.EXTREME,
        pattern=Pattern.SPIKE,
        z_score=3.456,
        consecutive_days=2,
        upper_band=150.4,
        lower_band=74.6,
    )
    return replace(whole, **changes)


def unusual(**changes: Any) -> UnusualVolume:
    whole = UnusualVolume(
        rows=(
            unusual_stock(),
            unusual_stock(rank=2, quote=quote(HYNIX), score=2.1, level=Level.STRONG),
        ),
        total=2,
        next_offset=None,
        scanned=2_700,
        not_judged={NotJudged.HALTED: 3, NotJudged.TOO_SHORT_HISTORY: 20},
        detected=2,
        market_factor=1.125,
        basis=TimeBasis.SAME_TIME,
        as_of=as_of(),
    )
    return replace(whole, **changes)
