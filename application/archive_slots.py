"""Which frames between are archived: minutely after the open, then every five minutes.

A slot is the minute it begins at; the first frame that ends in it is its frame. Before
the open, and after the close, slots are five minutes too. Nothing is swept for a slot:
the watcher's frames fill every one.
"""

from datetime import datetime, timedelta

from domain.frame import MarketFrame
from domain.listing import Venue
from domain.session import KST, TradingSession, opens_at

BUSY = timedelta(minutes=30)
"""How long after the open slots are a minute."""

MINUTE = timedelta(minutes=1)
FIVE_MINUTES = timedelta(minutes=5)


def slot_of(at: datetime, session: TradingSession) -> datetime:
    """The beginning of the slot an instant of the session's day lies in."""
    opening = opens_at(session, Venue.KRX)
    step = MINUTE if opening <= at < opening + BUSY else FIVE_MINUTES
    midnight = datetime.combine(session.day, datetime.min.time(), KST)
    return midnight + (at - midnight) // step * step


def keeps(frame: MarketFrame, last: datetime | None, session: TradingSession) -> bool:
    """Whether a swept frame is archived.

    Args:
        frame: Of the session.
        last: When the newest archived frame of its venue and pool ended; None where
            the session has none yet.
        session: Of the frame.
    """
    if frame.is_final or last is None:
        return True
    return slot_of(last, session) < slot_of(frame.as_of, session)
