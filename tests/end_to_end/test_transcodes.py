"""The same pictures give the same probabilities, whatever they are wrapped in.

Where no bit of the picture is lost, nothing may change, and nothing does. Where it is, the detectors themselves answer
to what the eye does not see, and the more so near their threshold. Measured with lite0_kd_p40 on the copies below, per
frame at most: 0.05 on the untouched portrait (p_fake 0.02 to 0.14) and 0.18 on the forged one (0.2 to 0.8), where faces
are cut in the same places; 0.25 and 0.33 where they are found anew, for a box moves by up to a tenth of its width. Over
the 32 frames that the explorer samples the noise averages out: the whole clip's p_fake moves by at most 0.02.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from explorer.faces.finders import FindFaces, finder_named
from explorer.inference.runners import open_runner
from explorer.limits import DEFAULT_FRAMES
from tests.support.corpus.transcoding import remux, transcode
from tests.support.fakes import report_of

pytestmark = pytest.mark.heavy  # whole clips through the face finder

VARIANT = "lite0_kd_p40"
REMUXED, TRANSCODED = 0.02, 0.05  # what p_fake of a frame may change by
SECONDS, FRAMES = 2, 8
SAMPLED = DEFAULT_FRAMES  # where pictures lose something
FINDER = "mtcnn"  # which looks at each frame by itself
X264 = {"preset": "ultrafast", "threads": "1"}
VP9 = {"deadline": "realtime", "cpu-used": "8"}
VP8 = {"deadline": "good", "cpu-used": "5"}  # whose other deadline asks the clock

LOSSLESS = {
    "mp4": ("mp4", "libx264", {"options": X264 | {"qp": "0"}}),
    "mkv": ("matroska", "libx264", {"options": X264 | {"qp": "0"}}),
    "avi": ("avi", "libx264", {"options": X264 | {"qp": "0", "bf": "0"}}),
    "webm": ("webm", "libvpx-vp9", {"options": VP9 | {"lossless": "1"}}),
    **{f"turned-{d}": ("mp4", "libx264", {"options": X264 | {"qp": "0"}, "degrees": d}) for d in (90, 180, 270)},
    "variable-rate": ("mp4", "libx264", {"options": X264 | {"qp": "0"}, "uneven": True}),
}
LOSSY = {
    "mp4": ("mp4", "libx264", {"options": X264 | {"crf": "8"}}),
    "hevc": ("mp4", "libx265", {"options": {"crf": "8", "preset": "ultrafast", "x265-params": "log-level=none"}}),
    "vp9": ("webm", "libvpx-vp9", {"options": VP9 | {"crf": "4"}, "bit_rate": 0}),
    "vp8": ("webm", "libvpx", {"options": VP8 | {"crf": "4"}, "bit_rate": 20_000_000}),
    "avi": ("avi", "mpeg4", {"options": {"qmin": "1", "qmax": "1"}, "bit_rate": 40_000_000}),
    **{f"turned-{d}": ("mp4", "libx264", {"options": X264 | {"crf": "8"}, "degrees": d}) for d in (90, 180, 270)},
    "variable-rate": ("mp4", "libx264", {"options": X264 | {"crf": "8"}, "uneven": True}),
}
NEAR = ("mp4", "vp9", "avi")


def _in_ci(kinds: Iterable[str], *names: str) -> list:
    """All of these kinds; those not named wait for `make slow`."""
    return [kind if kind in names else pytest.param(kind, marks=pytest.mark.slow) for kind in kinds]


@dataclass(frozen=True)
class Curve:
    """The clip's p_fake, and that of each frame (N,) with its time in seconds and its face's box (N, 4)."""

    clip: float
    p_fake: np.ndarray
    times: np.ndarray
    boxes: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """Which frames stand at these times, to half a frame."""
        nearest = np.abs(self.times - times[:, None]).argmin(1)
        assert np.abs(self.times[nearest] - times).max() < 0.02
        return nearest


def curve_of(path: Path, finder: FindFaces, frames: int = FRAMES) -> Curve:
    report = report_of(path, {VARIANT: partial(open_runner, VARIANT)}, finder, frames=frames)
    assert len(report.faces) == report.frames_sampled  # one face, seen in every frame
    result = report.variants[0]
    times, boxes = zip(*((face.time_s, face.box) for face in report.faces), strict=True)
    return Curve(result.p_fake, result.frame_p_fake, np.array(times), np.array(boxes))


@dataclass(frozen=True)
class Original:
    """A clip and the curve of all its frames."""

    path: Path
    curve: Curve

    def compared(self, copy: Path, frames: int = FRAMES, there: bool = False) -> tuple[np.ndarray, float]:
        """How far each frame's p_fake and the clip's changed; `there` looks for faces only where they were."""
        curve = curve_of(copy, finder_named(FINDER), frames)
        if there:
            boxes = iter(self.curve.boxes[self.curve.at(curve.times)])
            curve = curve_of(copy, lambda images: [next(boxes)[None] for _ in images], frames)
        expected = self.curve.p_fake[self.curve.at(curve.times)]
        return np.abs(curve.p_fake - expected), abs(curve.clip - expected.mean())


@pytest.fixture(scope="module")
def original(examples, tmp_path_factory) -> Callable[[str], Original]:
    """The first seconds of an example clip, by title; each is looked at once."""
    seen: dict[str, Original] = {}

    def of(title: str) -> Original:
        if title not in seen:
            path = tmp_path_factory.mktemp("original") / "clip.mp4"
            remux(examples[title], path, "mp4", SECONDS)
            seen[title] = Original(path, curve_of(path, finder_named(FINDER), frames=300))
        return seen[title]

    return of


@pytest.mark.parametrize("container", ["mov", "matroska", "mpegts"])
def test_remuxed(original, tmp_path, container):
    clip = original("Forged face")
    remux(clip.path, tmp_path / "copy", container, SECONDS)
    frames, _ = clip.compared(tmp_path / "copy")
    assert frames.max() <= REMUXED


@pytest.mark.parametrize("container", ["mov", "matroska", "avi"])
def test_remuxed_from_mpeg4(original, tmp_path, container):
    """AVI cannot hold the examples' own H.264, whose frames are stored in another order than they are shown in."""
    base, copy = tmp_path / "base.mp4", tmp_path / "copy"
    transcode(original("Forged face").path, base, "mp4", "mpeg4", SECONDS, bit_rate=4_000_000)
    remux(base, copy, container, SECONDS)
    there, here = (curve_of(path, finder_named(FINDER)) for path in (base, copy))
    assert here.times == pytest.approx(there.times, abs=0.001)
    assert here.p_fake == pytest.approx(there.p_fake, abs=REMUXED)


