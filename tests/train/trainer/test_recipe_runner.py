import math

import pytest
import torch
from safetensors.torch import save_file

from model_zoo.factory import build, variant_named
from train.dataset.items import FAKE, REAL
from train.trainer.loop import Data
from train.trainer.losses import hard_loss
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import Recipe


@pytest.mark.parametrize(("variant", "start"), [("lite0", "trunk"), ("lite0", "xavier"), ("lite0_softmax", "trunk")])
def test_a_fresh_network_is_undecided(variant, start, tmp_path):
    trunk = tmp_path / "trunk.safetensors"
    state = build(variant_named(variant)).network.state_dict()
    save_file({key: value for key, value in state.items() if not key.startswith("classifier")}, trunk)
    runner = RecipeRunner(Data((), ()), trunk)
    detector = runner.taken_up(Recipe("fresh", variant, epochs=1, start=start)).train()
    crops = torch.randint(0, 256, (8, 64, 64, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([REAL, FAKE] * 4, dtype=torch.float32)
    with torch.no_grad():
        assert hard_loss(detector.score(crops), labels).item() == pytest.approx(math.log(2), abs=0.1)
