import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from typing_extensions import override

from application.find_unusual_volume import UnusualVolume, UnusualVolumeQuery
from domain.alerting import AlertBook
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Kind, Ticker
from domain.unusual_volume import Level
from tests.adapters.mcp_server.answers import unusual
from tests.adapters.mcp_server.told import Told
from tests.alerts_scene import (
    FakeChannel,
    Kept,
    Lines,
    alerts_over,
    delivery,
    finds,
    new_frame,
    rows,
    until,
)
from tests.builders import BEFORE, SESSION, at, frame, listing


async def test_what_is_unusual_is_told_once_a_session() -> None:
    channel = FakeChannel()
    alerts = alerts_over(finds(*rows("000001", "000002")), channel)

    await alerts(new_frame("10:30"))
    await alerts(new_frame("10:31"))
    await alerts.close()

    assert channel.codes == [["000001", "000002"]]


async def test_a_higher_level_is_told_again_and_a_lower_one_is_not() -> None:
    find, channel = finds(*rows("000001")), FakeChannel()
    alerts = alerts_over(find, channel)
    for level in (Level.STRONG, Level.EXTREME, Level.STRONG, Level.EXTREME):
        find.answer = unusual(rows=rows("000001", level=level))
        await alerts(new_frame())
    await alerts.close()

    told = [each.stocks[0] for each in channel.taken]
    assert [stock.level for stock in told] == [Level.STRONG, Level.EXTREME]
    assert [stock.before for stock in told] == [None, Level.STRONG]


async def test_a_restart_does_not_tell_again() -> None:
    kept, again = Kept(), FakeChannel()
    first = alerts_over(finds(*rows("000001")), FakeChannel(), kept=kept)
    await first(new_frame("10:30"))
    await first.close()

    second = alerts_over(finds(*rows("000001", "000002")), again, kept=kept)
    await second(new_frame("10:31"))
    await second.close()

    assert again.codes == [["000002"]]
    assert set(kept.book.alerted) == {"000001", "000002"}


async def test_what_another_process_told_meanwhile_is_not_told_again() -> None:
    kept, ours, theirs = Kept(), FakeChannel(), FakeChannel()
    one = alerts_over(finds(*rows("000001")), ours, kept=kept)
    other = alerts_over(finds(*rows("000001", "000002")), theirs, kept=kept)
    await one(new_frame())
    await other(new_frame())
    one.find = finds(*rows("000001", "000002"))
    await one(new_frame())
    await asyncio.gather(one.close(), other.close())

    assert (ours.codes, theirs.codes) == ([["000001"]], [["000002"]])


async def test_a_store_that_forgets_costs_no_second_alert() -> None:
    kept, channel = Kept(), FakeChannel()
    alerts = alerts_over(finds(*rows("000001")), channel, kept=kept)
    await alerts(new_frame())
    kept.book = type(kept.book)()
    await alerts(new_frame())
    await alerts.close()

    assert channel.codes == [["000001"]]


async def test_many_at_once_are_one_digest() -> None:
    channel = FakeChannel()
    codes = [f"{number:06d}" for number in range(1, 9)]
    alerts = alerts_over(finds(*rows(*codes)), channel)

    await alerts(new_frame())
    await alerts.close()

    (digest,) = channel.taken
    assert [str(stock.ticker) for stock in digest.shown] == codes[:5]
    assert digest.more == 3


async def test_a_hanging_channel_delays_neither_the_scan_nor_the_others() -> None:
    hung, quick = FakeChannel("hung", gate=asyncio.Event()), FakeChannel("quick")
    find = finds(*rows("000001"))
    alerts = alerts_over(find, hung, quick)
    for number in range(1, 31):
        find.answer = unusual(rows=rows(f"{number:06d}"))
        await alerts(new_frame())  # returns though one channel takes nothing
    await until(lambda: alerts.tallies[1].queued == 0)

    assert hung.taken == []
    assert (
        sum(len(each.stocks) for each in quick.taken) + alerts.tallies[1].dropped == 30
    )
    assert alerts.tallies[0].dropped == 9  # 30 less one on its way and 20 waiting
    await alerts.close()


async def test_all_pages_of_a_scan_are_read() -> None:
    class Paged:
        async def __call__(self, query: UnusualVolumeQuery) -> UnusualVolume:
            whole = rows(*(f"{number:06d}" for number in range(1, 8)))
            part = whole[query.offset : query.offset + query.count]
            end = query.offset + len(part)
            return unusual(rows=part, next_offset=end if end < len(whole) else None)

    channel = FakeChannel()
    alerts = alerts_over(finds(), channel)
    alerts.find, alerts.page = Paged(), 3
    await alerts(new_frame())
    await alerts.close()

    assert len(channel.taken[0].stocks) == 7


