"""python train/distill.py --recipe lite0 --teacher b0 --alpha 0.25 --data FOLDER ...

Train by recipe with a frozen teacher: loss = alpha x soft + (1 - alpha) x hard. The zoo's own distilled recipes carry
their teacher; this command tries others, in a checkpoint folder of their own.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from train.cli import parser_of, recipe_runner_of, run_command
from train.trainer.recipes import RECIPES, distilled_by, recipe_named


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--recipe", required=True, choices=RECIPES, help="the student's")
    parser.add_argument("--teacher", default="b0", help="a variant in the checkpoints or in the release")
    parser.add_argument("--alpha", type=float, default=0.25, help="share of the soft loss, 0 to 1")
    args = parser.parse_args()
    run_command(
        lambda: print(recipe_runner_of(args).make(distilled_by(recipe_named(args.recipe), args.teacher, args.alpha)))
    )


if __name__ == "__main__":
    main()
