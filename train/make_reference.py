"""python train/make_reference.py --data ../shared/data/dfdc-faces [--variant lite0_kd]

Write explorer/face_map/reference.npz: what a released variant makes of validation crops, half real and half fake, for
the face map to compare with. Run it again whenever that variant is released anew. It holds features only: no image, no
name.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.face_map.features import features_of
from explorer.face_map.reference import REFERENCE, Reference, write_reference
from explorer.faces.crops import resize_crop
from model_zoo.loading import LoadedVariant, load
from model_zoo.manifest import RELEASE
from train.cli import run_command
from train.dataset.items import FAKE, REAL, Item, read_face_parquet
from train.errors import BadData


def chosen(items: Sequence[Item], each: int, seed: int = 0) -> list[Item]:
    """`each` real and `each` fake items, drawn without replacement. Raises BadData where there are fewer."""
    labels = np.array([item.label for item in items])
    rng = np.random.default_rng(seed)
    picked = []
    for label in (REAL, FAKE):
        have = np.flatnonzero(labels == label)
        if len(have) < each:
            raise BadData(f"{each} crops of each label are wanted and {len(have)} have label {label}; lower --each")
        picked += [items[i] for i in rng.choice(have, each, replace=False)]
    return picked


def reference_of(loaded: LoadedVariant, items: Sequence[Item]) -> Reference:
    """What a released float variant makes of the items. Raises BadData for a corrupt crop or an int8 variant."""
    if loaded.detector is None:
        raise BadData(f"{loaded.facts.name} is a graph that gives no features; choose {loaded.variant.float_name}")
    crops = np.stack([resize_crop(item.pixels(), loaded.variant.input_size) for item in items])
    labels = np.array([item.label for item in items])
    return Reference(loaded.facts.name, loaded.facts.sha256, features_of(loaded.detector, crops), labels)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.parquet")
    parser.add_argument("--variant", default="lite0_kd", help="a released float variant")
    parser.add_argument("--each", type=int, default=100, help="crops of each label")
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--out", type=Path, default=REFERENCE)
    args = parser.parse_args(argv)

    def command() -> None:
        items = chosen(read_face_parquet(args.data, "validation"), args.each)
        write_reference(reference_of(load(args.variant, args.release), items), args.out)
        print(f"{args.out}: {len(items)} faces as {args.variant} sees them, {args.out.stat().st_size / 1e3:.0f} kB")

    run_command(command)


if __name__ == "__main__":
    main()
