"""Invents the listings of a simulated market: plainly no real name, no real code."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from tests.kis_emulator.listed import Listed

_STEMS = ("전자", "화학", "제약", "조선", "식품", "건설", "통신", "바이오", "소재")
_LETTERS = "VZKPM"
_KOSPI_SECTORS = (
    *(("0016", "0000"), ("0027", "0009"), ("0027", "0015"), ("0027", "0013")),
    *(("0021", "0000"), ("0000", "0000"), ("0027", "0005"), ("0027", "0006")),
    *(("0027", "0007"), ("0027", "0008"), ("0027", "0010"), ("0027", "0011")),
    *(("0027", "0012"), ("0027", "0014"), ("0017", "0000"), ("0018", "0000")),
    *(("0019", "0000"), ("0020", "0000"), ("0021", "0024"), ("0021", "0025")),
    *(("0026", "0000"), ("0029", "0000"), ("0030", "0000")),
)
_KOSDAQ_SECTORS = (
    *(("1009", "1024"), ("1009", "1028"), ("1011", "0000"), ("1014", "0000")),
    *(("0000", "0000"), ("1009", "1019"), ("1009", "1020"), ("1009", "1021")),
    *(("1009", "1023"), ("1009", "1025"), ("1009", "1026"), ("1009", "1027")),
    *(("1009", "1029"), ("1009", "1030"), ("1006", "0000"), ("1010", "0000")),
    *(("1013", "0000"), ("1015", "0000"), ("1032", "0000"), ("1033", "0000")),
    ("1009", "0000"),
)


def _sector(stock: Listed, large: str) -> Listed:
    return replace(stock, sector_large=large, sector_medium="0000")


def _stock_code(number: int, last: str) -> str:
    """A code no real stock bears: those end in 0, or in 5, 7, 9, K, L, M."""
    if number % 9 == 4:  # letters inside, as real codes have since 2024
        return f"{number:04d}{_LETTERS[number % 5]}{last}"
    return f"{number * 7 % 100_000:05d}{last}"


def _stock(number: int, of: int) -> Listed:
    """The plain common share of this number; the first 35 % are KOSPI's."""
    kospi = number < of * 0.35
    stem = _STEMS[number % len(_STEMS)]
    sectors = _KOSPI_SECTORS if kospi else _KOSDAQ_SECTORS
    large, medium = sectors[number % len(sectors)]
    return Listed(
        code=_stock_code(number + 1, "1" if kospi else "3"),
        name=f"가상{stem}{number + 1:04d}",
        market="KOSPI" if kospi else "KOSDAQ",
        sector_large=large,
        sector_medium=medium,
        listed_on=date(1976, 1, 5) + timedelta(days=number * 6),
        par=(100, 500, 1000, 5000)[number % 4],
        credit=number % 3 != 0,
    )


def _special(stock: Listed, part: float) -> Listed:
    """The same line as a preferred share, REIT, SPAC or another group."""
    kospi, digits = stock.market == "KOSPI", stock.name[-4:]
    if kospi and part < 0.11:
        letter = "J" if part < 0.05 else "2"
        return replace(
            stock,
            code=stock.code[:-1] + letter,
            name=stock.name + "우",
            preferred="2" if letter == "J" else "1",
        )
    if kospi and part < 0.135:
        return replace(_sector(stock, "0028"), name=f"가상리츠{digits}", group="RT")
    if kospi and part < 0.145:
        group = ("IF", "MF", "DR")[int(part * 10_000) % 3]
        return replace(stock, group=group)
    if not kospi and part < 0.04:
        return replace(_sector(stock, "1014"), name=f"모의스팩{digits}호", spac=True)
    if not kospi and part < 0.05:
        return replace(stock, group="FS")
    return stock


def _flagged(stock: Listed, draw: "np.random.Generator") -> Listed:
    """Perhaps halted, administrative, warned of … about as often as in life."""
    dice = draw.random(8)
    halted = bool(dice[0] < 0.022)
    delisting = bool(dice[7] < 0.002)
    alarm = ("03", "02", "01")[int(np.searchsorted([0.002, 0.007], dice[1]))]
    heat = ("2", "3", "1")[int(np.searchsorted([0.002, 0.003], dice[2]))]
    kosdaq = stock.market == "KOSDAQ"
    return replace(
        stock,
        halted=halted and not delisting,
        delisting=delisting,
        administrative=bool(dice[3] < 0.03) or delisting,
        alarm=alarm if dice[1] < 0.018 else "00",
        overheated=heat if dice[2] < 0.006 else "0",
        unfaithful=bool(dice[4] < 0.015),
        attention=kosdaq and bool(dice[5] < 0.02),
    )


def _stocks(count: int, seed: int) -> list[Listed]:
    draw = np.random.default_rng([seed, 1])
    parts = draw.random(count)
    plain = (_stock(number, count) for number in range(count))
    made = [_special(stock, float(parts[row])) for row, stock in enumerate(plain)]
    return [_flagged(stock, draw) for stock in made]


def _etf(number: int) -> Listed:
    code = f"{9000 + number:04d}V4" if number % 7 == 0 else f"{90_000 + number:05d}4"
    return Listed(
        code=code,
        name=f"모의ETF{number + 1:03d}",
        market="KOSPI",
        group="FE" if number % 50 == 49 else "EF",
        etp="2" if number % 3 else "1",
        par=0,
    )


def _etn(number: int) -> Listed:
    return Listed(
        code=f"Q99{number:04d}",
        name=f"모의ETN{number + 1:03d}",
        market="KOSPI",
        group="EN",
        etp="4" if number % 10 == 9 else "3",
        par=0,
        credit=False,
    )


def _out_of_scope(number: int) -> Listed:
    group = ("BC", "SW", "SR", "EW")[number % 4]
    kosdaq = group in ("SW", "SR") and number % 8 > 3
    code = f"F99100{number:03d}" if group == "BC" else f"99{number:03d}{group[-1]}"
    return Listed(
        code=code,
        name=f"모의기타{number + 1:03d}",
        market="KOSDAQ" if kosdaq else "KOSPI",
        group=group,
    )


def _konex(number: int) -> Listed:
    return Listed(
        code=f"98{number:03d}6", name=f"모의코넥스{number + 1:02d}", market="KONEX"
    )


def invent(*, seed: int, stocks: int, etf: int, etn: int) -> list[Listed]:
    """Stocks, ETF, ETN, then 24 out-of-scope lines and 12 of KONEX.

    Args:
        seed: The same seed invents the same flags.
        stocks: How many of kind STOCK, 35 % of them KOSPI.
        etf: How many ETF.
        etn: How many ETN.
    """
    return [
        *_stocks(stocks, seed),
        *map(_etf, range(etf)),
        *map(_etn, range(etn)),
        *map(_out_of_scope, range(24)),
        *map(_konex, range(12)),
    ]
