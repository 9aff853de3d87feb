"""What is typed after ``call``: the tool first, then its arguments by its schema."""

import pytest

from bootstrap.call_words import Asked, fitted, read_words

TOOL = "get_volume_ranking"
SCHEMA = {
    "properties": {
        "market": {"enum": ["ALL", "KOSPI"], "type": "string"},
        "sort_by": {"enum": ["trading_value", "volume"]},
        "kinds": {"type": "array", "items": {"enum": ["STOCK", "ETF", "ETN"]}},
        "stocks": {"type": "array", "items": {"type": "string"}},
        "count": {"type": "integer"},
        "include_details": {"type": "boolean"},
        "basis": {"anyOf": [{"enum": ["same_time", "full_day"]}, {"type": "null"}]},
        "session": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }
}


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("", {}),
        ("--market KOSPI", {"market": "KOSPI"}),
        ("--sort-by volume", {"sort_by": "volume"}),
        ("--sort_by volume", {"sort_by": "volume"}),
        ("--count=5 --offset 10", {"count": "5", "offset": "10"}),
        ("--include-details", {"include_details": None}),
        ("--include-details --count 5", {"include_details": None, "count": "5"}),
        ("--stocks --count 1", {"stocks": None, "count": "1"}),
        ("--min-price -1", {"min_price": "-1"}),
        ("--exclude=", {"exclude": ""}),
        ("--stocks=a=b", {"stocks": "a=b"}),
        ("--count 1 --count 2", {"count": "2"}),
    ],
)
def test_words_become_arguments(words: str, arguments: dict[str, str | None]) -> None:
    asked = read_words([TOOL, *words.split()])
    assert asked == Asked(tool=TOOL, arguments=arguments)


def test_an_empty_word_is_an_empty_list() -> None:
    words = [TOOL, "--exclude", "", "--count", "5"]
    assert read_words(words).arguments == {"exclude": "", "count": "5"}
    assert words == [TOOL, "--exclude", "", "--count", "5"], "not eaten"


@pytest.mark.parametrize("words", [[TOOL, "--json"], ["--json", TOOL]])
def test_json_may_stand_anywhere(words: list[str]) -> None:
    assert read_words(words) == Asked(tool=TOOL, arguments={}, as_json=True)


@pytest.mark.parametrize("words", [[TOOL, "--help"], ["-h", TOOL, "--count"]])
def test_who_asks_for_help_gets_it_whatever_else_is_typed(words: list[str]) -> None:
    assert read_words(words) == Asked(tool=TOOL, arguments={}, help=True)


@pytest.mark.parametrize(
    "words", [["KOSPI"], ["-c", "5"], ["--"], ["--count", "5", "6"], ["--=5"]]
)
def test_a_stray_word_is_refused_by_name(words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"--이름 값 꼴로 적어 주세요.*사용법"):
        read_words([TOOL, *words])


def test_the_tool_comes_first() -> None:
    with pytest.raises(ValueError, match=r"'--count' 앞에 도구 이름.*call 도구"):
        read_words(["--count", "2", TOOL])


@pytest.mark.parametrize("name", ["count", "stocks", "market", "sort_by"])
def test_only_a_flag_may_stand_alone(name: str) -> None:
    with pytest.raises(ValueError, match=f"^--{name.replace('_', '-')}: 값이 필요"):
        fitted({name: None}, SCHEMA)


def test_a_lone_flag_is_true_and_an_unknown_one_is_left_to_the_tool() -> None:
    assert fitted({"include_details": None, "fast": None}, SCHEMA) == {
        "include_details": "true",
        "fast": "true",
    }


@pytest.mark.parametrize(
    ("name", "typed", "sent"),
    [
        ("market", "kospi", "KOSPI"),
        ("sort_by", "VOLUME", "volume"),
        ("kinds", "etf, Etn", "ETF,ETN"),
        ("market", "nyse", "nyse"),
        ("basis", "Full_Day", "full_day"),
        ("session", "2026-11-19", "2026-11-19"),
        ("stocks", "naver, kt", "naver, kt"),
        ("count", "5", "5"),
        ("else", "As It Is", "As It Is"),
    ],
)
def test_names_take_the_schemas_spelling(name: str, typed: str, sent: str) -> None:
    assert fitted({name: typed}, SCHEMA) == {name: sent}
