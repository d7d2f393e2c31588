"""A clip in, several detectors side by side out: the whole path, as a generator of progress."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from time import perf_counter

import numpy as np

from explorer import limits
from explorer.cpu import cpu_facts
from explorer.errors import ExplorerError, InvalidRequest, NoFaceFound
from explorer.faces.appearance import scene_of
from explorer.faces.crops import CROP_SIDE, cut_face, resize_crop
from explorer.faces.finders import FindFaces
from explorer.faces.mtcnn.second_look import context
from explorer.faces.support import MAX_PEOPLE, Examine, supported
from explorer.faces.tracks import follow
from explorer.faces.tubes import read_tubes
from explorer.faces.views import views_of
from explorer.inference.engines import BATCH_SIZE
from explorer.origin import Origin
from explorer.slices import judge_slices
from explorer.structures import (
    Face,
    Frame,
    OpenRunner,
    Progress,
    Report,
    Runner,
    SampledFrame,
    VariantError,
    VariantResult,
)
from explorer.timing import StageTimer, median_iqr
from explorer.verdicts import NO_FACE, fake_frame_rate, judge_people, probabilities
from explorer.video.decoder import Decoder
from explorer.video.reader import sample_times
from explorer.video.sampling import unseen
from model_zoo.errors import ZooError
from model_zoo.guest import View

SILENT_S = 0.25  # at most, about: a job is stopped where it yields

Event = Progress | VariantResult | VariantError | Report


def analyse(
    path: Path,
    runners: Mapping[str, OpenRunner],
    find_faces: FindFaces,
    *,
    examine: Examine | None = None,
    frames: int = limits.DEFAULT_FRAMES,
    name: str | None = None,
    views: Collection[View] = (),
) -> Iterator[Event]:
    """Probe the clip, sample frames, find faces, cut crops and run every variant; the last event is the Report.

    `runners` opens each variant by name, one after another, so that one which fails is named under the report's
    errors while the others run; `views` are how those of them that are guests want faces cut. `examine` tells faces
    from what `find_faces` takes for some; without it, all count. Closing the generator stops the work at the next
    event. Raises UnreadableClip, ClipTooLarge or InvalidRequest; a clip without a face is no error: its verdict is
    `no face`.
    """
    if not 1 <= frames <= limits.MAX_FRAMES:
        raise InvalidRequest(f"{frames} frames were asked for; choose 1 to {limits.MAX_FRAMES}")
    timer = StageTimer()
    yield Progress("reading the clip", 0, 1)
    sampled: list[SampledFrame] = []
    with Decoder(path, name) as decoder:
        with timer("decode"):
            info = decoder.probe()
            times = sample_times(info, frames)
        for chunk in timer.each("decode", decoder.read(times)):
            sampled += sample_faces(chunk, find_faces, timer, views)
            yield Progress("finding faces", len(sampled), len(times))
        origin: Origin | None = None
        for origin in decoder.origin():
            if origin is None:
                yield Progress("reading its credentials", 0, 1)
    with timer("find_faces"):
        read_at = [frame.time_s for frame in sampled]
        cast = supported(follow(sampled), read_at, examine)
    faces = cast.faces
    results: list[VariantResult] = []
    errors = [VariantError(None, words) for words in unseen(info, times, np.array(read_at))]
    if not faces:
        errors.append(VariantError(None, str(no_face(info.name, len(sampled)))))
    if cast.too_many:
        errors.append(VariantError(None, cast.too_many))
    resized = cache(partial(_resized, faces))  # variants share a size
    for done, (variant, open_variant) in enumerate(runners.items()):
        yield Progress(f"running {variant}", done, len(runners))
        try:
            runner = open_variant()
            if runner.for_clip:
                runner = replace(runner, run=runner.for_clip(path))
            for event in (
                run_slices(runner, path, info.name, faces, find_faces, frames)
                if runner.clip_length > 1
                else run_variant(runner, faces, resized)
            ):
                if isinstance(event, VariantError):  # of slices that were not judged: the variant ran
                    errors.append(event)
                    continue
                yield event
                if isinstance(event, VariantResult):
                    results.append(event)
        except (ZooError, ExplorerError) as error:
            errors.append(VariantError(variant, str(error)))
            yield errors[-1]
    stages = {stage: timer.milliseconds().get(stage, 0.0) for stage in ("decode", "find_faces", "crop")}
    yield Report(info, len(sampled), faces, cpu_facts(), stages, tuple(results), tuple(errors), cast.not_judged, origin)


def report_of(events: Iterable[object]) -> Report:
    """What a run comes to: the last of its events."""
    *_, report = events
    if not isinstance(report, Report):
        raise TypeError(f"a run ends with its report, not with {report!r}")
    return report


def sample_faces(
    frames: list[Frame], find_faces: FindFaces, timer: StageTimer, views: Collection[View] = ()
) -> list[SampledFrame]:
    """What is kept of frames: thumbnails, and their faces, the largest first. Timed as `find_faces` and `crop`."""
    with timer("find_faces"):
        boxes_by_frame = find_faces([frame.image for frame in frames])
    with timer("crop"):
        return [
            SampledFrame(
                frame.time_s, scene_of(frame.image), tuple(_face(frame, box, views) for box in boxes[:MAX_PEOPLE])
            )
            for frame, boxes in zip(frames, boxes_by_frame, strict=True)
        ]


def _face(frame: Frame, box: np.ndarray, views: Collection[View]) -> Face:
    crop, around = cut_face(frame.image, box, CROP_SIDE), context(frame.image, box)
    return Face(frame.time_s, box, crop, context=around, views=views_of(frame.image, box, views))


def no_face(name: str, sampled: int) -> NoFaceFound:
    """The sentence for a clip that shows no face."""
    advice = "try a clip whose face is at least 64 px wide, or the other finder"
    return NoFaceFound(f"no face in {sampled} sampled frames of {name}; {advice}")


def _resized(faces: Sequence[Face], size: int) -> np.ndarray:
    """The faces' crops (N, size, size, 3) uint8."""
    crops = [resize_crop(face.crop, size) for face in faces]
    return np.stack(crops) if crops else np.empty((0, size, size, 3), np.uint8)


