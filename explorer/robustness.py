"""How firm a verdict is: a stretch of the clip judged again as a messenger would pass it on."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from explorer import corruptions
from explorer.corruptions import CORRUPTIONS
from explorer.errors import ExplorerError, InvalidRequest
from explorer.faces.crops import CROP_SIDE, cut_face
from explorer.faces.finders import FindFaces
from explorer.faces.support import Examine, supported
from explorer.faces.tracks import follow
from explorer.faces.views import views_of
from explorer.pipeline import run_variant, sample_faces
from explorer.structures import Face, OpenRunner, Progress, Report, Runner, SampledFrame, VariantError, VariantResult
from explorer.timing import StageTimer
from explorer.video.decoder import Decoder
from explorer.video.sampling import sample_indices
from model_zoo.errors import ZooError
from model_zoo.guest import View

LONGEST_S = 10.0  # of the clip that is judged again
SIDE = 1280  # pixels of the longer side: 720p
FRAMES = 12  # in that stretch
AS_UPLOADED = "as_uploaded"
ON_FRAMES = ("h264_crf28", "h264_crf33", "h264_crf40", "half_size", "jpeg50")  # what a messenger does to pictures
ON_CROPS = ("shift", "mirror")  # what moves the face that is cut out
VERSIONS = (AS_UPLOADED, *ON_FRAMES, *ON_CROPS)
TITLES = {AS_UPLOADED: "as uploaded"} | {name: corruptions.TITLES[name] for name in VERSIONS[1:]}


@dataclass(frozen=True)
class Judged:
    """What a variant says of one version of the stretch."""

    p_fake: float
    verdict: str


@dataclass(frozen=True)
class Firmness:
    """A variant's verdicts on the stretch, by version; it holds where none differs from that as uploaded."""

    name: str
    threshold: float
    uncertain: tuple[float, float]
    versions: dict[str, Judged]

    @property
    def changed_by(self) -> tuple[str, ...]:
        """The versions whose verdict is another."""
        before = self.versions[AS_UPLOADED].verdict
        return tuple(name for name, judged in self.versions.items() if judged.verdict != before)

    @property
    def holds(self) -> bool:
        """Whether no version changes the verdict."""
        return not self.changed_by


@dataclass(frozen=True)
class Robustness:
    """All variants on the stretch from `from_s` to `to_s`, in pictures `width` x `height`, by `faces` of one person."""

    clip: str
    from_s: float
    to_s: float
    width: int
    height: int
    faces: int
    variants: tuple[Firmness, ...]
    errors: tuple[VariantError, ...] = ()


def suspicious_stretch(report: Report) -> tuple[float, float]:
    """At most LONGEST_S of the clip around where its most suspicious person looks most like a forgery, in seconds.

    The window whose faces have the highest mean p_fake over all variants; the earliest of equals. Raises InvalidRequest
    where nobody was judged.
    """
    if not report.faces or not report.variants:
        raise InvalidRequest(f"nobody in {report.clip.name} was judged; there is no verdict to test")
    duration = report.clip.duration_s
    if duration <= LONGEST_S:
        return 0.0, duration
    persons, times = (np.array([getattr(face, of) for face in report.faces]) for of in ("person", "time_s"))
    p_fake = np.mean([result.frame_p_fake for result in report.variants], axis=0)
    suspect = max(np.unique(persons), key=lambda person: p_fake[persons == person].mean())
    own = persons == suspect
    starts = np.clip(times[own] - LONGEST_S / 2, 0, duration - LONGEST_S)
    means = [p_fake[own & (times >= start) & (times <= start + LONGEST_S)].mean() for start in starts]
    start = float(starts[int(np.argmax(means))])
    return start, start + LONGEST_S


