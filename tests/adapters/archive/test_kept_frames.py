"""The last frames on disk: exact, few, and never a danger to an answer."""

import asyncio
import io
import os
import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from adapters.archive.kept_frames import ForgottenFrames, FrameFiles
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Flag, Kind, Listings, Market, Venue
from tests.builders import BEFORE, SESSION, at, frame, listing, row, totals

STOCKS = frozenset({Kind.STOCK})
DAYS = (date(2026, 8, 18), BEFORE, SESSION)


def full_frame(session: date = SESSION, venue: Venue = Venue.KRX) -> MarketFrame:
    """Every column differs, every flag is set somewhere, one code is unknown."""
    swept = frame(
        {
            listing(
                "005930",
                name="삼성전자",
                flags=Flag.WARNING | Flag.UNFAITHFUL_DISCLOSURE,
                on_nxt=True,
                base_price=82_100,
                previous_volume=9_876_543,
            ): row(
                1_221_686_345_500,
                price=82_600,
                base=82_100,
                open=82_300,
                high=83_000,
                low=81_900,
                volume=14_820_123,
            ),
            listing("00104K", name='가나|다 "라"', market=Market.KOSDAQ): row(5),
            listing("0126Z0", name="없음"): None,
        },
        venue=venue,
        session=session,
        official=totals(12_345_000_000),
        carried=frozenset({"00104K"}),
        suspect=frozenset({"005930"}),
        is_final=True,
    )
    dated = Listings(items=swept.listings.items, dated=session)
    return replace(swept, listings=dated)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def kept(folder: Path, *frames: MarketFrame) -> tuple[MarketFrame, ...]:
    """What another process finds after these were kept."""
    files = FrameFiles(folder)
    for one in frames:
        await files.keep(one)
    return await FrameFiles(folder).last(frames[-1].venue, frames[-1].kinds)


async def test_what_is_read_equals_what_was_written(tmp_path: Path) -> None:
    frames = full_frame()
    (read,) = await kept(tmp_path, frames)
    assert read == frames
    for name in (*COLUMNS, "known", "carried", "suspect"):
        written = getattr(frames, name)
        assert getattr(read, name).dtype == written.dtype, name
        assert getattr(read, name).tolist() == written.tolist(), name
    assert read.listings.items == frames.listings.items
    assert read.listings.dated == frames.listings.dated == SESSION
    assert (read.official, read.is_final) == (frames.official, True)
    assert (read.as_of_from, read.as_of) == (at("10:29:52"), at("10:30"))
    assert read.as_of.utcoffset() == at("10:30").utcoffset()


async def test_an_empty_frame_comes_back_empty(tmp_path: Path) -> None:
    empty = frame({}, venue=Venue.NXT, kinds=STOCKS)
    (read,) = await kept(tmp_path, empty)
    assert (read, len(read.listings)) == (empty, 0)


async def test_read_columns_cannot_be_written(tmp_path: Path) -> None:
    (read,) = await kept(tmp_path, full_frame())
    with pytest.raises(ValueError, match="read-only"):
        read.price[0] = 1


async def test_two_sessions_are_kept_newest_first(tmp_path: Path) -> None:
    read = await kept(tmp_path, *(full_frame(day) for day in DAYS))
    assert [one.session for one in read] == [SESSION, BEFORE]
    assert len(files_in(tmp_path)) == 2


async def test_a_later_frame_replaces_the_one_of_its_session(tmp_path: Path) -> None:
    later = replace(full_frame(), as_of=at("15:40"))
    (read,) = await kept(tmp_path, full_frame(), later)
    assert read.as_of == at("15:40")


async def test_venues_and_pools_are_kept_apart(tmp_path: Path) -> None:
    funds = frozenset({Kind.ETF, Kind.ETN})
    files = FrameFiles(tmp_path)
    for one in (
        full_frame(),
        full_frame(venue=Venue.NXT),
        replace(full_frame(BEFORE), kinds=funds),
    ):
        await files.keep(one)
    assert [x.session for x in await files.last(Venue.KRX, STOCKS)] == [SESSION]
    assert [x.venue for x in await files.last(Venue.NXT, STOCKS)] == [Venue.NXT]
    assert [x.session for x in await files.last(Venue.KRX, funds)] == [BEFORE]
    assert await files.last(Venue.NXT, funds) == ()


async def test_nothing_is_there_before_anything_was_kept(tmp_path: Path) -> None:
    assert await FrameFiles(tmp_path / "none").last(Venue.KRX, STOCKS) == ()
    assert not (tmp_path / "none").exists()


