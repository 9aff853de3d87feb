"""종목별 프로그램매매추이(체결): the last half hour, won (FHPPG04650101)."""

from datetime import date, datetime, time, timedelta

from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of, united
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.flow_columns import Side
from tests.kis_emulator.flow_rows import VENUES, FlowTables, added, tables_of
from tests.kis_emulator.flows import DIVISIONS, has_flows
from tests.kis_emulator.forms import ratio, sign

MOST = 30
_HOURS = {
    "J": (time(9), time(18)),
    "NX": (time(8), time(20)),
    "UN": (time(8), time(20)),
}


def program_moments(call: Call) -> Answer:
    """Now, then each full minute before; nothing from the quotes' reset to the open."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", *DIVISIONS)
    code = call.given("FID_INPUT_ISCD")
    if not has_flows(call.truth):
        return normal({"output": []})
    now = quote_of(call.truth, division, code, call.at)
    moments = _moments(call, division, now.session) if now else []
    found = [
        (at, *pair)
        for at in moments
        if (pair := _moment(call, division, code, at)) is not None
    ]
    before = [side for _, _, side in found[1:]] + [Side(0, 0, 0, 0)]
    rows = [
        _row(at, quote, side, older)
        for (at, quote, side), older in zip(found, before, strict=False)
    ]
    return normal({"output": rows[:MOST]})


def program_now(call: Call, division: str, code: str) -> Side | None:
    """What programs did until now of the running session; None before it opens."""
    moment = _moment(call, division, code, call.at.replace(microsecond=0))
    return moment[1] if moment else None


def _moments(call: Call, division: str, session: date) -> list[datetime]:
    """Newest first, one more than are served, within the session's hours."""
    opens, closes = _HOURS[division]
    newest = min(call.at.replace(microsecond=0), datetime.combine(session, closes, KST))
    minute = newest.replace(second=0)
    before = [minute - timedelta(minutes=back) for back in range(MOST + 1)]
    first = datetime.combine(session, opens, KST)
    moments = [newest, *(at for at in before if at < newest)]
    return [at for at in moments[: MOST + 1] if at >= first]


def _moment(
    call: Call, division: str, code: str, at: datetime
) -> tuple[Quote, Side] | None:
    """The quote and the program trades at an instant of its own session."""
    tables: FlowTables = tables_of(call.truth)
    quotes: list[Quote | None] = []
    rows: list[list[int]] = []
    for venue in VENUES[division]:
        moment = tables.moment(call.truth, venue, at)
        quote = moment.figures.quote(code)
        row = moment.programs.of(code)
        here = quote is not None and _runs(at.date(), quote, venue, at)
        quotes.append(quote if here else None)
        if here and row is not None:
            rows.append(row)
    quote = _one(quotes, later=not time(9) <= at.time() < time(15, 40))
    return (quote, Side(*added(rows))) if quote and rows else None


def _runs(day: date, quote: Quote, venue: str, at: datetime) -> bool:
    return quote.session == day and at.time() >= _HOURS[venue][0]


def _one(quotes: list[Quote | None], *, later: bool) -> Quote | None:
    if len(quotes) == 1:
        return quotes[0]
    krx, nxt = quotes
    return nxt if krx is None else united(krx, nxt, nxt_is_later=later)


def _row(at: datetime, quote: Quote, side: Side, before: Side) -> dict[str, str]:
    return {
        "bsop_hour": f"{at:%H%M%S}",
        "stck_prpr": str(quote.price),
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        "whol_smtn_seln_vol": str(side.sell_volume),
        "whol_smtn_shnu_vol": str(side.buy_volume),
        "whol_smtn_ntby_qty": str(side.net_volume),
        "whol_smtn_seln_tr_pbmn": str(side.sell_amount),
        "whol_smtn_shnu_tr_pbmn": str(side.buy_amount),
        "whol_smtn_ntby_tr_pbmn": str(side.net_amount),
        "whol_ntby_vol_icdc": str(side.net_volume - before.net_volume),
        "whol_ntby_tr_pbmn_icdc": str(side.net_amount - before.net_amount),
    }


PROGRAM_MOMENTS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/program-trade-by-stock",
    "FHPPG04650101",
    program_moments,
    slow=True,
)
