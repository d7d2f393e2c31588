"""python train/build_zoo.py --data FOLDER --trunk IMAGENET.safetensors [--only lite0_kd_p35]

Make the zoo: every variant by its recipe, what it builds on first. What is done is skipped, what was interrupted goes
on, and each variant is released, calibrated and measured as soon as it is finished. With --study, make one of the
comparisons instead; with --list, say what would be done.

python train/build_zoo.py --device cuda --budget-minutes 8 --crops FOLDER --starts FOLDER --workers 16 --out PARCELS

Train all of it against the clock on a machine that has only the crops (train/prepare_crops.py) and the weights to start
from; `--adopt PARCELS` takes up elsewhere what came back, and releases it.
"""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.factory import variant_named
from model_zoo.variants import BUNDLED_NAMES, IMPORTED, VARIANTS
from train.cli import chain_of, judging_of, parser_of, recipe_runner_of, run_command
from train.release.cards import as_markdown
from train.release.releaser import Releaser
from train.studies.definitions import STUDIES, study_named
from train.studies.runner import carry_out
from train.trainer.chain import SHARES
from train.trainer.made import adopt
from train.trainer.recipes import RECIPES

MADE = [name for name, variant in VARIANTS.items() if variant.weights != IMPORTED]


def plan(names: list[str], releaser: Releaser) -> list[str]:
    """The recipes and int8 variants to make for these variants, each after what it builds on; nothing that is done."""
    order: dict[str, None] = {}
    for name in names:
        if name in order or releaser.is_done(name) or (name not in VARIANTS and releaser.recipe_runner.has(name)):
            continue
        if releaser.recipe_runner.has(name):
            builds_on = []
        elif name in RECIPES:
            needed = (RECIPES[name].start, *RECIPES[name].teachers)
            builds_on = [other for other in needed if other in RECIPES]
        else:
            builds_on = [variant_named(name).float_name]
        order |= dict.fromkeys([*plan(builds_on, releaser), name])
    return list(order)


def build(names: list[str], releaser: Releaser) -> None:
    """Make and release what the variants need. Raises TrainError or ZooError; what was finished stays."""
    todo = plan(names, releaser)
    print(f"to make: {', '.join(todo) or 'nothing, all is done'}")
    for name in todo:
        if name in RECIPES:
            releaser.recipe_runner.make(RECIPES[name])
        if name in VARIANTS:
            print(releaser.release(name))


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--only", action="append", choices=MADE, help="a variant; may be given several times")
    parser.add_argument("--study", choices=STUDIES, help="make this comparison instead of the zoo")
    parser.add_argument("--list", action="store_true", help="say what would be made, and end")
    parser.add_argument(
        "--budget-minutes", type=float, help="train the chain of recipes within so many minutes, and end"
    )
    parser.add_argument("--out", type=Path, help="folder for parcels of what a budget made, each below 16 MB")
    parser.add_argument("--adopt", type=Path, metavar="PARCELS", help="take up what a budget made elsewhere, and end")
    args = parser.parse_args()
    began = perf_counter()

    def command() -> None:
        if args.adopt:
            print(f"adopted into {args.checkpoints}: {', '.join(adopt(args.adopt, args.checkpoints))}")
        elif args.budget_minutes:
            chain_of(args, began).carry_out([name for name in SHARES if name in (args.only or SHARES)])
        else:
            release_what_is_asked()

    def release_what_is_asked() -> None:
        releaser = Releaser(recipe_runner_of(args), args.tubes or args.data)
        if args.list:
            print("\n".join(plan(args.only or list(BUNDLED_NAMES), releaser)))
        elif args.study:
            study = study_named(args.study)
            judging = judging_of(args) if study.elsewhere else None
            print(as_markdown(carry_out(study, releaser.recipe_runner, judging=judging)))
        else:
            build(args.only or list(BUNDLED_NAMES), releaser)

    run_command(command)


if __name__ == "__main__":
    main()
