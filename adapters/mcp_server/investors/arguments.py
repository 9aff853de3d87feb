"""What get_investor_ranking may be asked beside what all rankings may."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.mcp_server.arguments import Arguments

InvestorName = Literal["FOREIGN", "INSTITUTION", "INDIVIDUAL", "PROGRAM"]
TradeName = Literal["NET", "BUY", "SELL"]
SideName = Literal["top", "bottom"]


class InvestorArguments(Arguments):
    """What get_investor_ranking may be asked."""

    investor_type: Annotated[
        InvestorName,
        Field(
            description="FOREIGN 외국인, INSTITUTION 기관, INDIVIDUAL 개인, or PROGRAM "
            "프로그램 (a way of trading that cuts across the others)."
        ),
    ] = "FOREIGN"
    trade_type: Annotated[
        TradeName,
        Field(
            description="Rank by NET (bought - sold), BUY or SELL amount. Per stock, "
            "BUY and SELL exist only after the close."
        ),
    ] = "NET"
    side: Annotated[
        SideName,
        Field(
            description="top: largest first. bottom: smallest first; of NET the most "
            "net selling (순매도)."
        ),
    ] = "top"
