"""python train/prune.py --start lite0_kd --ratio 0.2 --steps 4 --data FOLDER ...

Remove a share of a variant's channels in equal steps and fine-tune after each, distilled where the variant is. The
zoo's own pruned recipes carry these settings; this command tries others, in a checkpoint folder of their own.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from train.cli import parser_of, recipe_runner_of, run_command
from train.trainer.recipes import SCOPES, pruned_from, recipe_named


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--start", required=True, help="the recipe whose best weights are pruned")
    parser.add_argument("--ratio", type=float, required=True, help="share of the dense network's channels, 0 to 1")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--scope", default="global", choices=SCOPES)
    parser.add_argument("--epochs", type=float, default=1.0, help="of fine-tuning in all, spread over the steps")
    args = parser.parse_args()

    def command() -> None:
        recipe = pruned_from(recipe_named(args.start), args.ratio, args.steps, args.scope, args.epochs)
        print(recipe_runner_of(args).make(recipe))

    run_command(command)


if __name__ == "__main__":
    main()
