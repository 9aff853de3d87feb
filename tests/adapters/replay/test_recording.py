import zlib
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from adapters.replay.chunks import Kind, encode, start
from adapters.replay.clock import RecordedClock
from adapters.replay.recording import Recording
from domain.errors import InvalidRequestError, MarketDataMalformedError
from domain.provenance import Source
from domain.session import KST
from tests.adapters.kis.fakes import good
from tests.adapters.replay.tapes import MANIFEST, Tape, at, index_request


@pytest.fixture
def two_days(tmp_path: Path) -> Recording:
    tape = Tape(tmp_path)
    for day in (19, 20):
        for clock in ("09:05", "10:30", "13:00"):
            when = at(clock, date(2026, 11, day))
            tape.take_quotes(when, {("J", "000010"): 100})
    return tape.done()


@pytest.fixture
def two_sweeps(tmp_path: Path) -> Recording:
    tape = Tape(tmp_path)
    for clock in ("09:05", "10:30"):
        tape.take(at(clock), index_request(), good(output={"acml_tr_pbmn": "10"}))
        tape.writer.mark(at(clock))
    return tape.done()


def test_the_manifest_comes_back(two_days: Recording) -> None:
    assert two_days.manifest == MANIFEST
    assert two_days.source == Source(name="recording:손으로 쓴 녹화", simulated=True)


def test_instants_are_the_ends_of_the_sweeps(two_days: Recording) -> None:
    assert len(two_days.instants) == 6
    assert two_days.instants[0] == at("09:05", date(2026, 11, 19))
    assert two_days.instants[0].tzinfo is KST


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (None, at("13:00")),
        (time(10, 30), at("10:30")),
        (time(12, 59, 59), at("10:30")),
        (time(23), at("13:00")),
        (datetime(2026, 11, 20, 10, 31), at("10:30")),  # noqa: DTZ001 - Seoul's
        (at("08:00"), at("13:00", date(2026, 11, 19))),
        (at("09:05", date(2026, 12, 24)), at("13:00")),
    ],
)
def test_the_latest_instant_until_then_is_chosen(
    two_days: Recording, asked: datetime | time | None, chosen: datetime
) -> None:
    assert two_days.choose_instant(asked) == chosen
    assert RecordedClock(two_days, at=asked).now() == chosen


def test_a_time_before_the_first_of_the_last_session_lists_its_instants(
    two_days: Recording,
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        two_days.choose_instant(time(9))

    assert caught.value.parameter == "REPLAY_AT"
    assert "2026-11-20 09:05, 10:30, 13:00" in str(caught.value)
    assert "11-19" not in str(caught.value)


def test_an_instant_before_the_first_lists_every_session(two_days: Recording) -> None:
    with pytest.raises(InvalidRequestError, match="2026-11-19 09:05, 10:30, 13:00, 2"):
        two_days.choose_instant(at("09:00", date(2026, 11, 19)))


def test_a_long_list_of_instants_is_shortened(tmp_path: Path) -> None:
    tape = Tape(tmp_path)
    for minute in range(30):
        tape.take_quotes(at(f"09:{minute:02}"), {("J", "000010"): 100})

    with pytest.raises(
        InvalidRequestError, match=r"09:11, … 2026-11-20 09:29\(모두 30"
    ):
        tape.done().choose_instant(time(8))


def test_a_recording_without_a_whole_sweep_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="시점이 하나도 없습니다"):
        Tape(tmp_path).done().choose_instant()


def test_a_file_cut_off_anywhere_is_readable_to_the_cut(two_sweeps: Recording) -> None:
    whole = two_sweeps.path.read_bytes()
    first = two_sweeps.chunks[1].offset  # the manifest's chunk lies before it
    seen = set()

    for length in range(first, len(whole)):
        two_sweeps.path.write_bytes(whole[:length])
        cut = Recording.open(two_sweeps.path)
        for chunk in cut.chunks:
            cut.lines(chunk)
        seen.add(len(cut.instants))

    assert seen == {0, 1}


def test_a_cut_within_the_manifest_is_damage(two_days: Recording) -> None:
    whole = two_days.path.read_bytes()
    two_days.path.write_bytes(whole[: two_days.chunks[0].offset + 3])

    with pytest.raises(MarketDataMalformedError, match="머리 정보"):
        Recording.open(two_days.path)


