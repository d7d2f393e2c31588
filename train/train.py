"""python train/train.py --recipe lite0 --data FOLDER --portraits FILE --trunk IMAGENET.safetensors

Train by recipe, as train/trainer/recipes.py or one of its presets says; run it again to resume. The best weights by
validation AUC are left in the checkpoints; build_zoo.py releases them.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from train.cli import parser_of, recipe_runner_of, run_command
from train.trainer.recipes import PRESETS, RECIPES, recipe_named


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--recipe", required=True, choices=RECIPES)
    parser.add_argument("--preset", default="ours", choices=PRESETS, help="the paper's settings in the recipe's place")
    args = parser.parse_args()
    run_command(lambda: print(recipe_runner_of(args).make(recipe_named(args.recipe, args.preset))))


if __name__ == "__main__":
    main()
