"""Where a finished detector is calibrated, stored, measured as stored, and entered into the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from explorer.inference.runners import open_runner
from model_zoo.errors import ZooError
from model_zoo.factory import variant_named
from model_zoo.files import sha256_of
from model_zoo.loading import load
from model_zoo.manifest import LATENCY, Released, read_manifest
from train.dataset.items import Item, read_face_parquet
from train.dataset.tubes import Tube
from train.evaluation.calibration import fit_temperature, fit_threshold, fold_temperature
from train.evaluation.measure import measure_latencies, measure_splits, record
from train.evaluation.scores import logits_of
from train.release.golden import golden_logits
from train.release.package import add_to_manifest, put_graph_into_release, put_into_release
from train.release.quantization import BATCH, quantize, training_crops
from train.trainer.loop import training_batches
from train.trainer.made import plain, read_note
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import RECIPES

INT8_STEPS, INT8_SEED = 0, 8  # of training after ranges and biases are settled, and of the crops it sees


@dataclass(frozen=True)
class Releaser:
    """Takes detectors from the workshop into its release; the test split is read here alone, and only reported."""

    recipe_runner: RecipeRunner
    data: Path
    int8_steps: int = INT8_STEPS

    @cached_property
    def test(self) -> Sequence[Item | Tube]:
        return self.recipe_runner.data.test or read_face_parquet(self.data, "test")

    def is_done(self, name: str) -> bool:
        """Whether the release holds what the recipe, or the float twin, now makes: weights, threshold and metrics."""
        try:
            facts = read_manifest(self.recipe_runner.release)[name]
            if sha256_of(self.recipe_runner.release / facts.weights) != facts.sha256 or "test" not in facts.metrics:
                return False
            if name in RECIPES:
                return facts.training.get("recipe") == plain(RECIPES[name].settings())
            twin = variant_named(name).float_name
            return (
                self.is_done(twin)
                and facts.training.get("sha256") == read_manifest(self.recipe_runner.release)[twin].sha256
            )
        except (ZooError, OSError):
            return False

    def release(self, name: str) -> str:
        """Release a variant whose recipe is carried out, or int8 of a released one; says in a line how it did."""
        released = self._int8(name) if variant_named(name).precision == "int8" else self._float(name)
        measured = self._measured(released)
        test = measured.metrics["test"]
        return f"{name}: {measured.params:,} parameters, {measured.bytes / 1e6:.2f} MB, test AUC {test['auc']:.4f}"

    def _float(self, name: str) -> Released:
        variant, recipe = variant_named(name), RECIPES[name]
        detector = self.recipe_runner.finished(name, name)
        validation = self.recipe_runner.data.validation
        labels = np.array([item.label for item in validation])
        temperature = fit_temperature(labels, logits_of(detector, validation, variant.input_size))
        fold_temperature(detector, temperature)
        training = {
            "recipe": plain(recipe.settings()),
            "data": self.data.name,
            "items": len(self.recipe_runner.data.tubes or self.recipe_runner.data.items),
            "portraits": len(self.recipe_runner.data.portraits) if recipe.forged else 0,
            "temperature": round(temperature, 4),
        }
        if note := read_note(self.recipe_runner.checkpoints / name):
            training |= {key: note[key] for key in note if key not in ("recipe", "judged")}
        released = put_into_release(variant, detector, training, self.recipe_runner.release)
        logits = logits_of(load(name, self.recipe_runner.release).network, validation, variant.input_size)
        return add_to_manifest(replace(released, threshold=fit_threshold(labels, logits)), self.recipe_runner.release)

    def _int8(self, name: str) -> Released:
        variant = variant_named(name)
        twin = load(variant.float_name, self.recipe_runner.release)
        graph = self.recipe_runner.checkpoints / name / "model.onnx"
        crops = training_crops(self.recipe_runner.data.items, variant.input_size)
        recipe = replace(RECIPES[variant.float_name], batch_size=BATCH, seed=INT8_SEED)
        loader = training_batches(
            recipe, self.recipe_runner.data, self.recipe_runner.options.workers, 0, self.int8_steps
        )
        batches = (crops for crops, _ in loader)
        done = quantize(twin.network, variant.input_size, *crops, graph, batches, self.int8_steps)
        training = {
            "quantized_from": twin.facts.name,
            "sha256": twin.facts.sha256,
            "calibration_crops": len(crops[0]),
            "untrained_drift": round(done.untrained_drift, 5),
            "drift": round(done.drift, 5),
            "steps": done.steps,
            "crops_a_step": BATCH,
            "convolutions": done.convolutions,
        }
        return put_graph_into_release(variant, graph, twin.facts, training, self.recipe_runner.release)

    def _measured(self, released: Released) -> Released:
        """The row with its metrics on validation and test; of int8, also how many of the twin's verdicts it flips."""
        variant = variant_named(released.name)
        runner = open_runner(released.name, "auto", self.recipe_runner.release)
        int8 = variant.precision == "int8"
        twin = open_runner(variant.float_name, "auto", self.recipe_runner.release) if int8 else None
        splits = {"validation": self.recipe_runner.data.validation, "test": self.test}
        measured, _ = measure_splits(runner, splits, twin)
        costs = measure_latencies({released.name: runner})
        record(released.name, measured | {LATENCY: costs[released.name]}, self.recipe_runner.release)
        golden = [round(float(logit), 5) for logit in golden_logits(runner.run, variant.crop_shape)]
        row = read_manifest(self.recipe_runner.release)[released.name]
        return add_to_manifest(replace(row, golden=golden), self.recipe_runner.release)