def test_whether_a_file_was_cut_is_known(two_days: Recording) -> None:
    assert not two_days.is_cut
    two_days.path.write_bytes(two_days.path.read_bytes()[:-1])
    assert Recording.open(two_days.path).is_cut


def test_every_flipped_byte_is_noticed(two_sweeps: Recording) -> None:
    whole = two_sweeps.path.read_bytes()

    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        two_sweeps.path.write_bytes(flipped)
        with pytest.raises((MarketDataMalformedError, InvalidRequestError)) as caught:
            _read_whole(two_sweeps.path)
        assert "\n" not in str(caught.value)


def _read_whole(path: Path) -> None:
    recording = Recording.open(path)
    for chunk in recording.chunks:
        recording.lines(chunk)
    if recording.is_cut:
        raise InvalidRequestError("cut", parameter="REPLAY_RECORDING")


@pytest.mark.parametrize("junk", [b"", b"KIS", b"{}" * 5_000, b"\0" * 100_000])
def test_junk_is_no_recording(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.kisrec"
    path.write_bytes(junk)

    with pytest.raises(InvalidRequestError, match="녹화 파일이 아닙니다"):
        Recording.open(path)


@pytest.mark.parametrize("name", ["absent.kisrec", "."])
def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="열 수 없습니다") as caught:
        Recording.open(tmp_path / name)

    assert caught.value.parameter == "REPLAY_RECORDING"


def test_another_version_is_refused(two_days: Recording) -> None:
    whole = bytearray(two_days.path.read_bytes())
    whole[8] = 9
    two_days.path.write_bytes(whole)

    with pytest.raises(InvalidRequestError, match="v9"):
        Recording.open(two_days.path)


def test_a_chunk_of_an_unknown_kind_is_passed_over(tmp_path: Path) -> None:
    later: Any = max(Kind) + 1
    known = encode(
        kind=Kind.MANIFEST,
        first=at("09:00"),
        last=at("09:00"),
        lines=MANIFEST.to_json(),
    )
    newer = encode(kind=later, first=at("09:00"), last=at("09:00"), lines=b"new")
    path = tmp_path / "newer.kisrec"
    path.write_bytes(start() + known + newer)

    assert Recording.open(path).instants == ()


def test_a_manifest_of_another_form_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "odd.kisrec"
    for said in (b"[]", b"{", MANIFEST.to_json().replace(b"true", b'"yes"')):
        chunk = encode(
            kind=Kind.MANIFEST, first=at("09:00"), last=at("09:00"), lines=said
        )
        path.write_bytes(start() + chunk)
        with pytest.raises(MarketDataMalformedError, match="머리 정보"):
            Recording.open(path)


def test_a_chunk_that_would_swell_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    tape = Tape(tmp_path)
    tape.writer.close()
    bomb = encode(
        kind=Kind.EXCHANGES,
        first=at("09:00"),
        last=at("09:00"),
        lines=b"0" * (65 << 20),
    )
    with tape.path.open("ab") as file:
        file.write(bomb)
    recording = Recording.open(tape.path)

    with pytest.raises(MarketDataMalformedError, match="구획 크기"):
        recording.lines(recording.chunks[-1])


@pytest.mark.parametrize(
    "payload", [b"not zstd at all", b"\x28\xb5\x2f\xfd\x20\x04gar"]
)
def test_a_payload_that_is_no_compressed_text_is_damage(
    tmp_path: Path, payload: bytes
) -> None:
    tape = Tape(tmp_path)
    recording = tape.done()
    tape.path.write_bytes(payload)
    chunk = replace(
        recording.chunks[0],
        offset=0,
        stored=len(payload),
        raw=4,
        crc=zlib.crc32(payload),
    )

    with pytest.raises(MarketDataMalformedError, match="손상"):
        recording.lines(chunk)


def test_a_file_that_has_gone_is_said_in_one_line(two_sweeps: Recording) -> None:
    two_sweeps.path.unlink()

    with pytest.raises(InvalidRequestError, match="열 수 없습니다"):
        two_sweeps.lines(two_sweeps.chunks[1])
