import os
import re
import signal
import time
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.video import decoder as module
from explorer.video.decoder import Decoder
from explorer.video.reader import probe, read_frames, sample_times
from tests.support.clips import grey_ramp, turned


@pytest.fixture
def ramp(tmp_path):
    return grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(60)], size=(48, 64))


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_gives_what_the_reader_in_this_process_gives(ramp):
    info = probe(ramp)
    times = sample_times(info, 20)
    expected = [(frame.time_s, frame.image) for frame in read_frames(ramp, info, times)]
    with Decoder(ramp) as decoder:
        probed = decoder.probe()
        read = [(frame.time_s, frame.image.copy()) for frames in decoder.read(times) for frame in frames]
    assert probed == info
    np.testing.assert_array_equal(probed.frame_times, info.frame_times)
    np.testing.assert_array_equal(probed.keyframe_times, info.keyframe_times)
    assert [time_s for time_s, _ in read] == [time_s for time_s, _ in expected]
    np.testing.assert_array_equal([image for _, image in read], [image for _, image in expected])


def test_frames_come_a_few_at_a_time_scaled_and_upright(tmp_path):
    clip = turned(tmp_path / "phone.mp4", 90)  # 96 x 64 upright
    with Decoder(clip) as decoder:
        info = decoder.probe()
        read = [[frame.image.shape for frame in frames] for frames in decoder.read(info.frame_times, 48, at_once=2)]
    assert [shape for shapes in read for shape in shapes] == [(32, 48, 3)] * 5
    assert max(map(len, read)) == 2


def test_errors_are_those_of_the_reader(tmp_path, monkeypatch):
    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(b"no clip")
    with (
        Decoder(nothing, "holiday.mp4") as decoder,
        pytest.raises(UnreadableClip, match=r"holiday\.mp4 cannot be read"),
    ):
        decoder.probe()
    monkeypatch.setenv("EXPLORER_MAX_SECONDS", "1")
    module._spare.take().end()  # the one that waits read the limits when it started
    long = grey_ramp(tmp_path / "long.mp4", [0.0, 1.0, 2.0], fps=1)
    with Decoder(long) as decoder, pytest.raises(ClipTooLarge, match="over the limit of 1 s"):
        decoder.probe()
    module._spare.take().end()


def test_a_decoder_that_dies_costs_one_clip(ramp):
    with Decoder(ramp) as decoder:
        decoder.probe()
        os.kill(decoder._worker.process.pid, signal.SIGKILL)
        with pytest.raises(UnreadableClip, match=r"ramp\.mp4 makes the decoder fail"):
            list(decoder.read(np.array([0.0])))
    with Decoder(ramp) as decoder:
        assert decoder.probe().name == "ramp.mp4"


def test_one_that_died_while_it_waited_is_replaced(ramp):
    module._spare.refill()
    os.kill(module._spare._worker.process.pid, signal.SIGKILL)
    module._spare._worker.process.wait()
    with Decoder(ramp) as decoder:
        assert decoder.probe().width == 64


def test_leaving_the_block_kills_a_decoder_that_hangs(ramp, monkeypatch):
    monkeypatch.setattr(module.limits, "MAX_PROBE_SECONDS", 0.1)
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.05)
    with Decoder(ramp) as decoder:
        pid = decoder._worker.process.pid
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(UnreadableClip, match="keeps the decoder busy"):
            decoder.probe()
    assert not alive(pid)


def test_a_decoder_that_gets_no_processor_has_more_time(ramp, monkeypatch):
    monkeypatch.setattr(module.limits, "MAX_PROBE_SECONDS", 0.3)
    monkeypatch.setattr(module, "PATIENCE", 100)
    given = module._Worker.processor_s
    monkeypatch.setattr(module._Worker, "processor_s", lambda _: 0.0)
    with Decoder(ramp) as decoder:
        os.kill(decoder._worker.process.pid, signal.SIGSTOP)
        resumed = Timer(0.6, os.kill, (decoder._worker.process.pid, signal.SIGCONT))
        resumed.start()
        assert decoder.probe().width == 64
        assert 0 < given(decoder._worker) < 60
        resumed.join()
    monkeypatch.setattr(module._Worker, "processor_s", lambda _: float("inf"))  # of a system that does not tell
    with Decoder(ramp) as decoder:
        os.kill(decoder._worker.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(UnreadableClip, match="keeps the decoder busy"):
            decoder.probe()
        assert time.monotonic() - began < 15


def test_whoever_waits_for_a_slow_decoder_is_asked_now_and_then(ramp):
    with Decoder(ramp) as decoder:
        info = decoder.probe()
        os.kill(decoder._worker.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        assert next(decoder.read(info.frame_times)) == []
        assert time.monotonic() - began < 2


def test_the_process_is_confined(monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_DECODER_BYTES", str(300 << 20))  # of address space: hardly what it starts with
    worker = module._Worker.start()
    try:
        limits = dict(re.findall(r"^(.+?) {2,}(\S+)", limits_of(worker), re.MULTILINE))
    finally:
        worker.end()
    assert limits["Max address space"] == str(300 << 20)
    assert limits["Max file size"] == limits["Max core file size"] == "0"
    assert int(limits["Max cpu time"]) < 10_000


def limits_of(worker) -> str:
    """The process's limits, once it has set them."""
    path, confined = Path(f"/proc/{worker.process.pid}/limits"), re.compile(r"^Max file size +0 ", re.MULTILINE)
    while not confined.search(text := path.read_text()):
        time.sleep(0.02)
    return text


def test_what_it_says_cannot_point_outside_of_the_memory(ramp):
    with Decoder(ramp) as decoder:
        for lie in ((0.0, 10**6, 10**6, 0), (0.0, 4, 4, 99), (0.0, 4, 4, -1), (0.0, 0, 4, 0)):
            with pytest.raises(UnreadableClip, match="makes the decoder fail"):
                decoder._frame(*lie)
