import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model_zoo.detector import Detector
from tests.support.fakes import TinyNetwork, crop
from train.dataset.items import FAKE, REAL, Item
from train.errors import BadRecipe, BadRun
from train.evaluation.scores import logits_of
from train.trainer.checkpoints import start_run
from train.trainer.loop import Data, LoopOptions, lock, per_epoch, rate_at, train
from train.trainer.recipes import Recipe

pytestmark = pytest.mark.heavy  # networks are trained

ROOT = Path(__file__).resolve().parents[3]
RECIPE = Recipe("tiny", variant="tiny", epochs=4, batch_size=8, learning_rate=2e-2, ema_decay=0.5, size=32)
QUIET = LoopOptions(workers=0, save_every=3, report=lambda line: None)


def tiny_items() -> list[Item]:
    """64 generated crops in 32 pairs."""
    reals = [Item(f"real{i}", REAL, f"real{i}", crop(90, i)) for i in range(32)]
    fakes = [Item(f"fake{i}", FAKE, f"real{i}", crop(170, 100 + i)) for i in range(32)]
    return reals + fakes


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return tiny_items()


def detector() -> Detector:
    torch.manual_seed(3)
    return Detector(TinyNetwork())


def loss_on(found: Detector, items: list[Item]) -> float:
    logits = torch.from_numpy(logits_of(found, items, 32))
    labels = torch.tensor([float(item.label) for item in items])
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels).item()


def run_to_the_end(items, folder, recipe=RECIPE, teacher=None):
    run = start_run(recipe, detector(), folder)
    train(run, Data(items, items), 32, QUIET, teacher)
    return run


def test_training_lowers_the_loss(items, tmp_path):
    before = loss_on(detector(), items)
    run = run_to_the_end(items, tmp_path)
    assert run.step == 32
    assert loss_on(run.average.module, items) < 0.7 * before
    assert run.best > 0.95


def test_resuming_equals_an_uninterrupted_run(items, tmp_path, monkeypatch):
    whole = run_to_the_end(items, tmp_path / "whole")

    class Killed(Exception):
        pass

    from train.trainer import loop

    step, calls = loop._step, []

    def killed_at_eleven(*args):
        calls.append(1)
        if len(calls) == 11:
            raise Killed
        return step(*args)

    monkeypatch.setattr(loop, "_step", killed_at_eleven)
    with pytest.raises(Killed):
        run_to_the_end(items, tmp_path / "cut")
    monkeypatch.undo()
    resumed = start_run(RECIPE, detector(), tmp_path / "cut")
    assert resumed.step == 9  # the last checkpoint before the kill
    train(resumed, Data(items, items), 32, QUIET)
    for key, value in whole.detector.network.state_dict().items():
        assert torch.equal(value, resumed.detector.network.state_dict()[key]), key
    for key, value in whole.average.module.network.state_dict().items():
        assert torch.equal(value, resumed.average.module.network.state_dict()[key]), key


def test_a_finished_run_is_not_trained_again(items, tmp_path):
    run_to_the_end(items, tmp_path)
    stamp = (tmp_path / "best.pt").stat().st_mtime_ns
    run_to_the_end(items, tmp_path)
    assert (tmp_path / "best.pt").stat().st_mtime_ns == stamp


def test_a_checkpoint_of_another_recipe_is_refused(items, tmp_path):
    run_to_the_end(items, tmp_path)
    with pytest.raises(BadRun, match="belongs to another recipe"):
        start_run(Recipe("tiny", variant="tiny", epochs=5), detector(), tmp_path)


def test_a_loss_that_is_not_finite_stops_the_run(items, tmp_path):
    broken = detector()
    with torch.no_grad():
        broken.network.classifier.bias.fill_(math.nan)
    with pytest.raises(BadRun, match="the loss is nan at step 0"):
        train(start_run(RECIPE, broken, tmp_path), Data(items, items), 32, QUIET)


def test_an_epoch_counts_the_reals_that_have_a_fake(items):
    alone = Item("alone", REAL, "alone", b"")
    assert per_epoch(RECIPE, Data([*items, alone], ())) == 32 * 2 // 8


def test_alpha_zero_equals_hard_training(items, tmp_path):
    hard = run_to_the_end(items, tmp_path / "hard")
    distilled = replace(RECIPE, teacher="tiny", alpha=0.0)
    soft = run_to_the_end(items, tmp_path / "soft", distilled, Detector(TinyNetwork()))
    for key, value in hard.detector.network.state_dict().items():
        assert torch.equal(value, soft.detector.network.state_dict()[key]), key


def test_a_distilled_student_comes_near_its_teacher(items, tmp_path):
    teacher = run_to_the_end(items, tmp_path / "teacher").average.module
    before = [value.clone() for value in teacher.state_dict().values()]
    recipe = replace(RECIPE, teacher="tiny", alpha=1.0, label_smoothing=0.0, seed=1)
    student = run_to_the_end(items, tmp_path / "student", recipe, teacher).average.module
    taught = logits_of(teacher, items, 32)
    near, far = (np.abs(logits_of(found, items, 32) - taught).mean() for found in (student, detector()))
    assert near < 0.5 * far
    assert all(torch.equal(*pair) for pair in zip(before, teacher.state_dict().values(), strict=True))  # it is frozen


