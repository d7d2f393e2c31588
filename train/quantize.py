"""python train/quantize.py --variant lite0_kd_p35 --data FOLDER --out int8.onnx

Write a released variant as a static int8 graph; build_zoo.py does the same and releases it.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.loading import load
from model_zoo.manifest import RELEASE
from train.cli import run_command
from train.dataset.items import read_face_parquet
from train.release.quantization import quantize, training_crops


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", required=True, help="a released float variant")
    parser.add_argument("--data", type=Path, required=True, help="folder with train.parquet")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args()

    def command() -> None:
        loaded = load(args.variant, args.release)
        size = loaded.facts.input_size
        print(quantize(loaded.network, size, *training_crops(read_face_parquet(args.data, "train"), size), args.out))

    run_command(command)


if __name__ == "__main__":
    main()
