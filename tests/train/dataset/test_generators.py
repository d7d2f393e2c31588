import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.support.faces import picture
from train.dataset import generators
from train.dataset.generators import Autoencoder, as_sharp, bake, decoder, encoder
from train.errors import BadData


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A folder of weights drawn at random."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    for name, network in (("encoder", encoder()), ("decoder", decoder())):
        save_file(network.state_dict(), folder / f"taef2_{name}.safetensors")
    return folder


def test_an_eighth_of_the_side_and_back():
    with torch.inference_mode():
        latents = encoder()(torch.zeros(1, 3, 32, 40))
        assert latents.shape == (1, 32, 4, 5)
        assert decoder()(latents).shape == (1, 3, 32, 40)


def test_the_networks_hold_2_7_million_parameters():
    count = sum(parameter.numel() for network in (encoder(), decoder()) for parameter in network.parameters())
    assert 2_600_000 < count < 2_800_000


def test_colours_are_the_crop_s_own(weights):
    crops = np.stack([picture(0), picture(1)])
    made = Autoencoder(weights).through(crops, 48, noise=0.1, seed=1)
    assert made.shape == crops.shape and made.dtype == np.uint8
    assert np.abs(made.mean((1, 2)) - crops.mean((1, 2))).max() < 12
    assert not np.array_equal(made, crops)


@pytest.mark.heavy
def test_baking_is_repeated_by_its_seed_and_keeps_the_order(weights, monkeypatch):
    monkeypatch.setattr(generators, "BATCH", 2)
    monkeypatch.setattr(generators, "SIDES", (32, 48))
    crops = [picture(seed) for seed in range(3)]
    first, again = (list(bake(crops, Autoencoder(weights), seed=4)) for _ in range(2))
    assert len(first) == 3
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_weights_of_something_else_are_one_sentence(tmp_path, weights):
    with pytest.raises(BadData, match="taef2_encoder"):
        Autoencoder(tmp_path)
    save_file({"conv.weight": torch.zeros(1)}, tmp_path / "taef2_encoder.safetensors")
    with pytest.raises(BadData, match="is not the autoencoder's") as raised:
        Autoencoder(tmp_path)
    assert "\n" not in str(raised.value)


def test_sharpness_is_brought_to_the_crop_s():
    import cv2

    crop = picture(0)
    twin = cv2.GaussianBlur(crop, (0, 0), 0.8)
    assert generators._detail(twin) < generators._detail(as_sharp(twin, crop)) <= 1.3 * generators._detail(crop)
    assert np.array_equal(as_sharp(crop, twin), crop)  # what is sharper already stays
