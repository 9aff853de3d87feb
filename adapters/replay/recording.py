"""A recording opened: its manifest, its instants, and its chunks, each when needed."""

from datetime import datetime, time
from functools import cached_property
from pathlib import Path

from adapters.replay.chunks import Chunk, Kind, payload, scan
from adapters.replay.damage import damaged, unusable
from adapters.replay.manifest import Manifest
from domain.errors import InvalidRequestError
from domain.provenance import Source
from domain.session import in_seoul

_LISTED = 12
"""How many instants an error names before it shortens the list."""


class Recording:
    """What was recorded, read from its file piece by piece.

    Attributes:
        path: The file.
        manifest: What it says of itself.
        chunks: Its whole chunks, in the order of the file.
        is_cut: Whether the file ends within a chunk.
    """

    def __init__(
        self, path: Path, *, manifest: Manifest, chunks: tuple[Chunk, ...], is_cut: bool
    ) -> None:
        self.path = path
        self.manifest = manifest
        self.chunks = chunks
        self.is_cut = is_cut

    @classmethod
    def open(cls, path: Path) -> "Recording":
        """Reads the headers and the manifest, and nothing else.

        Raises:
            InvalidRequestError: There is no such file, or it is no recording of a
                version that can be read.
            MarketDataMalformedError: It is damaged.
        """
        try:
            with path.open("rb") as file:
                chunks, is_cut = scan(file, path)
                if not chunks or chunks[0].kind != Kind.MANIFEST:
                    raise damaged("머리 정보")
                manifest = Manifest.of_json(payload(file, chunks[0]))
        except OSError as error:
            raise unusable(path, "파일을 열 수 없습니다.") from error
        return cls(path, manifest=manifest, chunks=tuple(chunks), is_cut=is_cut)

    @property
    def source(self) -> Source:
        """What answers are said to rest on."""
        return Source(
            name=f"recording:{self.manifest.name}", simulated=self.manifest.simulated
        )

    @cached_property
    def instants(self) -> tuple[datetime, ...]:
        """When each recorded sweep ended: aware, Seoul's, ascending."""
        ends = {chunk.last for chunk in self.chunks if chunk.kind == Kind.INSTANT}
        return tuple(sorted(ends))

    def choose_instant(self, at: datetime | time | None = None) -> datetime:
        """The latest recorded instant at or before ``at``.

        Args:
            at: An instant, Seoul's where it has no zone, or a time of the last
                session. None is the last instant there is.

        Raises:
            InvalidRequestError: It is before the first, or nothing was recorded whole;
                says which instants there are.
        """
        if not self.instants:
            raise unusable(self.path, "온전히 녹화된 시점이 하나도 없습니다.")
        last = self.instants[-1]
        if at is None:
            return last
        choice = self.instants
        if isinstance(at, time):
            choice = tuple(x for x in choice if x.date() == last.date())
            at = datetime.combine(last.date(), at.replace(tzinfo=None))
        wanted = in_seoul(at)
        until = [instant for instant in choice if instant <= wanted]
        if not until:
            raise InvalidRequestError(
                f"REPLAY_AT {wanted:%Y-%m-%d %H:%M}: 녹화가 시작되기 전입니다."
                f" 녹화된 시점에서 골라 주세요: {_told(choice)}.",
                parameter="REPLAY_AT",
            )
        return until[-1]

    def lines(self, chunk: Chunk) -> bytes:
        """A chunk's JSON lines.

        Raises:
            MarketDataMalformedError: The chunk is damaged.
            InvalidRequestError: The file is no longer there.
        """
        try:
            with self.path.open("rb") as file:
                return payload(file, chunk)
        except OSError as error:
            raise unusable(self.path, "파일을 열 수 없습니다.") from error


def _told(instants: tuple[datetime, ...]) -> str:
    """``2026-11-20 09:05, 10:30``; the date once a day."""
    words: list[str] = []
    for place, instant in enumerate(instants[:_LISTED]):
        new_day = place == 0 or instants[place - 1].date() != instant.date()
        words.append(f"{instant:%Y-%m-%d %H:%M}" if new_day else f"{instant:%H:%M}")
    if len(words) < len(instants):
        words.append(f"… {instants[-1]:%Y-%m-%d %H:%M}(모두 {len(instants)}개)")
    return ", ".join(words)
