"""A study carried out: every recipe trained, measured on validation, and kept as a table."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.cpu import cpu_facts
from explorer.inference.engines import open_engine
from explorer.inference.latency import milliseconds_per_crop
from explorer.verdicts import probabilities
from model_zoo.detector import Detector
from model_zoo.factory import variant_named
from model_zoo.files import write_atomically
from model_zoo.metrics import measures
from train.dataset.judging import JudgingSet
from train.evaluation.journal import journal_measures
from train.evaluation.scores import logits_of
from train.release.onnx_export import export_graph
from train.studies.definitions import Study
from train.trainer.checkpoints import read_state
from train.trainer.judge import judge
from train.trainer.pruning import count_parameters
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import Recipe

RESULTS = Path(__file__).with_name("results.json")
FACES, ROUNDS = 4, 30  # the pipeline's batch, timed this often
TRACE_EVERY, LOSS_BIN = 32, 8  # steps


def carry_out(
    study: Study, recipe_runner: RecipeRunner, results: Path = RESULTS, judging: JudgingSet | None = None
) -> dict[str, Any]:
    """Train what is not trained yet, measure every row on validation, and on clips from elsewhere where there is a set
    to judge by, and write the study into `results`."""
    rows = []
    for label, recipe in study.recipes.items():
        train_row(recipe, study, recipe_runner)
        detector = recipe_runner.finished(recipe.name, recipe.variant)
        row = _row(detector, recipe, recipe_runner) | (judge(detector, judging) if judging else {})
        curve = {"curve": _curve(recipe_runner.checkpoints / recipe.name)} if study.curves else {}
        rows.append({"label": label} | row | curve)
    table = {
        "question": study.question,
        "budget": study.budget,
        "cpu": f"{cpu_facts().model}, {cpu_facts().threads} threads",
        "validation_items": len(recipe_runner.data.validation),
        "of": "slices" if recipe_runner.data.tubes else "crops",
        "rows": rows,
    }
    known = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    with write_atomically(results) as partial:
        partial.write_text(json.dumps(known | {study.name: table}, indent=2) + "\n", encoding="utf-8")
    return table


def train_row(recipe: Recipe, study: Study, recipe_runner: RecipeRunner) -> None:
    """Train one row of a study, or go on with it; what is done stays. Raises TrainError or ZooError."""
    options = replace(recipe_runner.options, trace_every=TRACE_EVERY if study.curves else 0)
    replace(recipe_runner, options=options).make(recipe)


def _curve(folder: Path) -> dict[str, Any]:
    """What a run kept on the way: mean losses of LOSS_BIN steps each, and what was measured, with its step."""
    state = read_state(folder / "last.pt")
    losses = np.array(state["losses"])
    bins = [losses[start : start + LOSS_BIN].mean() for start in range(0, len(losses), LOSS_BIN)]
    traced = [{key: round(value, 4) for key, value in point.items()} for point in state["traced"]]
    return {"steps_a_loss": LOSS_BIN, "losses": [round(float(value), 4) for value in bins], "traced": traced}


def _row(detector: Detector, recipe: Recipe, recipe_runner: RecipeRunner) -> dict[str, float]:
    size = recipe.judging_size
    labels = np.array([item.label for item in recipe_runner.data.validation])
    logits = logits_of(detector, recipe_runner.data.validation, size)
    measured = measures(labels, logits)
    clip_length = variant_named(recipe.variant).clip_length
    journal = journal_measures(labels, probabilities(logits)) if clip_length > 1 else {}
    return {
        "auc": round(measured["auc"], 4),
        "accuracy": round(measured["accuracy"], 4),
        "log_loss": round(measured["log_loss"], 4),
        "ece": round(measured["ece"], 4),
        "params": count_parameters(detector.network),
        "ms_per_face": round(milliseconds(detector, size, clip_length), 2),
    } | {key: round(value, 4) for key, value in journal.items()}


def milliseconds(detector: Detector, size: int, clip_length: int = 1) -> float:
    """Median milliseconds per face on the fastest engine installed, in batches of FACES noise crops."""
    shape = (size, size, 3) if clip_length == 1 else (clip_length, size, size, 3)
    crops = np.random.default_rng(0).integers(0, 256, (FACES, *shape), np.uint8)
    with tempfile.TemporaryDirectory() as cache:  # not a released network: its graph is not worth keeping
        run = open_engine("auto", export_graph(detector, shape, Path(cache) / "study.onnx"), lambda: detector)
        spent = milliseconds_per_crop(run, crops, ROUNDS, warm_up=ROUNDS // 3)
    return float(np.median(spent))