def test_patience_ends_a_run_that_gets_no_better(items, tmp_path):
    run = run_to_the_end(items, tmp_path, replace(RECIPE, epochs=20, patience=2, learning_rate=0.0))
    assert run.step == 3 * 8  # the first epoch is the best, two more are waited for
    assert run_to_the_end(items, tmp_path, replace(RECIPE, epochs=20, patience=2, learning_rate=0.0)).step == 24


def test_an_unknown_optimizer_is_refused(tmp_path):
    with pytest.raises(BadRecipe, match="no optimizer 'magic'; there are adamw, adam, sgd"):
        start_run(replace(RECIPE, optimizer="magic"), detector(), tmp_path)


def test_a_full_disk_keeps_the_last_checkpoint(items, tmp_path, monkeypatch):
    run = run_to_the_end(items, tmp_path)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(BadRun, match=r"No space left on device.*free some space"):
        run.save()
    monkeypatch.undo()
    assert start_run(RECIPE, detector(), tmp_path).step == 32


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "last.pt").write_bytes(b"no checkpoint")
    with pytest.raises(BadRun, match=r"last\.pt is no readable checkpoint"):
        start_run(RECIPE, detector(), tmp_path)


def test_rate_warms_up_and_falls_to_zero():
    recipe = Recipe("x", variant="x", epochs=1, learning_rate=1.0, warmup=0.1)
    rates = [rate_at(progress, recipe) for progress in (0.0, 0.05, 0.1, 0.55, 1.0)]
    assert rates == pytest.approx([0.0, 0.5, 1.0, 0.5, 0.0])


def test_trackio_keeps_the_curves_locally(items, tmp_path):
    """In a process of its own: Trackio reads its folder when it is imported."""
    code = (
        "import sys; sys.path[:0] = ['.', 'tests/train/trainer']\n"
        "from pathlib import Path\n"
        "from test_loop import RECIPE, Data, LoopOptions, detector, start_run, train, tiny_items\n"
        "items = tiny_items()\n"
        "run = start_run(RECIPE, detector(), Path(sys.argv[1]))\n"
        "train(run, Data(items, items), 32, LoopOptions(workers=0, tracked=True, report=lambda line: None))\n"
        "from trackio.sqlite_storage import SQLiteStorage\n"
        "kept = SQLiteStorage.get_logs('deepfake-model-explorer', 'tiny')\n"
        "print([row['step'] for row in kept], 'validation auc' in kept[-1])\n"
    )
    environment = os.environ | {"TRACKIO_DIR": str(tmp_path / "trackio"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", code, str(tmp_path)]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "[8, 16, 24, 32] True" in found.stdout.splitlines()


def test_layers_that_a_recipe_locks_stay_as_they_are(items, tmp_path):
    found = detector()
    before = {key: value.clone() for key, value in found.network.state_dict().items()}
    run = start_run(replace(RECIPE, epochs=0.5, only=("classifier",)), found, tmp_path)
    train(run, Data(items, items), 32, QUIET)
    changed = {key for key, value in found.network.state_dict().items() if not torch.equal(value, before[key])}
    assert changed == {"classifier.weight", "classifier.bias"}  # not even the batch norm's statistics
    lock(found, RECIPE)
    assert all(layer.training for layer in found.network.modules())


@pytest.mark.slow
def test_two_processes_share_the_batches_out(tmp_path):
    """`accelerate launch` with two processes of the CPU, as docs/scale.md says: half the steps each, one checkpoint."""
    script = tmp_path / "together.py"
    script.write_text(
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from tests.train.trainer.test_loop import loss_on, run_to_the_end, tiny_items\n"
        "items = tiny_items()\n"
        f"run = run_to_the_end(items, Path({str(tmp_path)!r}) / 'run')\n"
        f"made = Path({str(tmp_path)!r}) / ('made-' + os.environ['RANK'])\n"  # lines of two processes may meet in one
        "made.write_text(f'{run.step} {loss_on(run.average.module, items)}')\n"
    )
    words = ["--multi_gpu", "--num_processes", "2", "--num_machines", "1", "--mixed_precision", "no"]
    launch = [sys.executable, "-m", "accelerate.commands.launch", *words, "--dynamo_backend", "no", str(script)]
    done = subprocess.run(
        launch,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"},
    )
    assert done.returncode == 0, done.stderr
    made = [(tmp_path / f"made-{rank}").read_text().split() for rank in (0, 1)]
    assert [int(step) for step, _ in made] == [16, 16]
    losses = [float(loss) for _, loss in made]
    assert losses[0] == pytest.approx(losses[1], rel=0.02)  # the same weights; each has its own batches' statistics
    assert losses[0] < 0.8 * loss_on(detector(), tiny_items())
