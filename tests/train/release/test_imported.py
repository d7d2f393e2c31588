import numpy as np
import pytest
import torch

from explorer.inference.engines import GRAPH_ENGINES
from model_zoo.errors import BadWeights
from model_zoo.loading import load
from model_zoo.manifest import read_manifest
from model_zoo.mesonet import build_mesonet
from tests.train.release.test_keras_weights import write_keras
from train.release.checks import TOLERANCE
from train.release.golden import golden_logits
from train.release.imported import SOURCES, release_published

pytestmark = pytest.mark.heavy  # networks are exported


@pytest.mark.parametrize(("name", "architecture"), [("meso4_df", "meso4"), ("mesoinception_df", "mesoinception4")])
def test_a_published_variant_is_released_and_says_the_same_in_every_engine(tmp_path, name, architecture):
    torch.manual_seed(3)
    network = build_mesonet(architecture)
    path = write_keras(network, tmp_path / SOURCES[name].file)
    row = release_published(name, path, tmp_path)
    assert read_manifest(tmp_path)[name] == row
    assert (row.threshold, row.input_size, row.training["published"]["licence"]) == (0.5, 256, "Apache-2.0")
    loaded = load(name, tmp_path)
    for key, value in network.state_dict().items():  # kernels pass through half precision
        assert torch.allclose(loaded.network.network.state_dict()[key], value, atol=1e-3), key
    for engine in GRAPH_ENGINES.values():
        logits = golden_logits(engine(loaded.graph), (256, 256, 3))
        assert np.abs(logits - np.array(row.golden)).max() < TOLERANCE["float32"]


def test_a_file_that_is_missing_is_one_sentence(tmp_path):
    with pytest.raises(BadWeights, match=r"Meso4_DF\.h5: no readable Keras weights"):
        release_published("meso4_df", tmp_path / "Meso4_DF.h5", tmp_path)
