"""The command line's own part of an answer: columns."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.types import Tool

from bootstrap.call_text import aligned, described, overview
from tests.adapters.mcp_server.served import TOOLS, client_of
from tests.application.scene import Scene


def test_a_table_stands_in_columns_with_hangul_two_cells_wide() -> None:
    shown = aligned("머리말\n순위 | 종목 | 값\n1 | A | 1,000\n10 | 삼성전자 | 5\n※ 끝")
    assert shown.split("\n") == [
        "머리말",
        "순위  종목         값",
        "   1  A         1,000",
        "  10  삼성전자      5",
        "※ 끝",
    ]


def test_text_without_a_table_stays_as_it_is() -> None:
    assert aligned("한 줄\n둘째 줄") == "한 줄\n둘째 줄"
    assert aligned("") == ""


def test_rows_of_different_lengths_are_no_error() -> None:
    assert aligned("a | b | c\n1 | 2").split("\n") == ["a  b  c", "1  2"]


NAME = st.text("가나다ab", min_size=1, max_size=8)
LINES = st.lists(st.tuples(st.integers(), NAME, st.integers()), min_size=1, max_size=6)


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@given(LINES)
def test_every_line_of_figures_ends_in_the_same_cell(
    lines: list[tuple[int, str, int]],
) -> None:
    """Whatever names and figures are: as wide as the widest, two blanks between."""
    written = [(f"{rank:,}", name, f"{value:,}") for rank, name, value in lines]
    table = [("순위", "종목", "거래대금"), *written]
    shown = aligned("\n".join(" | ".join(line) for line in table)).split("\n")
    widest = sum(max(map(cells, column)) for column in zip(*table, strict=True))
    assert [cells(line) for line in shown] == [widest + 4] * len(table)
    for line, whole in zip(table, shown, strict=True):
        assert [word for word in whole.split(" ") if word] == list(line)


@pytest.mark.parametrize(
    "cell", ["-", "+1.23%", "-0.13%", "1조", "-1,234억", "▲3", "▼12", "신규"]
)
def test_what_reads_as_a_number_stands_to_the_right(cell: str) -> None:
    assert aligned(f"이름 | 값값값값\n가 | {cell}").split("\n")[1].endswith(cell)


def test_words_stand_to_the_left() -> None:
    shown = aligned("부분 | 상태\nframes | healthy\ntoken | ok")
    assert shown.split("\n") == ["부분    상태", "frames  healthy", "token   ok"]


async def published() -> dict[str, Tool]:
    async with client_of(Scene()) as client:
        return {tool.name: tool for tool in (await client.list_tools()).tools}


async def test_the_overview_names_every_tool_in_a_line() -> None:
    tools = await published()
    first, *lines, last = overview(list(tools.values())).split("\n")
    assert first.startswith("사용법: ")
    assert [line.split()[0] for line in lines] == list(TOOLS)
    assert last.endswith("--help")


@pytest.mark.parametrize("name", TOOLS)
async def test_help_gives_each_parameter_a_line_with_its_default(name: str) -> None:
    tool = (await published())[name]
    title, *lines = described(tool).split("\n")
    assert title.startswith(f"{name}  ")
    names = [line.split()[0] for line in lines]
    properties = tool.input_schema["properties"]
    assert names == [f"--{one.replace('_', '-')}" for one in properties]
    assert all("(기본 " in line for line in lines)
    assert not any("None" in line or "[]" in line for line in lines)


async def test_help_says_what_may_be_null_or_is_a_list() -> None:
    lines = described((await published())["get_unusual_volume"]).split("\n")
    (level,) = [line for line in lines if line.startswith("  --level ")]
    assert level.endswith("[notable | strong | extreme] (기본 없음)")
    (kinds,) = [line for line in lines if line.startswith("  --kinds ")]
    assert kinds.endswith("[STOCK | ETF | ETN] (기본 STOCK)")
