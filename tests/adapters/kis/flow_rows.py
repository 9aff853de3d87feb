"""Rows of investors and programs of a made-up stock, as the broker writes them."""


def owners(**changes: str) -> dict[str, str]:
    """Net 10, -7 and -3 in amounts; 100, -70 and -30 in volumes."""
    return {
        "frgn_shnu_tr_pbmn": "50",
        "frgn_seln_tr_pbmn": "40",
        "frgn_ntby_tr_pbmn": "10",
        "frgn_shnu_vol": "500",
        "frgn_seln_vol": "400",
        "frgn_ntby_qty": "100",
        "orgn_shnu_tr_pbmn": "20",
        "orgn_seln_tr_pbmn": "27",
        "orgn_ntby_tr_pbmn": "-7",
        "orgn_shnu_vol": "200",
        "orgn_seln_vol": "270",
        "orgn_ntby_qty": "-70",
        "prsn_shnu_tr_pbmn": "30",
        "prsn_seln_tr_pbmn": "33",
        "prsn_ntby_tr_pbmn": "-3",
        "prsn_shnu_vol": "300",
        "prsn_seln_vol": "330",
        "prsn_ntby_qty": "-30",
        **changes,
    }


def investors_day(day: str = "20261119", **changes: str) -> dict[str, str]:
    """One session of one stock."""
    return {"stck_bsop_date": day, "stck_clpr": "10100", **owners(**changes)}


def blank_day(day: str = "20261120") -> dict[str, str]:
    """The running session, of which nothing is told before 15:40."""
    return {"stck_bsop_date": day, **dict.fromkeys(owners(), "")}


def program(**changes: str) -> dict[str, str]:
    """Bought 3,000,000 won, sold 2,000,000."""
    return {
        "acml_vol": "1000",
        "whol_smtn_seln_vol": "200",
        "whol_smtn_shnu_vol": "300",
        "whol_smtn_ntby_qty": "100",
        "whol_smtn_seln_tr_pbmn": "2000000",
        "whol_smtn_shnu_tr_pbmn": "3000000",
        "whol_smtn_ntby_tr_pbmn": "1000000",
        **changes,
    }


def program_day(day: str = "20261119", **changes: str) -> dict[str, str]:
    """One session of programs."""
    whole = {"stck_bsop_date": day, "acml_tr_pbmn": "10000000"}
    return {**whole, **program(**changes)}


def program_moment(hour: str, **changes: str) -> dict[str, str]:
    """One moment of programs."""
    return {"bsop_hour": hour, **program(**changes)}


def leader(code: str, *, foreign: int, institution: int = 0) -> dict[str, str]:
    """One row of the list: nets in 백만원, a thousand shares for each."""
    return {
        "hts_kor_isnm": "가상전자",
        "mksc_shrn_iscd": code,
        "frgn_ntby_qty": str(foreign * 1_000),
        "orgn_ntby_qty": str(institution * 1_000),
        "frgn_ntby_tr_pbmn": str(foreign),
        "orgn_ntby_tr_pbmn": str(institution),
    }


def estimate(slot: int, foreign: int, institution: int) -> dict[str, str]:
    """One slot of one stock, padded as the broker pads."""
    return {
        "bsop_hour_gb": str(slot),
        "frgn_fake_ntby_qty": padded(foreign),
        "orgn_fake_ntby_qty": padded(institution),
        "sum_fake_ntby_qty": padded(foreign + institution),
    }


def padded(number: int) -> str:
    """Eighteen characters, the sign in front."""
    return f"{number:018d}"