def damages(whole: bytes) -> Iterator[bytes]:
    """Torn, empty, foreign and altered files; the same each time."""
    yield from (b"", b"not a zip", whole[: len(whole) // 2], whole[:-1])
    dice = random.Random(7)  # noqa: S311 - damage need not be secret
    for _ in range(120):
        spoilt = bytearray(whole)
        for _ in range(dice.choice([1, 8, 40])):
            spoilt[dice.randrange(len(whole))] = dice.randrange(256)
        yield bytes(spoilt)
    for name in ("facts", "price", "known"):
        buffer = io.BytesIO()
        with np.load(io.BytesIO(whole)) as file:
            np.savez(buffer, **{x: file[x] for x in file.files if x != name})
        yield buffer.getvalue()


async def test_a_damaged_file_is_never_an_error(tmp_path: Path) -> None:
    (file,) = await path_of(tmp_path)
    whole, good = file.read_bytes(), full_frame()
    for spoilt in damages(whole):
        for old in files_in(tmp_path):
            old.unlink()
        file.write_bytes(spoilt)
        for read in await FrameFiles(tmp_path).last(Venue.KRX, STOCKS):
            assert read.price.tolist() == good.price.tolist()
            assert read.trading_value.tolist() == good.trading_value.tolist()


async def path_of(folder: Path, *frames: MarketFrame) -> list[Path]:
    await kept(folder, *(frames or (full_frame(),)))
    return files_in(folder)


async def test_a_damaged_file_is_set_aside_with_a_warning(tmp_path: Path) -> None:
    older, newer = await path_of(tmp_path, full_frame(BEFORE), full_frame())
    newer.write_bytes(newer.read_bytes()[:-100])
    with capture_logs() as logs:
        read = await FrameFiles(tmp_path).last(Venue.KRX, STOCKS)
    assert [one.session for one in read] == [BEFORE]
    assert [(log["event"], log["log_level"]) for log in logs] == [
        ("frames.set_aside", "warning")
    ]
    assert files_in(tmp_path) == [older, newer.with_suffix(".damaged")]


async def test_a_session_is_kept_anew_after_its_file_was_damaged(
    tmp_path: Path,
) -> None:
    (file,) = await path_of(tmp_path)
    file.write_bytes(b"")
    files = FrameFiles(tmp_path)
    assert await files.last(Venue.KRX, STOCKS) == ()
    await files.keep(full_frame())
    assert await files.last(Venue.KRX, STOCKS) == (full_frame(),)


async def test_a_pickle_is_not_loaded(tmp_path: Path) -> None:
    (file,) = await path_of(tmp_path)
    file.write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    objects = io.BytesIO()
    np.savez(objects, facts=np.array([Trap(tmp_path / "sprung")], dtype=object))
    assert await FrameFiles(tmp_path).last(Venue.KRX, STOCKS) == ()
    file.write_bytes(objects.getvalue())
    assert await FrameFiles(tmp_path).last(Venue.KRX, STOCKS) == ()
    assert not (tmp_path / "sprung").exists()


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self._mark,)


async def test_no_object_is_ever_written(tmp_path: Path) -> None:
    (file,) = await path_of(tmp_path)
    with np.load(file, allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} <= set("iub")


@pytest.mark.parametrize("place", ["file", "file/below"])
async def test_a_folder_that_cannot_be_is_a_warning(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("in the way")
    files = FrameFiles(tmp_path / place)
    with capture_logs() as logs:
        await files.keep(full_frame())
    assert [log["event"] for log in logs] == ["frames.not_kept"]
    assert await files.last(Venue.KRX, STOCKS) == ()


async def test_a_write_that_fails_leaves_no_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = await path_of(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with capture_logs() as logs:
        await FrameFiles(tmp_path).keep(replace(full_frame(), as_of=at("15:40")))
    assert [log["event"] for log in logs] == ["frames.not_kept"]
    assert files_in(tmp_path) == [file]


async def test_writers_and_readers_at_once_see_whole_frames(tmp_path: Path) -> None:
    """Several processes share the folder; here several threads with their own loop."""

    def process(number: int) -> int:
        return asyncio.run(written_and_read(tmp_path, number))

    with capture_logs() as logs, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(process, range(6)))
    assert [log["event"] for log in logs] == []
    assert min(found) > 0
    read = await FrameFiles(tmp_path).last(Venue.KRX, STOCKS)
    assert [one.session for one in read] == [SESSION, BEFORE]
    assert len(files_in(tmp_path)) == 2


async def written_and_read(folder: Path, number: int) -> int:
    files, seen = FrameFiles(folder), 0
    for turn in range(6):
        day = DAYS[(number + turn) % 3]
        await files.keep(replace(full_frame(day), as_of=at("10:30", day)))
        seen += len(await files.last(Venue.KRX, STOCKS))
    return seen


async def test_a_replay_keeps_nothing() -> None:
    frames = ForgottenFrames()
    await frames.keep(full_frame())
    assert await frames.last(Venue.KRX, STOCKS) == ()


# -- what another process has published --------------------------------------------


def as_of(frame_: MarketFrame, clock: str) -> MarketFrame:
    return replace(frame_, as_of=at(clock, frame_.session))


async def test_a_frame_is_newer_for_whoever_has_none_or_an_older_one(
    tmp_path: Path,
) -> None:
    theirs, mine = FrameFiles(tmp_path), FrameFiles(tmp_path)
    assert await mine.newer(Venue.KRX, STOCKS, None) is None
    await theirs.keep(as_of(full_frame(), "10:31"))
    for than in (None, at("10:30")):
        found = await mine.newer(Venue.KRX, STOCKS, than)
        assert found is not None
        assert found.as_of == at("10:31")
    assert await mine.newer(Venue.KRX, STOCKS, at("10:31")) is None
    assert await mine.newer(Venue.NXT, STOCKS, None) is None
    await theirs.keep(as_of(full_frame(), "10:32"))
    found = await mine.newer(Venue.KRX, STOCKS, at("10:31"))
    assert found is not None
    assert found.as_of == at("10:32")


async def test_a_file_is_not_read_again_until_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, read_bytes = [], Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    theirs, mine = FrameFiles(tmp_path), FrameFiles(tmp_path)
    await theirs.keep(as_of(full_frame(), "10:31"))
    for _ in range(5):
        await theirs.newer(Venue.KRX, STOCKS, at("10:31"))
    assert not reads, "who wrote it knows it"
    for _ in range(5):
        await mine.newer(Venue.KRX, STOCKS, at("10:31"))
    assert len(reads) == 1
    await theirs.keep(as_of(full_frame(), "10:32"))
    await mine.newer(Venue.KRX, STOCKS, at("10:31"))
    assert len(reads) == 2


async def test_what_was_written_last_counts_after_a_clock_was_set_back(
    tmp_path: Path,
) -> None:
    files = FrameFiles(tmp_path)
    await files.keep(full_frame(SESSION))
    await files.keep(full_frame(BEFORE))
    found = await FrameFiles(tmp_path).newer(Venue.KRX, STOCKS, None)
    assert found is not None
    assert found.session == BEFORE


async def test_a_damaged_publication_is_none(tmp_path: Path) -> None:
    (file,) = await path_of(tmp_path)
    file.write_bytes(b"torn")
    with capture_logs() as logs:
        assert await FrameFiles(tmp_path).newer(Venue.KRX, STOCKS, None) is None
    assert [log["event"] for log in logs] == ["frames.set_aside"]


async def test_forgotten_frames_are_gone_for_all_who_share_the_folder(
    tmp_path: Path,
) -> None:
    files, others = FrameFiles(tmp_path), FrameFiles(tmp_path)
    for day in (BEFORE, SESSION):
        await files.keep(full_frame(day))
    await files.keep(full_frame(venue=Venue.NXT))
    (tmp_path / "of-another.json").write_text("{}")

    assert await others.forget() == 3

    assert sorted(os.listdir(tmp_path)) == ["of-another.json"]  # noqa: PTH208
    assert await files.newer(Venue.KRX, STOCKS, None) is None
    await files.keep(full_frame())
    assert await others.last(Venue.KRX, STOCKS) == (full_frame(),)


async def test_where_nothing_is_kept_nothing_is_forgotten(tmp_path: Path) -> None:
    assert await FrameFiles(tmp_path / "absent").forget() == 0
    assert await ForgottenFrames().forget() == 0


async def test_a_frame_that_cannot_be_removed_is_logged(tmp_path: Path) -> None:
    (tmp_path / "krx-stock-2026-08-20.npz").mkdir()
    with capture_logs() as lines:
        assert await FrameFiles(tmp_path).forget() == 0
    assert [line["event"] for line in lines] == ["frames.not_removed"]
