"""python train/train.py --recipe lite0 --data FOLDER --portraits FILE --trunk IMAGENET.safetensors

Train by recipe, as train/trainer/recipes.py or one of its presets says; run it again to resume. The best weights by
validation AUC are left in the checkpoints; build_zoo.py releases them.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from train.cli import data_of, parser_of, recipe_runner_of, run_command
from train.dataset.items import FAKE, REAL
from train.dataset.mix import Mix
from train.trainer.chain import SHARES
from train.trainer.loop import Data, per_epoch
from train.trainer.recipes import PRESETS, RECIPES, Recipe, recipe_named, scaled


def described(recipe: Recipe, data: Data, batch_size: int | None) -> str:
    """What the recipe would do, in lines: budget, settings, data and mix."""
    recipe = scaled(recipe, batch_size)
    epoch = per_epoch(recipe, data)
    share = ""
    if recipe.name in SHARES:
        share = f"; or {SHARES[recipe.name]:.0%} of the minutes of build_zoo.py --budget-minutes"
    taught = f"taught by {recipe.teacher}, alpha {recipe.alpha}" if recipe.teacher else "without a teacher"
    return "\n".join(
        [
            f"{recipe.name}: {recipe.variant} from {recipe.start}, {taught}",
            f"budget: {recipe.epochs_total:g} epochs of {epoch:,} steps of {recipe.batch_size} {recipe.size} px crops, "
            f"{recipe.epochs_total * epoch * recipe.batch_size:,.0f} crops in all{share}",
            f"rate: {recipe.optimizer} {recipe.learning_rate:.1e}, warm-up {recipe.warmup:.0%}, {recipe.schedule}, "
            f"weight decay {recipe.weight_decay}, label smoothing {recipe.label_smoothing}, average {recipe.ema_decay}",
            *_data_lines(recipe, data),
        ]
    )


def _data_lines(recipe: Recipe, data: Data) -> list[str]:
    if not data.crops:
        labels = Counter(item.label for item in data.items)
        forged = f"{recipe.forged:.0%} of the pairs forged, {len(data.portraits):,} portraits to forge from"
        return [f"data: {labels[REAL]:,} real and {labels[FAKE]:,} fake crops of one set", f"mix: {forged}"]
    counts = Counter((crop.source, crop.label) for crop in data.crops)
    sources = sorted({source for source, _ in counts}, key=lambda source: -counts[source, REAL] - counts[source, FAKE])
    counted = [f"{source} {counts[source, REAL]:,} real, {counts[source, FAKE]:,} fake" for source in sources]
    mix = Mix()
    forged = ", ".join(f"{kind} {share:.0%}" for kind, share in mix.forgeries.items())
    return [
        f"data: {len(data.crops):,} crops: {'; '.join(counted)}",
        f"mix: own fakes {mix.own:.0%}, fakes from elsewhere {mix.elsewhere:.0%}, forged "
        f"{1 - mix.own - mix.elsewhere:.0%} ({forged}); degraded as hard reals are {mix.hard:.0%}",
    ]


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--recipe", required=True, choices=RECIPES)
    parser.add_argument("--preset", default="ours", choices=PRESETS, help="the paper's settings in the recipe's place")
    parser.add_argument("--dry-run", action="store_true", help="state budget, data and mix, and end")
    args = parser.parse_args()

    def command() -> None:
        recipe = recipe_named(args.recipe, args.preset)
        print(
            described(recipe, data_of(args), args.batch_size) if args.dry_run else recipe_runner_of(args).make(recipe)
        )

    run_command(command)


if __name__ == "__main__":
    main()
