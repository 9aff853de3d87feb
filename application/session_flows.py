"""A session's kept flows, of every venue that a frame adds up."""

from dataclasses import dataclass

from application.ports.archive import KeptFlows
from application.timeliness import Timeliness
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.investors import InvestorFlows
from domain.listing import Venue
from domain.session import trades_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFlows:
    """What is kept of a frame's session.

    Attributes:
        parts: One of each venue; none where one lacks: half a sum is a wrong number.
        trouble: Why the archive could not be read; None where it could.
    """

    parts: tuple[InvestorFlows, ...] = ()
    trouble: MarketDataUnavailableError | None = None

    @property
    def is_final(self) -> bool:
        """Whether none of them still changes."""
        return all(part.is_final for part in self.parts)


async def flows_of(
    frame: MarketFrame, kept: KeptFlows, timeliness: Timeliness
) -> SessionFlows:
    """The kept flows of a frame's session; an archive that fails has none."""
    try:
        found = [
            await kept.flows(venue, frame.session)
            for venue in _venues(frame, timeliness)
        ]
    except MarketDataUnavailableError as trouble:
        return SessionFlows(trouble=trouble)
    parts = tuple(part for part in found if part is not None)
    return SessionFlows(parts=parts if len(parts) == len(found) else ())


def _venues(frame: MarketFrame, timeliness: Timeliness) -> list[Venue]:
    """NXT's only where it existed and something of the frame trades there."""
    if frame.venue is not Venue.ALL:
        return [frame.venue]
    session = timeliness.calendar.session_on(frame.session)
    existed = session is None or trades_on(session, Venue.NXT)
    with_nxt = existed and any(item.on_nxt for item in frame.listings)
    return [Venue.KRX, Venue.NXT] if with_nxt else [Venue.KRX]
