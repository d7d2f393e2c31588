import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from model_zoo.errors import BadWeights
from model_zoo.weights import load_weights, save_weights, sha256_of


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


@pytest.fixture
def stored(network, tmp_path):
    path = tmp_path / "model.safetensors"
    return path, save_weights(network, path)


def test_round_trip(network, stored):
    path, sha256 = stored
    other = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).train()
    load_weights(other, path, sha256)
    assert not other.training
    assert torch.equal(other[0].weight, network[0].weight.half().float())  # kernels are stored in half precision
    assert torch.equal(other[0].bias, network[0].bias)  # vectors in full


def test_sha256_is_the_file_s(stored):
    path, sha256 = stored
    assert sha256 == sha256_of(path)
    assert len(sha256) == 64


def test_another_file_is_refused(network, stored):
    path, sha256 = stored
    state = load_file(path)
    state["0.bias"] += 1
    save_file(state, path)
    with pytest.raises(BadWeights, match=r"model\.safetensors: sha256 is .* the manifest says"):
        load_weights(network, path, sha256)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_finite_are_refused(network, stored, value):
    path, _ = stored
    state = load_file(path)
    state["1.running_var"][2] = value
    save_file(state, path)
    with pytest.raises(BadWeights, match=r"1\.running_var holds values that are not finite"):
        load_weights(network, path)
    with torch.no_grad():
        network[0].weight[0] = value
    with pytest.raises(BadWeights, match="not finite"):
        save_weights(network, path.with_name("new.safetensors"))
    assert not path.with_name("new.safetensors").exists()


def test_a_kernel_too_large_for_half_precision_is_refused(network, tmp_path):
    with torch.no_grad():
        network[0].weight[0] = 1e6
    with pytest.raises(BadWeights, match="not finite"):
        save_weights(network, tmp_path / "new.safetensors")


def test_a_file_that_does_not_fit_is_refused(stored):
    with pytest.raises(BadWeights, match="does not fit Sequential"):
        load_weights(nn.Sequential(nn.Conv2d(3, 5, 3)), stored[0])


def test_truncated_and_bit_flipped_headers_are_refused(network, stored):
    path, _ = stored
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], b"\xff" * 8 + content[8:], b""):
        path.write_bytes(damaged)
        with pytest.raises(BadWeights, match="not a valid safetensors file"):
            load_weights(network, path)


def test_any_flipped_bit_is_refused(network, stored):
    path, sha256 = stored
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(50):
        flipped = bytearray(content)
        flipped[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
        path.write_bytes(flipped)
        with pytest.raises(BadWeights):
            load_weights(network, path, sha256)


def test_missing_and_pickled_files_are_refused(network, tmp_path):
    with pytest.raises(BadWeights, match=r"gone\.safetensors: cannot be read"):
        load_weights(network, tmp_path / "gone.safetensors")
    torch.save(network.state_dict(), tmp_path / "model.pt")
    with pytest.raises(BadWeights, match=r"only \.safetensors files"):
        load_weights(network, tmp_path / "model.pt")
