"""The tables of investor flows and of industry indices.

Provisional and final flows lie side by side: neither can overwrite the other, and who
reads gets the final figure of a stock where there is one.
"""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sql
import structlog
from sqlalchemy import Connection, Row

from adapters.archive.axis_rows import AxisRows
from adapters.archive.packed_axis import pack_axis
from adapters.archive.packed_flows import pack_flows, put_over, unpack_flows
from adapters.archive.packing import DAMAGE
from adapters.archive.schema import flows, indices
from application.ports.past_data import IndexQuote
from domain.errors import VolumeRankingError
from domain.investors import InvestorFlows
from domain.listing import Venue, Won

_log = structlog.get_logger(__name__)


class FlowRows:
    """Flows and indices within one transaction.

    Args:
        connection: With the writer's lock where something is to be kept.
        axes: Listings by digest.
    """

    def __init__(self, connection: Connection, axes: AxisRows) -> None:
        self._connection = connection
        self._axes = axes

    def keep(self, new: InvestorFlows) -> None:
        """Over what is kept of the same finality; stocks that are not known stay.

        Raises:
            ValueError: They are of both venues added up.
        """
        if new.venue is Venue.ALL:
            raise ValueError("venue: KRX or NXT")
        held = self._held(new.venue, new.session).get(new.is_final)
        whole = new if held is None else put_over(new, held)
        axis = pack_axis(whole.listings)
        self._axes.keep(self._connection, axis)
        place = {
            "venue": new.venue.value,
            "session": new.session,
            "is_final": new.is_final,
        }
        same = (flows.c[name] == value for name, value in place.items())
        self._connection.execute(sql.delete(flows).where(*same))
        row = place | {
            "as_of": whole.as_of,
            "dated": whole.listings.dated,
            "axis": axis.digest,
            "content": pack_flows(whole),
        }
        self._connection.execute(sql.insert(flows).values(row))

    def read(self, venue: Venue, session: date) -> InvestorFlows | None:
        """Final figures over provisional ones; None where there are neither."""
        held = self._held(venue, session)
        if len(held) == 2:
            return put_over(held[True], held[False])
        return next(iter(held.values()), None)

    def sessions(self, venue: Venue) -> tuple[date, ...]:
        """Sessions with flows, ascending."""
        days = sql.select(flows.c.session).where(flows.c.venue == venue.value)
        rows = self._connection.execute(days.distinct().order_by(flows.c.session))
        return tuple(rows.scalars())

    def keep_indices(self, session: date, new: Iterable[IndexQuote]) -> None:
        """Each in place of an earlier one."""
        rows = {
            index.code: {
                "session": session,
                "code": index.code,
                "name": index.name,
                "change_rate": index.change_rate,
                "trading_value": index.trading_value,
            }
            for index in new
        }
        if not rows:
            return
        same = (indices.c.session == session) & indices.c.code.in_(rows)
        self._connection.execute(sql.delete(indices).where(same))
        self._connection.execute(sql.insert(indices), list(rows.values()))

    def indices(self, session: date) -> dict[str, IndexQuote]:
        """The session's indices by code."""
        wanted = sql.select(indices).where(indices.c.session == session)
        rows = self._connection.execute(wanted)
        return {
            row.code: IndexQuote(
                code=row.code,
                name=row.name,
                change_rate=row.change_rate,
                trading_value=(
                    None if row.trading_value is None else Won(row.trading_value)
                ),
            )
            for row in rows
        }

    def _held(self, venue: Venue, session: date) -> dict[bool, InvestorFlows]:
        """What can be read, by whether it is final."""
        wanted = sql.select(flows).where(
            flows.c.venue == venue.value, flows.c.session == session
        )
        held = {}
        for row in self._connection.execute(wanted).all():
            try:
                held[row.is_final] = self._unpacked(row)
            except (*DAMAGE, VolumeRankingError) as error:
                _log.warning(
                    "archive.flows_unreadable",
                    venue=venue.value,
                    session=session.isoformat(),
                    error=type(error).__name__,
                )
        return held

    def _unpacked(self, row: "Row[tuple[object, ...]]") -> InvestorFlows:
        columns, known = unpack_flows(row.content)
        return InvestorFlows(
            listings=self._axes.listings(self._connection, row.axis, row.dated),
            venue=Venue(row.venue),
            session=row.session,
            columns=columns,
            known=known,
            as_of=row.as_of,
            is_final=row.is_final,
        )