@pytest.mark.parametrize("kind", _in_ci(LOSSLESS, "turned-90", "variable-rate"))
def test_transcoded_without_loss(original, tmp_path, kind):
    clip, (container, codec, settings) = original("Forged face"), LOSSLESS[kind]
    transcode(clip.path, tmp_path / "copy", container, codec, SECONDS, **settings)
    frames, _ = clip.compared(tmp_path / "copy")
    assert frames.max() <= REMUXED


@pytest.mark.parametrize("kind", _in_ci(LOSSY, "mp4", "vp9"))
def test_transcoded_at_high_quality(original, tmp_path, kind):
    clip, (container, codec, settings) = original("Untouched portrait"), LOSSY[kind]
    transcode(clip.path, tmp_path / "copy", container, codec, SECONDS, **settings)
    frames, _ = clip.compared(tmp_path / "copy", SAMPLED, there=True)
    assert np.quantile(frames, 0.9) <= TRANSCODED
    _, whole = clip.compared(tmp_path / "copy", SAMPLED)
    assert whole <= TRANSCODED


@pytest.mark.parametrize("kind", _in_ci(NEAR, "mp4"))
def test_transcoded_near_the_threshold(original, tmp_path, kind):
    clip, (container, codec, settings) = original("Forged face"), LOSSY[kind]
    transcode(clip.path, tmp_path / "copy", container, codec, SECONDS, **settings)
    _, whole = clip.compared(tmp_path / "copy", SAMPLED)
    assert whole <= TRANSCODED


@pytest.mark.xfail(strict=True, reason="a frame near the threshold moves by up to 0.33; see this module's first lines")
@pytest.mark.parametrize("kind", _in_ci(NEAR, "mp4"))
def test_frames_near_the_threshold(original, tmp_path, kind):
    clip, (container, codec, settings) = original("Forged face"), LOSSY[kind]
    transcode(clip.path, tmp_path / "copy", container, codec, SECONDS, **settings)
    frames, _ = clip.compared(tmp_path / "copy", SAMPLED)
    assert frames.max() <= TRANSCODED


def test_a_real_clip(real_clips, tmp_path):
    base, finder = tmp_path / "base.mp4", finder_named(FINDER)
    remux(real_clips / "real_conan.mp4", base, "mp4", 3)
    expected = curve_of(base, finder)
    for container in ("mov", "mpegts"):
        copy = tmp_path / container
        remux(base, copy, container, 3)
        assert curve_of(copy, finder).p_fake == pytest.approx(expected.p_fake, abs=REMUXED)
    turned = tmp_path / "turned"
    transcode(base, turned, "mp4", "libx264", 3, degrees=90, options=X264 | {"qp": "0"})
    assert curve_of(turned, finder).p_fake == pytest.approx(expected.p_fake, abs=TRANSCODED)
