"""What a driving adapter may call."""

from dataclasses import dataclass

from application.check_health import CheckHealth
from application.rank_by_trading_value import RankByTradingValue


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Every question the product answers."""

    rank_by_trading_value: RankByTradingValue
    check_health: CheckHealth