async def test_it_asks_at_its_threshold_for_strong_ones_and_those_above() -> None:
    find = finds()
    alerts = alerts_over(find)
    alerts.threshold = 3.0
    await alerts(new_frame())

    (query,) = find.asked
    assert (query.threshold, query.level) == (3.0, Level.STRONG)


async def test_frames_of_other_kinds_and_answers_of_another_session_are_left() -> None:
    etf = frame({listing("069500", kind=Kind.ETF): 1})
    find, channel = finds(*rows("000001")), FakeChannel()
    alerts = alerts_over(find, channel)
    await alerts(etf)
    assert find.asked == []

    find.answer = replace(find.answer, as_of=replace(find.answer.as_of, session=BEFORE))
    await alerts(new_frame())
    await alerts.close()
    assert channel.taken == []


async def test_a_market_that_cannot_be_judged_is_logged_and_scanned_again() -> None:
    find, channel = (
        Told(MarketDataUnavailableError("아직", retry_after=1)),
        FakeChannel(),
    )
    alerts = alerts_over(find, channel)
    await alerts(new_frame())
    find.answer = unusual(rows=rows("000001"))
    await alerts(new_frame())
    await alerts.close()

    assert isinstance(alerts.journal, Lines)
    assert alerts.journal.of("alert.not_scanned") == [{"error": "아직"}]
    assert channel.codes == [["000001"]]


async def test_two_frames_at_once_tell_one_thing_once() -> None:
    async def explain(
        _: MarketFrame, __: Sequence[Ticker]
    ) -> Mapping[Ticker, Sequence[str]]:
        await asyncio.sleep(0.01)  # the other frame's scan would begin meanwhile
        return {}

    channel = FakeChannel()
    alerts = alerts_over(finds(*rows("000001")), channel)
    alerts.explain = explain

    await asyncio.gather(*(alerts(new_frame()) for _ in range(5)))
    await alerts.close()

    assert channel.codes == [["000001"]]


async def test_reasons_are_told_where_they_are_found_in_time() -> None:
    async def explain(
        _: MarketFrame, tickers: Sequence[Ticker]
    ) -> Mapping[Ticker, Sequence[str]]:
        return {tickers[0]: ["news_coverage"]}

    channel = FakeChannel()
    alerts = alerts_over(finds(*rows("000001", "000002")), channel)
    alerts.explain = explain
    await alerts(new_frame())
    await alerts.close()

    reasons = [stock.reasons for stock in channel.taken[0].stocks]
    assert reasons == [("news_coverage",), ()]


async def test_reasons_that_hang_or_break_cost_no_alert() -> None:
    async def hang(
        _: MarketFrame, __: Sequence[Ticker]
    ) -> Mapping[Ticker, Sequence[str]]:
        await asyncio.Event().wait()
        return {}

    async def breaks(
        _: MarketFrame, __: Sequence[Ticker]
    ) -> Mapping[Ticker, Sequence[str]]:
        raise ZeroDivisionError

    for explain in (hang, breaks):
        channel = FakeChannel()
        alerts = alerts_over(finds(*rows("000001")), channel)
        alerts.explain, alerts.explain_seconds = explain, 0.01
        await alerts(new_frame())
        await alerts.close()
        assert channel.codes == [["000001"]]


async def test_a_watcher_that_runs_out_of_patience_leaves_nothing_kept_and_unsent() -> (
    None
):
    entered, gate, channel = asyncio.Event(), asyncio.Event(), FakeChannel()

    class Slow(Kept):
        @override
        async def keep(self, book: AlertBook) -> None:
            entered.set()
            await gate.wait()

    alerts = alerts_over(finds(*rows("000001")), channel, kept=Slow())
    look = asyncio.create_task(alerts(new_frame()))
    await entered.wait()
    look.cancel()
    await asyncio.gather(look, return_exceptions=True)
    gate.set()
    await until(lambda: channel.taken)

    assert channel.codes == [["000001"]]


async def test_an_alert_carries_what_it_rests_on() -> None:
    channel = FakeChannel()
    alerts = alerts_over(finds(*rows("000001"), when="11:00"), channel)
    await alerts(new_frame("11:00"))
    await alerts.close()

    (told,) = channel.taken
    (stock,) = told.stocks
    assert (told.session, told.as_of, told.is_final) == (SESSION, at("11:00"), False)
    assert (stock.trading_value, stock.times_expected) == (900_000, 7.5)
    assert stock.change_rate == 0.01
    assert delivery(channel).tally.sent == 0
