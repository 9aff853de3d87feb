from pathlib import Path

import orjson
import pytest

from adapters.kis.transport import KisRequest
from adapters.replay import recorder as recorder_module
from adapters.replay.recorder import RecordingTransport, RecordingWriter
from adapters.replay.recording import Recording
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import (
    APP_KEY,
    APP_SECRET,
    Answer,
    HandClock,
    ScriptedTransport,
    answered,
    good,
)
from tests.adapters.replay.tapes import MANIFEST, at, index_request, replay

MASTER = "/common/master/kospi_code.mst.zip"


def recording_of(
    path: Path, *answers: Answer, clock: HandClock
) -> tuple[RecordingTransport, ScriptedTransport]:
    inner = ScriptedTransport(answers=list(answers), files={MASTER: b"PK\x03\x04\xff"})
    writer = RecordingWriter(path, MANIFEST)
    return RecordingTransport(inner, writer, clock), inner


async def test_what_came_goes_on_and_comes_back_in_replay(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.kisrec", HandClock(at("09:05"))
    recorder, inner = recording_of(path, good(output={"a": "1"}), clock=clock)

    response = await recorder.exchange(index_request())
    master = await recorder.download(MASTER)
    await recorder.flush()
    await recorder.close()

    transport = replay(Recording.open(path), at("09:05"))
    assert inner.requests == [index_request()]
    assert await transport.exchange(index_request()) == response
    assert await transport.download(MASTER) == master


async def test_each_flush_is_an_instant(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.kisrec", HandClock(at("09:05"))
    recorder, _ = recording_of(path, good(output={"a": "1"}), clock=clock)

    for _sweep in range(3):
        await recorder.exchange(index_request())
        await recorder.flush()
        clock.forward(minutes=5)
    await recorder.exchange(index_request())
    await recorder.close()

    recording = Recording.open(path)
    assert recording.instants == (at("09:05"), at("09:10"), at("09:15"))


async def test_a_failed_call_is_not_recorded_and_stays_a_failure(
    tmp_path: Path,
) -> None:
    path, clock = tmp_path / "a.kisrec", HandClock(at("09:05"))
    recorder, _ = recording_of(path, MarketDataUnavailableError("down"), clock=clock)

    with pytest.raises(MarketDataUnavailableError, match="down"):
        await recorder.exchange(index_request())
    await recorder.close()

    assert len(Recording.open(path).chunks) == 1


async def test_no_secret_is_recorded(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.kisrec", HandClock(at("09:05"))
    echo = answered(403, {"msg1": f"key {APP_KEY}", "appsecret": APP_SECRET})
    recorder, _ = recording_of(path, echo, clock=clock)
    request = KisRequest(
        path="/x",
        tr_id="TTTC0001R",
        params={"CANO": "87654321"},
        headers={"authorization": "Bearer token-1", "appkey": APP_KEY},
    )

    await recorder.exchange(request)
    await recorder.flush()
    await recorder.close()

    written = _decompressed(path)
    assert not [x for x in (APP_KEY, APP_SECRET, "token-1", "87654321") if x in written]
    response = await replay(Recording.open(path), at("09:05")).exchange(request)
    assert "[가림]" in orjson.loads(response.body)["msg1"]


def _decompressed(path: Path) -> str:
    recording = Recording.open(path)
    return b"\n".join(recording.lines(x) for x in recording.chunks).decode()


async def test_what_is_held_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "_HELD_BYTES", 100)
    path, clock = tmp_path / "a.kisrec", HandClock(at("09:05"))
    recorder, _ = recording_of(path, good(output={"a": "1" * 90}), clock=clock)

    await recorder.exchange(index_request())
    await recorder.close()
    await recorder.close()

    recording = Recording.open(path)
    assert [chunk.topic for chunk in recording.chunks] == ["", "FHPUP02100000"]
    assert recording.instants == ()
