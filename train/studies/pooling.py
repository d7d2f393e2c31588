"""python -m train.studies.pooling --elsewhere ../shared/data [--variant b0]

Does a clip's score tell more when its frames are pooled otherwise than by the mean? AUC on the training and the
calibration group's clips; the held-out clips are not looked at, and nothing is chosen here.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import trim_mean

from explorer.inference.runners import open_runner
from explorer.verdicts import probabilities
from model_zoo.manifest import RELEASE, read_manifest
from train.cli import run_command
from train.dataset.clips import Clip, originals, read_clips
from train.dataset.groups import CALIBRATION, TRAINING
from train.dataset.items import FAKE, REAL
from train.evaluation.elsewhere import one_class_sources
from train.evaluation.intervals import Estimate, auc_estimate, paired_auc_estimate
from train.evaluation.scores import score_clips

MIN_FRAMES = 4  # of a clip, for which pooling makes a difference


def top_half(p_fake: np.ndarray) -> float:
    """The mean of the more suspicious half of the frames."""
    return float(np.sort(p_fake)[len(p_fake) // 2 :].mean())


def agreement(p_fake: np.ndarray) -> float:
    """The mean over neighbouring frames of the lower p_fake of the two: one suspicious frame alone counts for little."""
    return float(np.minimum(p_fake[:-1], p_fake[1:]).mean())


POOLINGS: dict[str, Callable[[np.ndarray], float]] = {  # p_fake (T,) of a clip's frames in order -> its score
    "mean": lambda p_fake: float(p_fake.mean()),
    "median": lambda p_fake: float(np.median(p_fake)),
    "top half": top_half,
    "trimmed": lambda p_fake: float(trim_mean(p_fake, 0.25)),
    "agreement": agreement,
    "maximum": lambda p_fake: float(p_fake.max()),
}


def compare(clips: Sequence[Clip], logits: Sequence[np.ndarray]) -> dict[str, tuple[Estimate, Estimate]]:
    """AUC and paired AUC by pooling, of clips of sources with both classes and at least MIN_FRAMES frames."""
    left_out = set(one_class_sources(clips))
    kept = [i for i, clip in enumerate(clips) if clip.source not in left_out and len(logits[i]) >= MIN_FRAMES]
    members = [clips[i] for i in kept]
    labels, pairs = np.array([clip.label for clip in members]), originals(members)
    estimates = {}
    for name, pool in POOLINGS.items():
        scores = np.array([pool(probabilities(logits[i])) for i in kept])
        whole = auc_estimate(scores[labels == REAL], scores[labels == FAKE])
        estimates[name] = whole, paired_auc_estimate(scores, pairs)
    return estimates


def study(elsewhere: Path, names: Sequence[str] | None, release: Path) -> None:
    """Print a row per variant, group and pooling."""
    runners = {name: open_runner(name, "auto", release) for name in names or read_manifest(release).variants}
    for group in (TRAINING, CALIBRATION):
        clips = [clip for clip in read_clips(elsewhere, (group,)) if len(clip.frames) >= MIN_FRAMES]
        for name, logits in score_clips(runners, clips).items():
            for pooling, (whole, paired) in compare(clips, logits).items():
                print(f"{name:18} {group:12} {pooling:10} AUC {whole.value:.3f} ({whole.low:.2f}-{whole.high:.2f})", end="")
                print(f"  paired {paired.value:.3f} ({paired.low:.2f}-{paired.high:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elsewhere", type=Path, required=True, help="folder with clips-faces and live-swaps.parquet")
    parser.add_argument("--variant", action="append", help="a released variant; all of them by default")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args()
    run_command(lambda: study(args.elsewhere, args.variant, args.release))


if __name__ == "__main__":
    main()
