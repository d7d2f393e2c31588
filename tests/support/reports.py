"""Reports made without a clip or a network, for what shows one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from explorer.structures import ClipInfo, Cpu, Face, Report, Spread, VariantError, VariantResult
from explorer.verdicts import fake_frame_rate, judge_people, uncertain_band

CPU = Cpu("a processor", 2, 2, ())


def clip(name: str = "a.mp4", duration_s: float = 2.0, width: int = 640, height: int = 480) -> ClipInfo:
    """25 frames a second, a keyframe at the start."""
    return ClipInfo(name, duration_s, width, height, 25.0, 0.0, np.arange(duration_s * 25) / 25, np.zeros(1))


def face(time_s: float = 0.0, person: int = 1, level: int = 128, width: float = 100) -> Face:
    """A square box at (10, 10) and an evenly grey crop."""
    box = np.array([10, 10, 10 + width, 10 + width], np.float32)
    return Face(time_s, box, np.full((224, 224, 3), level, np.uint8), person)


def judged(name: str, p_fake: Sequence[float] = (0.75,), **changes) -> VariantResult:
    """What a variant says that gives its faces these probabilities and has no evidence for any."""
    scores = np.array(p_fake, np.float64)
    given = dict(
        name=name, engine="none", verdict="fake", p_fake=float(scores.mean()) if len(scores) else None,
        fake_frame_rate=0.5, threshold=0.5, uncertain=uncertain_band(changes.get("threshold", 0.5)), ms_per_face=None,
        run_ms=1.0, params=10, size_mb=0.1, frame_p_fake=scores, evidence=np.zeros((len(scores), 5, 5), np.float32),
    )  # fmt: skip
    return VariantResult(**given | changes)


def report(
    faces: Sequence[Face] = (),
    variants: Sequence[VariantResult] = (),
    errors: Sequence[VariantError] = (),
    frames: int = 4,
    of: ClipInfo | None = None,
) -> Report:
    """What was found in a clip of which so many frames were sampled; the stages took 1, 2 and 3 ms."""
    stages = {"decode": 1.0, "find_faces": 2.0, "crop": 3.0}
    return Report(of or clip(), frames, tuple(faces), CPU, stages, tuple(variants), tuple(errors))


def two_people() -> Report:
    """Twelve noisy faces, half a second apart, dark ones of person 0 and bright ones of person 1 by turns."""
    rng, faces = np.random.default_rng(0), []
    for i in range(12):
        crop = np.clip(rng.normal(60 + 130 * (i % 2), 12, (224, 224, 3)), 0, 255).astype(np.uint8)
        faces.append(Face(i / 2, np.array([10, 10, 110, 130], np.float32), crop, person=i % 2))
    variants = judged("b0", np.linspace(0, 1, 12)), judged("lite0_kd", np.linspace(1, 0, 12))
    return report(faces, variants, frames=12, of=clip("made.mp4", 6.0, 320, 240))


def as_a_run_judges(unjudged: Report) -> Report:
    """The same, its variants' verdicts, people and rates those that follow from their p_fake."""
    persons, times = (np.array([getattr(face, of) for face in unjudged.faces]) for of in ("person", "time_s"))
    results = []
    for result in unjudged.variants:
        people = judge_people(result.frame_p_fake, persons, times, result.threshold, result.uncertain)
        rate = fake_frame_rate(result.frame_p_fake, result.threshold)
        first = {"verdict": people[0].verdict, "p_fake": people[0].p_fake} if people else {}
        cost = {"ms_per_face": Spread(2.0, 0.1), "people": people, "fake_frame_rate": rate}
        results.append(replace(result, **cost | first))
    return replace(unjudged, variants=tuple(results))


def a_run() -> Report:
    """Eight faces of two people in a clip of two seconds, one of whom two variants call fake, and what did not work."""
    faces = [face(i / 4, person) for i in range(4) for person in (1, 2)]
    variants = [judged(name, (high, 0.1) * 4) for name, high in (("b0", 0.9), ("lite0", 0.8))]
    return as_a_run_judges(report(faces, variants, [VariantError("lite0_kd", "why")]))
