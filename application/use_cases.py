"""What a driving adapter may call."""

from dataclasses import dataclass

from application.check_health import CheckHealth
from application.find_unusual_volume import FindUnusualVolume
from application.rank_by_growth import RankByGrowth
from application.rank_by_investor import RankByInvestor
from application.rank_by_market_cap import RankByMarketCap
from application.rank_by_trading_value import RankByTradingValue
from application.rank_sectors import RankSectors


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Every question the product answers."""

    rank_by_trading_value: RankByTradingValue
    rank_by_growth: RankByGrowth
    rank_by_investor: RankByInvestor
    rank_sectors: RankSectors
    rank_by_market_cap: RankByMarketCap
    find_unusual_volume: FindUnusualVolume
    check_health: CheckHealth
