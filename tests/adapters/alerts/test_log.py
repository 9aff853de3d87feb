import structlog

from adapters.alerts.log import LogChannel
from tests.alerts_scene import SIMULATED, alert, alerted, many


async def test_each_stock_is_a_line() -> None:
    with structlog.testing.capture_logs() as lines:
        await LogChannel().send(alert(alerted("000001"), alerted("000002")))

    assert [(x["event"], x["stock_code"]) for x in lines] == [
        ("alert", "000001"),
        ("alert", "000002"),
    ]
    assert lines[0]["trading_value"] == 1_221_700_000_000
    assert (lines[0]["level"], lines[0]["simulated"]) == ("strong", False)


async def test_a_digest_is_one_line_with_every_code() -> None:
    with structlog.testing.capture_logs() as lines:
        await LogChannel().send(alert(*many(7), source=SIMULATED))

    (line,) = lines
    assert (line["event"], line["count"], line["simulated"]) == (
        "alert.digest",
        7,
        True,
    )
    assert line["stocks"][6] == "000007:strong"
