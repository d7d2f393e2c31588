"""Which frames of a clip become crops, per class, as presets."""

import hashlib
from dataclasses import dataclass

import numpy as np

from train.dataset.items import FAKE


@dataclass(frozen=True)
class Rule:
    """`kind` is "every" (each number-th frame), "even" (`number` frames evenly spread) or "random" (`number` drawn)."""

    kind: str
    number: int


@dataclass(frozen=True)
class Sampling:
    """How real clips and fake clips are sampled. Most data sets have more fakes: fewer frames of each balance that."""

    real: Rule
    fake: Rule

    def of(self, label: int) -> Rule:
        """The rule for clips of a label."""
        return self.fake if label == FAKE else self.real


SAMPLINGS = {
    "every-30": Sampling(real=Rule("every", 30), fake=Rule("random", 10)),
    "40-8": Sampling(real=Rule("even", 40), fake=Rule("even", 8)),
}


def sample_indices(rule: Rule, frames: int, name: str, seed: int = 0) -> np.ndarray:
    """The frames to take of a clip of so many frames: ascending indices (<= frames,), at least one where there are any.

    Deterministic: what is drawn depends on the seed and the clip's name only, not on the order or number of clips.
    Raises ValueError for an unknown kind.
    """
    if rule.kind == "every":
        return np.arange(0, frames, rule.number)
    count = min(rule.number, frames)
    if rule.kind == "even":
        return ((np.arange(count) + 0.5) * frames / max(count, 1)).astype(int)  # the middles of equal parts
    if rule.kind == "random":
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()  # hash() differs between processes
        generator = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        return np.sort(generator.choice(frames, count, replace=False))
    raise ValueError(f"no sampling kind {rule.kind!r}")
