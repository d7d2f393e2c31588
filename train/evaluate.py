"""python train/evaluate.py --data ../shared/data/dfdc-faces

Measure the released variants, as stored, on the validation and test splits, and write the metrics into manifest.json.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.factory import load
from model_zoo.manifest import RELEASE, read_manifest, write_manifest
from train.metrics import logits_of, measures
from train.sources import Item, read_face_parquet


def evaluate(name: str, splits: dict[str, list[Item]], release: Path) -> dict[str, dict[str, float]]:
    """Frame-level metrics of a released variant on each split; nothing is chosen here."""
    loaded = load(name, release)
    found = {}
    for split, items in splits.items():
        labels = np.array([item.label for item in items])
        logits = logits_of(loaded.detector, items, loaded.variant.input_size)
        found[split] = {key: round(value, 6) for key, value in measures(labels, logits, loaded.facts.threshold).items()}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.parquet and test.parquet")
    parser.add_argument("--variant", action="append", help="a released variant; all of them by default")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args()

    splits = {split: read_face_parquet(args.data, split) for split in ("validation", "test")}
    for name in args.variant or read_manifest(args.release).variants:
        metrics = evaluate(name, splits, args.release)
        manifest = read_manifest(args.release)
        write_manifest(manifest.with_variant(replace(manifest[name], metrics=metrics)), args.release)
        for split, found in metrics.items():
            print(f"{name:12} {split:10} " + "  ".join(f"{key} {value:.4g}" for key, value in found.items()))


if __name__ == "__main__":
    main()
