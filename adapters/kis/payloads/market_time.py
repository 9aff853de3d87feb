"""국내선물 영업일조회, the broker's own date and time.

Source: KIS ``market-time``, TR id HHMCM000002C0.
"""

from pydantic import BaseModel, ConfigDict, Field

from adapters.kis.payloads.fields import Day


class MarketTime(BaseModel):
    """Business days around today, and the server's clock in Korean time."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    date1: str = ""
    date2: str = ""
    date3: str = ""  # today, on a business day
    date4: str = ""
    date5: str = ""
    today: Day
    time: str = Field(pattern="^[0-9]{6}$")  # HHMMSS
    s_time: str = ""  # of derivatives, as is e_time
    e_time: str = ""
