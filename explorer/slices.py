"""What a variant that looks at several frames at once says: one p_fake a slice, and of each face that of its slice."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from explorer.errors import InvalidRequest
from explorer.faces.tubes import Tube
from explorer.structures import Face, Runner, Slice, VariantResult
from explorer.timing import median_iqr
from explorer.verdicts import fake_frame_rate, judge_people, probabilities


def judge_slices(empty: VariantResult, runner: Runner, tubes: Sequence[Tube], faces: Sequence[Face]) -> VariantResult:
    """The result of a runner on tubes; `empty` is what it says without a face.

    Every face of a report has the p_fake, and the map, of its person's nearest slice. Raises InvalidRequest where a
    person has none.
    """
    logits, maps, milliseconds = [], [], []
    for tube in tubes:
        began = perf_counter()
        logit, evidence = runner.run(tube.crops[None])
        milliseconds.append((perf_counter() - began) * 1e3)
        logits.append(logit[0])
        maps.append(evidence[0])
    p_slices = probabilities(np.array(logits))
    nearest = [_nearest(tubes, face) for face in faces]
    persons, times = np.array([tube.person for tube in tubes]), np.array([tube.from_s for tube in tubes])
    order = np.argsort(times, kind="stable")
    people = judge_people(p_slices[order], persons[order], times[order], runner.threshold, runner.uncertain)
    p_frames = p_slices[nearest]
    slices = [Slice(of.person, of.from_s, of.to_s, float(p)) for of, p in zip(tubes, p_slices, strict=True)]
    return replace(
        empty,
        verdict=people[0].verdict,
        p_fake=people[0].p_fake,
        fake_frame_rate=fake_frame_rate(p_frames, runner.threshold),
        ms_per_face=median_iqr(np.array(milliseconds)),
        run_ms=sum(milliseconds),
        frame_p_fake=p_frames,
        evidence=np.stack([_at(tubes[i], maps[i], face) for i, face in zip(nearest, faces, strict=True)]),
        people=people,
        slices=tuple(slices),
    )


def _nearest(tubes: Sequence[Tube], face: Face) -> int:
    own = [i for i, tube in enumerate(tubes) if tube.person == face.person]
    if not own:
        raise InvalidRequest(f"person {face.person} was in no slice of consecutive frames; try more frames")
    return min(own, key=lambda i: max(tubes[i].from_s - face.time_s, face.time_s - tubes[i].to_s))


def _at(tube: Tube, evidence: np.ndarray, face: Face) -> np.ndarray:
    """The map (h, w) of the time in a slice's (T', h, w) that is nearest to the face; what has no time is itself."""
    if evidence.ndim < 3:
        return evidence
    share = (face.time_s - tube.from_s) / max(tube.to_s - tube.from_s, 1e-9)
    return evidence[int(np.clip(round(share * (len(evidence) - 1)), 0, len(evidence) - 1))]
