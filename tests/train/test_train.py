import numpy as np
import pytest

from train.dataset.crop_set import Crop
from train.dataset.items import FAKE, REAL, Item
from train.train import described
from train.trainer.loop import Data
from train.trainer.recipes import RECIPES


def test_a_dry_run_states_budget_data_and_mix():
    places = np.zeros((79, 2), np.float32)
    crops = [
        Crop("a#0", REAL, "real", "dfdc", "a", places, b""),
        Crop("b#0", FAKE, "swap", "dfdc", "a", None, b""),
        Crop("c#0", FAKE, "generated", "elsewhere", "c", None, b""),
    ]
    text = described(RECIPES["b0-mix"], Data((), (), crops=crops), batch_size=None)
    assert "b0-mix: b0 from b0-dfdc, without a teacher" in text
    assert "30 epochs of 64 steps of 512 160 px crops, 983,040 crops in all; or 30%" in text
    assert "data: 3 crops: dfdc 1 real, 1 fake; elsewhere 0 real, 1 fake" in text
    assert "mix: own fakes 30%, fakes from elsewhere 8%, forged 62% (self_blend" in text


def test_a_dry_run_of_one_data_set_counts_its_crops():
    items = [Item("r", REAL, "r", b""), Item("f", FAKE, "r", b"")]
    text = described(RECIPES["lite0_kd-dfdc"], Data(items, ()), batch_size=16)
    assert "lite0_kd from lite0-dfdc, taught by b0-dfdc, alpha 0.25" in text
    assert "data: 1 real and 1 fake crops of one set" in text
    assert "rate: adamw 3.5e-04" in text  # of 5e-04 for 32 crops a step


def test_scaling_the_batch_scales_the_rate_by_its_root():
    text = described(RECIPES["b0-mix"], Data([Item("r", REAL, "r", b"")], ()), batch_size=32)
    assert "rate: adamw 2.0e-04" in text
    assert pytest.approx(8e-4 * (32 / 512) ** 0.5) == 2e-4
