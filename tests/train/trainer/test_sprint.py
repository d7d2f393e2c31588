import itertools
import math

import pytest
import torch

from model_zoo.detector import Detector
from tests.support.fakes import TinyNetwork
from train.errors import BadRun
from train.trainer.checkpoints import start_run
from train.trainer.recipes import Recipe
from train.trainer.reservoir import Reservoir
from train.trainer.sprint import sprint

RECIPE = Recipe("tiny", variant="tiny", epochs=1, batch_size=32, learning_rate=2e-2, ema_decay=0.5, size=32)
CPU = torch.device("cpu")

pytestmark = pytest.mark.heavy  # it trains


@pytest.fixture
def reservoir() -> Reservoir:
    """512 noisy crops; fakes are brighter."""
    crops = torch.randint(0, 128, (512, 32, 32, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0.0, 1.0]).repeat(256)
    full = Reservoir(1024, 32, CPU, reuse=math.inf)
    full.put(crops + (100 * labels).to(torch.uint8)[:, None, None, None], labels)
    return full


def run_of(folder, **settings):
    torch.manual_seed(3)
    return start_run(Recipe(**vars(RECIPE) | settings), Detector(TinyNetwork()), folder)


@pytest.fixture
def clock(monkeypatch):
    """Time goes on by a hundredth of a second with every look at it, two looks a step."""
    ticks = itertools.count()
    monkeypatch.setattr("train.trainer.sprint.perf_counter", lambda: next(ticks) / 100)


def test_it_learns_and_ends_when_its_time_does(reservoir, tmp_path, clock):
    run = run_of(tmp_path)
    lines = []
    outcome = sprint(run, reservoir, 2.0, report=lines.append)
    assert 90 < outcome.steps == run.step <= 100
    assert outcome.seconds <= 2.02
    assert outcome.crops == 32 * outcome.steps
    crops, labels = reservoir.batch(256)
    p_fake = run.average.module.eval().score(crops).sigmoid()
    assert ((p_fake > 0.5) == (labels > 0.5)).float().mean() > 0.95
    assert lines[0].startswith("tiny step 1, ")


def test_the_rate_ends_at_zero(reservoir, tmp_path, clock):
    run = run_of(tmp_path)
    rates = []
    step = run.optimizer.step
    run.optimizer.step = lambda: (rates.append(run.optimizer.param_groups[0]["lr"]), step())
    sprint(run, reservoir, 2.0, report=lambda line: None)
    assert max(rates) > 0.8 * RECIPE.learning_rate
    assert rates[-1] < 0.2 * RECIPE.learning_rate


def test_without_time_there_is_one_step(reservoir, tmp_path):
    assert sprint(run_of(tmp_path), reservoir, 0.0, report=lambda line: None).steps == 1


def test_a_student_follows_its_teacher(reservoir, tmp_path, clock):
    teacher = Detector(TinyNetwork()).eval()
    with torch.no_grad():
        teacher.network.classifier.weight.zero_()
        teacher.network.classifier.bias.fill_(2.0)
    run = run_of(tmp_path, teacher="tiny", alpha=1.0)
    sprint(run, reservoir, 3.0, teacher, report=lambda line: None)
    logits = run.average.module.eval().score(reservoir.batch(64)[0])
    assert logits.mean().item() == pytest.approx(2.0, abs=0.7)


def test_a_loss_that_is_not_finite_is_one_sentence(reservoir, tmp_path):
    run = run_of(tmp_path)
    with torch.no_grad():
        run.detector.network.classifier.bias.fill_(math.nan)
    with pytest.raises(BadRun, match="tiny: the loss is nan near step"):
        sprint(run, reservoir, 0.1, report=lambda line: None)
