import json

import pytest
import torch

from explorer.guests.timm_network import load_classifier
from model_zoo.errors import BadGuest, BadWeights
from model_zoo.files import sha256_of
from tests.support.guests import write_timm_guest

SIDE = 32


def load(folder):
    return load_classifier(folder, "model.safetensors", sha256_of(folder / "model.safetensors"), SIDE)


def test_outputs_are_the_mean_of_their_maps(tmp_path):
    classifier = load(write_timm_guest(tmp_path))
    with torch.inference_mode():
        outputs, maps = classifier(torch.randn(2, 3, SIDE, SIDE))
    assert outputs.shape == (2, 2) and maps.shape[:2] == (2, 2)
    torch.testing.assert_close(maps.mean((2, 3)), outputs)


def test_a_transformer_has_no_maps(tmp_path):
    classifier = load(write_timm_guest(tmp_path, "test_vit", img_size=SIDE))
    assert not classifier.mapped
    with torch.inference_mode():
        assert [values.shape for values in classifier(torch.randn(1, 3, SIDE, SIDE))] == [(1, 2)]


@pytest.mark.parametrize(
    ("changes", "error", "why"),
    [
        ({"architecture": "hf-hub:user/model"}, BadGuest, "knows no architecture 'hf-hub:user/model'"),
        ({"num_classes": 3}, BadWeights, "does not fit"),
        (
            {"model_args": {"checkpoint_path": "evil.pth"}},
            BadGuest,
            "model_args name checkpoint_path, which says nothing",
        ),
        ({"model_args": {"colour": 1}}, BadGuest, "cannot be built as config.json says"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, changes, error, why):
    folder = write_timm_guest(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))
    with pytest.raises(error, match=why):
        load(folder)
