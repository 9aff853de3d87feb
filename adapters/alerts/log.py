"""Alerts as lines of the log: one for each stock, one for all of a digest."""

from typing import Any

import structlog
from typing_extensions import override

from adapters.alerts.wording import plain
from application.ports.alerts import Alert, Channel
from domain.alerting import Alerted

_log = structlog.get_logger(__name__)


class LogChannel(Channel):
    """Cannot fail, and is always there."""

    @property
    @override
    def name(self) -> str:
        return "log"

    @override
    async def send(self, alert: Alert) -> None:
        facts = {
            "session": alert.session.isoformat(),
            "as_of": alert.as_of.isoformat(),
            "is_final": alert.is_final,
            "source": alert.source.name,
            "simulated": alert.source.simulated,
        }
        if alert.more:
            codes = [f"{stock.ticker}:{stock.level.value}" for stock in alert.stocks]
            _log.info("alert.digest", stocks=codes, count=len(codes), **facts)
            return
        for stock in alert.stocks:
            _log.info("alert", **_told(stock), **facts)


def _told(stock: Alerted) -> dict[str, Any]:
    return {
        "stock_code": str(stock.ticker),
        "stock_name": plain(stock.name),
        "level": stock.level.value,
        "level_before": stock.before and stock.before.value,
        "trading_value": int(stock.trading_value),
        "times_expected": round(stock.times_expected, 2),
        "change_rate": stock.change_rate,
        "reasons": list(stock.reasons),
    }
