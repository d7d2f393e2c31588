"""python train/quantize.py --variant lite0_kd_p35 --data FOLDER --out int8.onnx

Write a released variant as an int8 graph, trained to say what it says; build_zoo.py does the same and releases it.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.loading import load
from model_zoo.manifest import RELEASE
from train.cli import run_command
from train.dataset.crop_set import read_crop_set
from train.dataset.items import read_face_parquet
from train.release.quantization import BATCH, quantize, training_crops
from train.release.releaser import INT8_STEPS
from train.trainer.loop import Data, training_batches
from train.trainer.recipes import RECIPES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", required=True, help="a released float variant")
    parser.add_argument("--data", type=Path, required=True, help="folder with train.parquet")
    parser.add_argument("--crops", type=Path, help="folder that train/prepare_crops.py wrote, to train on all sources")
    parser.add_argument("--steps", type=int, default=INT8_STEPS, help="of training, 16 crops each, after settling")
    parser.add_argument("--workers", type=int, default=1, help="loader processes")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args()

    def command() -> None:
        loaded = load(args.variant, args.release)
        size = loaded.facts.input_size
        items = read_face_parquet(args.data, "train")
        data = Data(items, (), crops=read_crop_set(args.crops) if args.crops else ())
        recipe = replace(RECIPES[args.variant], batch_size=BATCH, forged=0.0)
        batches = (crops for crops, _ in training_batches(recipe, data, args.workers, 0, args.steps))
        print(quantize(loaded.network, size, *training_crops(items, size), args.out, batches, args.steps))

    run_command(command)


if __name__ == "__main__":
    main()
