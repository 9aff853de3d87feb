"""Whether two codes are one stock's."""


def is_same(code: str, ticker: str) -> bool:
    """The broker may leave out an ETN's Q."""
    return code.removeprefix("Q") == ticker.removeprefix("Q")
