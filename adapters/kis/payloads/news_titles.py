"""종합 시황/공시(제목), titles of news and disclosures, newest first, some forty.

Source: KIS ``news-title``, TR id FHKST01011800.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from adapters.kis.payloads.fields import Day
from adapters.kis.payloads.rows import Rows, parse_rows
from adapters.kis.payloads.times import TimeOfDay


class NewsTitleRow(BaseModel):
    """One title and the stocks it is filed under."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    cntt_usiq_srno: str = Field(min_length=1)
    news_ofer_entp_code: str = ""
    data_dt: Day
    data_tm: TimeOfDay
    hts_pbnt_titl_cntt: str = Field(min_length=1)
    news_lrdv_code: str = ""
    dorg: str = ""
    iscd1: str = ""
    iscd2: str = ""
    iscd3: str = ""
    iscd4: str = ""
    iscd5: str = ""
    iscd6: str = ""
    iscd7: str = ""
    iscd8: str = ""
    iscd9: str = ""
    iscd10: str = ""
    kor_isnm1: str = ""
    kor_isnm2: str = ""
    kor_isnm3: str = ""
    kor_isnm4: str = ""
    kor_isnm5: str = ""
    kor_isnm6: str = ""
    kor_isnm7: str = ""
    kor_isnm8: str = ""
    kor_isnm9: str = ""
    kor_isnm10: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The stocks it is filed under."""
        filed = (getattr(self, f"iscd{place}") for place in range(1, 11))
        return tuple(code for code in filed if code)


def parse_news_titles(rows: Iterable[object]) -> Rows[NewsTitleRow]:
    """Reads the titles of one answer, in the broker's order."""
    return parse_rows(
        [row for row in rows if row != {}], NewsTitleRow, code="cntt_usiq_srno"
    )
