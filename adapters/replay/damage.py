"""What is said of a recording that cannot be read."""

from pathlib import Path

from domain.errors import InvalidRequestError, MarketDataMalformedError


def damaged(what: str, *, at: int | None = None) -> MarketDataMalformedError:
    """A recording, but not as it was written.

    Args:
        what: Which part, in Korean.
        at: The byte it begins at.
    """
    where = what if at is None else f"{at}번째 바이트의 {what}"
    return MarketDataMalformedError(
        f"녹화 파일이 손상되었습니다({where}). 파일을 다시 받거나 다른 녹화 파일을"
        " REPLAY_RECORDING에 적어 주세요.",
        field="recording",
        value=where,
    )


def unusable(path: Path, why: str) -> InvalidRequestError:
    """No recording, or none that this version reads."""
    return InvalidRequestError(
        f"REPLAY_RECORDING의 {path.name!r}: {why} 다른 녹화 파일을 적거나, 지우고"
        " 내장 녹화본을 쓰세요.",
        parameter="REPLAY_RECORDING",
    )
