"""Forged stretches: what margin costs in false alarms, and what it finds in clips of which a part is forged.

    python benchmarks/stretches.py ../shared/data

scores the dozen crops of the real clips beside the project, and of what was forged from them; the table goes into
docs/results.md.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.section import write_section
from explorer import stretches
from explorer.inference.runners import open_runner
from explorer.structures import Runner
from explorer.verdicts import FAKE, judge_people, probabilities
from model_zoo.manifest import RELEASE, read_manifest
from train.dataset.clips import LIVE_SWAPS, Clip, originals, read_clips
from train.dataset.items import REAL
from train.evaluation.scores import score_clips

MARGINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
FORGED = (0.25, 0.33, 0.5)  # of a clip's faces
NEVER = 2.0  # a margin that no stretch reaches


def is_fake(runner: Runner, p_fake: np.ndarray, margin: float) -> bool:
    """The verdict on a clip that shows one person, with this margin."""
    chosen, stretches.MARGIN = stretches.MARGIN, margin
    try:
        persons, times = np.ones(len(p_fake), int), np.arange(len(p_fake)) * 1.0
        return judge_people(p_fake, persons, times, runner.threshold, runner.uncertain)[0].verdict == FAKE
    finally:
        stretches.MARGIN = chosen


def spliced(real: np.ndarray, forged: np.ndarray, share: float) -> np.ndarray:
    """The p_fake of a clip whose last faces, this share of all, are forged."""
    count = round(share * len(real))
    return np.concatenate([real[: len(real) - count], forged[len(forged) - count :]])


def rows(runners: Sequence[Runner], clips: Sequence[Clip], p_fake: dict[str, list[np.ndarray]]) -> list[list[float]]:
    """By margin, each over all variants: the real clips called fake, and by share the spliced clips called fake."""
    real = [place for place, clip in enumerate(clips) if clip.label == REAL]
    pairs = [(place, before) for place, reals in originals(list(clips)).items() for before in reals[:1]]
    table = []
    for margin in (NEVER, *MARGINS):
        alarms = [is_fake(runner, p_fake[runner.name][place], margin) for runner in runners for place in real]
        found = [
            [
                is_fake(runner, spliced(p_fake[runner.name][before], p_fake[runner.name][place], share), margin)
                for runner in runners
                for place, before in pairs
                if len(clips[place].frames) == len(clips[before].frames)
                and p_fake[runner.name][place].mean() > runner.uncertain[1]  # it sees the whole forgery
            ]
            for share in FORGED
        ]
        table.append([float(np.mean(alarms)), *(float(np.mean(each)) for each in found)])
    return table


def needed(clips: list[Clip]) -> list[Clip]:
    """The real clips, and the forgeries of some of them."""
    pairs = originals(clips)
    return [clip for place, clip in enumerate(clips) if clip.label == REAL or place in pairs]


def main() -> None:
    """Score the clips, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of clips-faces.parquet")
    parser.add_argument("--variants", nargs="*", default=list(read_manifest(RELEASE).variants))
    args = parser.parse_args()
    clips = needed([clip for clip in read_clips(args.folder) if clip.source != LIVE_SWAPS and len(clip.frames) > 1])
    runners = {name: open_runner(name) for name in args.variants}
    logits = score_clips(runners, clips)
    p_fake = {name: [probabilities(each) for each in clip_logits] for name, clip_logits in logits.items()}
    table = rows(list(runners.values()), clips, p_fake)
    head = ["margin", "real clips called fake", *(f"{share:.0%} forged, called fake" for share in FORGED)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for margin, row in zip(("mean alone", *MARGINS), table, strict=True):
        chosen = " (chosen)" if margin == stretches.MARGIN else ""
        lines.append(f"| {margin}{chosen} | " + " | ".join(f"{value:.1%}" for value in row) + " |")
    text = "\n".join(lines)
    print(text)
    real = sum(clip.label == REAL for clip in clips)
    write_section("stretches", f"{len(runners)} variants, {real} real clips of a dozen faces.\n\n{text}")


if __name__ == "__main__":
    main()
