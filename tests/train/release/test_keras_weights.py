"""Made-up Keras files, and the authors' own where they lie beside the project."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from model_zoo.errors import BadWeights
from model_zoo.factory import build
from model_zoo.mesonet import build_mesonet
from model_zoo.variants import VARIANTS
from train.release.keras_weights import built, fill, read_layers

AUTHORS = Path(__file__).resolve().parents[4] / "shared" / "weights" / "mesonet"
_TENSORS = {
    nn.Conv2d: ("conv2d", {"kernel:0": "weight", "bias:0": "bias"}),
    nn.BatchNorm2d: (
        "batch_normalization",
        {"gamma:0": "weight", "beta:0": "bias", "moving_mean:0": "running_mean", "moving_variance:0": "running_var"},
    ),
    nn.Linear: ("dense", {"kernel:0": "weight", "bias:0": "bias"}),
}
_ORDER = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}


def write_keras(network: nn.Module, path: Path) -> Path:
    """The network's weights as Keras stores them, its layers numbered from 5."""
    counts = dict.fromkeys(_TENSORS, 4)
    with h5py.File(path, "w") as file:
        for place in built(network):
            layer = network.get_submodule(place)
            counts[type(layer)] += 1
            prefix, tensors = _TENSORS[type(layer)]
            name = f"{prefix}_{counts[type(layer)]}"
            for theirs, ours in tensors.items():
                values = getattr(layer, ours).detach().numpy()
                file[f"{name}/{name}/{theirs}"] = values.transpose(_ORDER[values.ndim])
    return path


@pytest.mark.parametrize("architecture", ["meso4", "mesoinception4"])
def test_weights_come_back_layer_by_layer(tmp_path, architecture):
    torch.manual_seed(1)
    before = build_mesonet(architecture)
    nn.init.uniform_(before.bn3.running_mean)
    after = fill(build_mesonet(architecture), read_layers(write_keras(before, tmp_path / "w.h5")), "w.h5")
    for key, value in before.state_dict().items():
        assert torch.equal(value, after.state_dict()[key]), key


def test_a_file_of_another_shape_is_one_sentence(tmp_path):
    network = build_mesonet("meso4")
    network.conv2 = nn.Conv2d(8, 9, 5)
    path = write_keras(network, tmp_path / "other.h5")
    with pytest.raises(BadWeights) as raised:
        fill(build_mesonet("meso4"), read_layers(path), path.name)
    words = "other.h5: layer conv2d_6 has kernel (9, 8, 5, 5), the network's conv2 wants (8, 8, 5, 5)"
    assert str(raised.value) == words
    with pytest.raises(BadWeights, match=r"other.h5: 4 layers conv2d, the network has 16"):
        fill(build_mesonet("mesoinception4"), read_layers(path), path.name)


def test_what_is_no_keras_file_is_refused(tmp_path):
    (tmp_path / "x.h5").write_bytes(b"no weights")
    with pytest.raises(BadWeights, match=r"x\.h5: no readable Keras weights"):
        read_layers(tmp_path / "x.h5")


SAID = {  # by file: p_fake of df00204, df01254, real00240, real00772
    "Meso4_DF": ("meso4_df", (0.948, 0.980, 0.010, 0.003)),
    "Meso4_F2F": ("meso4_df", (0.164, 0.313, 0.119, 0.056)),  # Face2Face: Deepfakes are strange to it
    "MesoInception_DF": ("mesoinception_df", (0.978, 0.999, 0.000, 0.000)),
    "MesoInception_F2F": ("mesoinception_df", (0.001, 0.000, 0.000, 0.001)),
}


@pytest.mark.parametrize("file", SAID)
def test_what_the_authors_files_say_of_their_four_faces(file):
    if not AUTHORS.is_dir():
        pytest.skip("../shared/weights/mesonet is not beside this checkout")
    name, expected = SAID[file]
    detector = build(VARIANTS[name]).eval()
    fill(detector.network, read_layers(AUTHORS / f"{file}.h5"), file)
    faces = [Image.open(path).convert("RGB") for path in sorted(AUTHORS.glob("test_images/*/*.jpg"))]
    crops = np.stack([np.asarray(face.resize((256, 256), Image.Resampling.BILINEAR)) for face in faces])
    with torch.inference_mode():
        p_fake = detector(torch.from_numpy(crops))[0].sigmoid()
    assert p_fake.tolist() == pytest.approx(expected, abs=0.002)
