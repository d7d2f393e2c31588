"""python train/import_mesonet.py --release ZOO [--weights ../shared/weights/mesonet]

Put the other kinds of networks beside a copy of the bundled zoo, which `ZOO_FOLDER=ZOO python app.py` then serves: our
own `meso4` and `cnn3d_face`, which are in this repository and too weak to be bundled, and, from --weights, MesoNet as
its authors published it (Afchar et al., WIFS 2018, Apache-2.0). Calibrate and measure the latter there:
train/calibrate.py, train/evaluate.py and train/write_cards.py, each with --release ZOO.
"""

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.manifest import RELEASE, read_manifest
from train.cli import run_command
from train.release.imported import BESIDE, SOURCES, release_published
from train.release.package import add_to_manifest


def import_all(weights: Path | None, release: Path) -> None:
    """Release every published variant into a folder, a copy of the bundled zoo at first, and what is kept beside it.

    Without `weights`, only the latter. Raises ZooError.
    """
    if not (release / "manifest.json").exists():
        shutil.copytree(RELEASE, release, dirs_exist_ok=True)
    for name, row in read_manifest(BESIDE).variants.items():
        shutil.copytree(BESIDE / name, release / name, dirs_exist_ok=True)
        add_to_manifest(row, release)
        print(f"{name}: {row.params:,} parameters, {row.bytes / 1e3:.0f} kB, ours")
    if weights:
        for name, source in SOURCES.items():
            row = release_published(name, weights / source.file, release)
            print(f"{name}: {row.params:,} parameters, {row.bytes / 1e3:.0f} kB, from {source.file}")
    print(f"serve them: ZOO_FOLDER={release} python app.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, help="folder of Meso4_DF.h5 and MesoInception_DF.h5")
    parser.add_argument("--release", type=Path, required=True, help="folder of the zoo to release them into")
    args = parser.parse_args()
    run_command(lambda: import_all(args.weights, args.release))


if __name__ == "__main__":
    main()
