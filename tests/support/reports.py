"""Reports made without a clip or a network, for what shows one."""

import numpy as np

from explorer.structures import ClipInfo, Cpu, Face, Report, VariantResult


def judged(name: str, p_fake: np.ndarray) -> VariantResult:
    """What a variant says that saw these probabilities (N,) and no evidence."""
    evidence = np.zeros((len(p_fake), 5, 5), np.float32)
    return VariantResult(
        name=name, engine="none", verdict="fake", p_fake=float(p_fake.mean()), fake_frame_rate=0.5, threshold=0.5,
        ms_per_face=None, run_ms=1.0, params=10, size_mb=0.1, frame_p_fake=p_fake, evidence=evidence,
    )  # fmt: skip


def two_people() -> Report:
    """Twelve noisy faces, half a second apart, dark ones of person 0 and bright ones of person 1 by turns."""
    rng, faces = np.random.default_rng(0), []
    for i in range(12):
        crop = np.clip(rng.normal(60 + 130 * (i % 2), 12, (224, 224, 3)), 0, 255).astype(np.uint8)
        faces.append(Face(i / 2, np.array([10, 10, 110, 130], np.float32), crop, person=i % 2))
    clip = ClipInfo("made.mp4", 6.0, 320, 240, 2.0, 0.0, np.arange(12) / 2, np.zeros(1))
    results = (judged("b0", np.linspace(0, 1, 12)), judged("lite0_kd", np.linspace(1, 0, 12)))
    stages = {"decode": 1.0, "find_faces": 1.0, "crop": 1.0}
    return Report(clip, 12, tuple(faces), Cpu("made", 1, 1, ()), stages, results, ())
