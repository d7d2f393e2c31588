"""What a file holds decides who reads it, not its name."""

import numpy as np
import pytest

from explorer.video.source import probe, read_facts, read_frames
from tests.support.clips import grey_ramp
from tests.support.corpus.stills import photo


@pytest.mark.parametrize(("is_photo", "codec"), [(True, "png"), (False, "h264")])
def test_by_what_it_holds(tmp_path, is_photo, codec):
    path = tmp_path / "anything.bin"
    if is_photo:
        path.write_bytes(photo("PNG"))
    else:
        grey_ramp(tmp_path / "a.mp4", [0.0, 0.04]).rename(path)
    info = probe(path, "clip")
    assert info.name == "clip"
    assert len(info.frame_times) == (1 if is_photo else 2)
    assert len(list(read_frames(path, info, info.frame_times))) == len(info.frame_times)
    assert read_facts(path, info).codec.startswith(codec)
    assert np.isfinite(info.duration_s)
