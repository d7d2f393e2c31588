import json
import tarfile
from time import perf_counter

import numpy as np
import pytest
import torch
from torch.utils.data import Dataset

from model_zoo.factory import build, variant_named
from model_zoo.weights import save_weights
from train.dataset.judging import JudgingSet
from train.errors import BadRun
from train.trainer import chain as chains
from train.trainer.averaging import SHARES
from train.trainer.chain import Chain, ChainOptions
from train.trainer.loop import Data, LoopOptions
from train.trainer.made import Parcels, adopt, is_made, read_note
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import RECIPES, Recipe

pytestmark = pytest.mark.heavy  # networks are trained, one after another

SIZE = 32
NAMES = ("lite0", "lite0_kd", "lite0_kd_p20")


class BrighterFakes(Dataset):
    """Pairs of noise; fakes are brighter."""

    def __len__(self) -> int:
        return 64

    def __getitem__(self, index):
        rng = np.random.default_rng(index)
        crops = rng.integers(0, 128, (2, SIZE, SIZE, 3)) + np.array([0, 100])[:, None, None, None]
        return torch.from_numpy(crops.astype(np.uint8)), torch.tensor([0.0, 1.0])


@pytest.fixture
def recipes(monkeypatch):
    """Three tiny recipes that build on each other; the first from given weights."""
    settings = dict(epochs=1, size=SIZE, batch_size=16, learning_rate=1e-3)
    taught = settings | dict(teacher="lite0", alpha=0.25)
    pruned = dict(pruning=0.2, prunings=2, epochs_between=0.3)
    for recipe in (
        Recipe("lite0", "lite0", start="lite0-dfdc", **settings),
        Recipe("lite0_kd", "lite0_kd", start="lite0", **taught),
        Recipe("lite0_kd_p20", "lite0_kd_p20", start="lite0_kd", **taught, **pruned),
    ):
        monkeypatch.setitem(RECIPES, recipe.name, recipe)
    monkeypatch.setattr(chains, "SHARES", {"lite0": 0.4, "lite0_kd": 0.3, "lite0_kd_p20": 0.3})
    monkeypatch.setattr(chains, "RANKING_BATCHES", 1)


@pytest.fixture
def chain(recipes, tmp_path) -> Chain:
    torch.manual_seed(0)
    detector = build(variant_named("lite0"))
    for layer in detector.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.bias, 0.5, 1.5)
    save_weights(detector.network, tmp_path / "starts" / "lite0-dfdc.safetensors")
    runner = RecipeRunner(Data((), ()), None, tmp_path / "checkpoints", tmp_path, LoopOptions(), tmp_path / "starts")
    labels = np.array([0, 1, 0, 1])
    crops = np.full((4, SIZE, SIZE, 3), 60, np.uint8) + (100 * labels).astype(np.uint8)[:, None, None, None]
    judging = JudgingSet(crops, labels, np.array(["a", "b", "c", "d"]), np.array(["dfdc", "dfdc", "real", "swap"]))
    options = ChainOptions(torch.device("cpu"), 6.0, 0, 512, Parcels(tmp_path / "out"), lambda line: None)
    return Chain(runner, BrighterFakes(), judging, options, {"mix": "bright"})


def test_what_a_chain_makes_is_adopted_elsewhere(chain, tmp_path):
    chain.carry_out(NAMES)
    note = read_note(tmp_path / "checkpoints" / "lite0_kd")
    sprint = note["sprint"]
    assert 0 < sprint["seconds"] < 4 or sprint["steps"] == 1  # its share of six seconds, or a step
    assert (note["device"], note["mix"]) == ("cpu", "bright")
    assert note["share"] in SHARES and "share" not in read_note(tmp_path / "checkpoints" / "lite0_kd_p20")
    assert set(note["judged"]) == {"dfdc", "swap", "real_called_fake"}
    with tarfile.open(tmp_path / "out" / "parcel1.tar") as parcel:
        assert [member.name for member in parcel][:2] == ["lite0.safetensors", "lite0.json"]

    elsewhere = tmp_path / "elsewhere"
    assert adopt(tmp_path / "out", elsewhere) == list(NAMES)
    runner = RecipeRunner(Data((), ()), checkpoints=elsewhere, release=tmp_path)
    crops = torch.full((1, SIZE, SIZE, 3), 128, dtype=torch.uint8)
    for name in NAMES:
        assert runner.make(RECIPES[name]) == elsewhere / name / "best.pt"  # nothing is trained again
        theirs, ours = (of.finished(name, name).eval()(crops)[0] for of in (chain.recipe_runner, runner))
        assert torch.allclose(theirs, ours, rtol=0.01, atol=0.05)  # kernels were stored in half precision
    assert runner.finished("lite0_kd_p20", "lite0_kd_p20").network.conv_head.weight.shape[0] < 1280


def test_a_chain_that_was_cut_off_goes_on(chain, tmp_path):
    chain.carry_out(["lite0"])
    stamp = (tmp_path / "checkpoints" / "lite0" / "best.pt").stat().st_mtime_ns
    chain.began = perf_counter()
    chain.carry_out(["lite0", "lite0_kd"])
    assert (tmp_path / "checkpoints" / "lite0" / "best.pt").stat().st_mtime_ns == stamp
    assert is_made(RECIPES["lite0_kd"], tmp_path / "checkpoints" / "lite0_kd")


def test_parcels_stay_below_their_limit(chain, tmp_path):
    chain.options = ChainOptions(torch.device("cpu"), 2.0, 0, 512, Parcels(tmp_path / "out", 8_000_000), print)
    chain.carry_out(["lite0", "lite0_kd"])
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["parcel1.tar", "parcel2.tar"]


def test_what_cannot_be_adopted_is_one_sentence(recipes, tmp_path):
    with pytest.raises(BadRun, match=r"holds no parcel\*\.tar"):
        adopt(tmp_path, tmp_path)
    (tmp_path / "parcel1.tar").write_bytes(b"no tar")
    with pytest.raises(BadRun, match="no readable parcel"):
        adopt(tmp_path, tmp_path / "checkpoints")


def test_weights_of_another_recipe_are_not_taken_for_this_one(recipes, tmp_path):
    (tmp_path / "best.pt").touch()
    (tmp_path / "made.json").write_text(json.dumps({"recipe": {"name": "lite0", "epochs": 9}}))
    with pytest.raises(BadRun, match="was made by another recipe"):
        is_made(RECIPES["lite0"], tmp_path)
    (tmp_path / "made.json").write_text("{")
    with pytest.raises(BadRun, match="is damaged"):
        is_made(RECIPES["lite0"], tmp_path)