def inputs_of(runner: Runner, faces: Sequence[Face], resized: Callable[[int], np.ndarray] | None = None) -> np.ndarray:
    """What a runner takes of faces: their crops (N, S, S, 3) uint8, a guest's own ones, or their times (N,) float64."""
    if runner.for_clip:
        return np.array([face.time_s for face in faces], np.float64)
    if runner.view and faces:
        return np.stack([face.views[runner.view] for face in faces])
    return (resized or partial(_resized, faces))(runner.input_size)


def run_slices(
    runner: Runner, path: Path, name: str, faces: Sequence[Face], find_faces: FindFaces, frames: int
) -> Iterator[Progress | VariantResult | VariantError]:
    """A variant that looks at several consecutive frames, which are read for it; slices in which it could follow nobody
    are said. Raises as read_tubes does."""
    *_, empty = run_variant(runner, ())
    assert isinstance(empty, VariantResult)
    if not faces:
        yield empty
        return
    tubes, judged, read = yield from read_tubes(
        path, name, faces, find_faces, runner.clip_length, frames, runner.input_size
    )
    if judged < read:
        words = f"{runner.name} judged {judged} of {read} slices; nobody could be followed through the others"
        yield VariantError(None, words)
    yield judge_slices(empty, runner, tubes, faces)


def run_variant(
    runner: Runner, faces: Sequence[Face], resized: Callable[[int], np.ndarray] | None = None
) -> Iterator[Progress | VariantResult]:
    """One variant on the faces of a clip, timed batch by batch; the last event is the result.

    Without faces its verdict is `no face`. `resized` gives the faces' crops (N, S, S, 3) uint8 at a size.
    """
    crops = inputs_of(runner, faces, resized)
    logits, evidence, milliseconds, last_yield = [], [], [], perf_counter()
    for start in range(0, len(crops), BATCH_SIZE):
        if perf_counter() - last_yield > SILENT_S:
            yield Progress(f"running {runner.name}", start, len(crops))
            last_yield = perf_counter()
        batch = crops[start : start + BATCH_SIZE]
        began = perf_counter()
        batch_logits, maps = runner.run(batch)
        milliseconds += [(perf_counter() - began) * 1e3 / len(batch)] * len(batch)
        logits.append(batch_logits)
        evidence.append(maps)
    p_frames = probabilities(np.concatenate(logits)) if faces else np.empty(0)
    persons, times = (np.array([getattr(face, of) for face in faces]) for of in ("person", "time_s"))
    people = judge_people(p_frames, persons, times, runner.threshold, runner.uncertain)
    yield VariantResult(
        name=runner.name,
        engine=runner.engine,
        verdict=people[0].verdict if people else NO_FACE,
        p_fake=people[0].p_fake if people else None,
        fake_frame_rate=fake_frame_rate(p_frames, runner.threshold),
        threshold=runner.threshold,
        uncertain=runner.uncertain,
        ms_per_face=median_iqr(np.array(milliseconds)) if faces and not runner.for_clip else None,
        run_ms=sum(milliseconds),
        params=runner.params,
        size_mb=runner.size_mb,
        frame_p_fake=p_frames,
        evidence=np.concatenate(evidence) if faces else np.empty((0, 1, 1), np.float32),
        people=people,
        guesses_on=runner.guesses_on,
        view=runner.view,
    )