def judge_again(
    path: Path,
    report: Report,
    runners: Mapping[str, OpenRunner],
    find_faces: FindFaces,
    *,
    examine: Examine | None = None,
    views: Collection[View] = (),
) -> Iterator[Progress | Robustness]:
    """Judge the most suspicious stretch of a clip as uploaded and as passed on; the last event is the Robustness.

    `report` is what analyse said of the clip. Of several people in the stretch the most suspicious one counts. Variants
    that fail are named under its errors; `views` are how guests want faces cut. Raises UnreadableClip, ClipTooLarge or
    InvalidRequest.
    """
    from_s, to_s = suspicious_stretch(report)
    frames, faces = yield from _read(path, report.clip.name, (from_s, to_s), find_faces, examine, views)
    opened: dict[str, Runner] = {}
    errors: list[VariantError] = []
    for name, open_variant in runners.items():
        try:
            opened[name] = _able(open_variant())
        except (ZooError, ExplorerError) as error:
            errors.append(VariantError(name, str(error)))
    own = _suspects(faces, opened)
    versions: dict[str, dict[str, Judged]] = {name: {} for name in opened}
    for done, version in enumerate(VERSIONS):
        spoilt: list[Face] = []
        for face in own:
            yield Progress(TITLES[version], done, len(VERSIONS))
            spoilt.append(passed_on(face, frames[face.time_s], version))
        for name, runner in opened.items():
            yield Progress(TITLES[version], done, len(VERSIONS))
            score = _result(runner, spoilt).people[0]
            versions[name][version] = Judged(score.p_fake, score.verdict)
    firm = tuple(Firmness(name, of.threshold, of.uncertain, versions[name]) for name, of in opened.items())
    height, width = frames[own[0].time_s].shape[:2]
    yield Robustness(report.clip.name, from_s, to_s, width, height, len(own), firm, tuple(errors))


def passed_on(face: Face, image: np.ndarray, version: str) -> Face:
    """The face as cut out of its frame `image` (H, W, 3) uint8 in a version of it."""
    if version == AS_UPLOADED:
        return face
    if version in ON_CROPS:
        seen = {view: CORRUPTIONS[version](crop) for view, crop in face.views.items()}
        return replace(face, crop=CORRUPTIONS[version](face.crop), views=seen)
    spoilt = CORRUPTIONS[version](image)
    return replace(face, crop=cut_face(spoilt, face.box, CROP_SIDE), views=views_of(spoilt, face.box, face.views))


def _able(runner: Runner) -> Runner:
    """Raises InvalidRequest for one that cannot judge anything anew."""
    if runner.clip_length > 1:
        words = f"{runner.name} looks at {runner.clip_length} consecutive frames: it cannot judge single faces again"
        raise InvalidRequest(words)
    if runner.for_clip:
        raise InvalidRequest(f"the scores of {runner.name} were computed elsewhere: it cannot judge the clip again")
    return runner


def _read(
    path: Path,
    name: str,
    stretch: tuple[float, float],
    find_faces: FindFaces,
    examine: Examine | None,
    views: Collection[View],
) -> Generator[Progress, None, tuple[dict[float, np.ndarray], tuple[Face, ...]]]:
    """The stretch's frames by time, scaled down to SIDE, and the faces in them."""
    frames: dict[float, np.ndarray] = {}
    sampled: list[SampledFrame] = []
    from_s, to_s = stretch
    yield Progress("reading the stretch", 0, FRAMES)
    with Decoder(path, name) as decoder:
        info = decoder.probe()
        inside = info.frame_times[(info.frame_times >= from_s) & (info.frame_times <= to_s)]
        times = inside[sample_indices(inside - from_s, to_s - from_s, FRAMES)]
        for chunk in decoder.read(times, SIDE):
            frames |= {frame.time_s: frame.image.copy() for frame in chunk}
            sampled += sample_faces(chunk, find_faces, StageTimer(), views)
            yield Progress("reading the stretch", len(frames), len(times))
    faces = supported(follow(sampled), list(frames), examine).faces
    if not faces:
        raise InvalidRequest(f"no face in {len(frames)} frames of {name} from {from_s:.1f} s to {to_s:.1f} s")
    return frames, faces


def _suspects(faces: Sequence[Face], opened: Mapping[str, Runner]) -> list[Face]:
    """The faces of the person who looks most like a forgery to all variants together."""
    persons = np.array([face.person for face in faces])
    suspect = persons[0]
    if len(np.unique(persons)) > 1 and opened:
        p_fake = np.mean([_result(runner, faces).frame_p_fake for runner in opened.values()], axis=0)
        suspect = max(np.unique(persons), key=lambda person: p_fake[persons == person].mean())
    return [face for face in faces if face.person == suspect]


def _result(runner: Runner, faces: Sequence[Face]) -> VariantResult:
    *_, result = run_variant(runner, faces)
    if not isinstance(result, VariantResult):
        raise TypeError(f"a variant's run ends with its result, not with {result!r}")
    return result
