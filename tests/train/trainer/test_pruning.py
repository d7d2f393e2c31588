import pytest
import torch

from model_zoo.factory import build
from model_zoo.pruned import narrow, widths_of
from model_zoo.variants import VARIANTS
from train.errors import BadRun
from train.trainer.pruning import ROUND_TO, channels_of, prune

pytestmark = pytest.mark.heavy  # networks are pruned

SIZE = 64


@pytest.fixture(scope="module")
def batches():
    """Two batches of noise; fakes are brighter."""
    generator = torch.Generator().manual_seed(0)
    crops = torch.randint(0, 128, (8, SIZE, SIZE, 3), dtype=torch.uint8, generator=generator)
    labels = torch.tensor([0.0, 1.0] * 4)
    return [(crops + (labels * 100).to(torch.uint8)[:, None, None, None], labels)] * 2


@pytest.fixture
def detector():
    """Lite0 with settled batch norms and no dead channel: what training gives, without training."""
    torch.manual_seed(0)
    found = build(VARIANTS["lite0"])
    for layer in found.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.bias, 0.5, 1.5)
    return found


@pytest.mark.parametrize("scope", ["global", "local"])
def test_the_ratio_is_reached_and_widths_are_multiples_of_eight(detector, batches, scope):
    dense = channels_of(detector, SIZE)
    done = prune(detector, 0.2, dense, batches, SIZE, scope)
    assert done.params_before == 3_372_289
    assert done.params_after < done.params_before
    assert done.ratio == pytest.approx(0.2, abs=0.01)
    assert channels_of(detector, SIZE) == round(dense * (1 - done.ratio))
    widths = {layer: shape[0] for layer, shape in widths_of(detector.network.state_dict()).items()}
    assert {width % ROUND_TO for layer, width in widths.items() if layer != "classifier"} == {0}
    assert widths["classifier"] == 1


def test_a_pruned_network_reloads_with_identical_logits(detector, batches):
    prune(detector, 0.3, channels_of(detector, SIZE), batches, SIZE)
    state = detector.network.state_dict()
    again = build(VARIANTS["lite0"])
    again.network = narrow(again.network, widths_of(state))
    again.network.load_state_dict(state)
    crops = batches[0][0]
    assert torch.equal(detector.eval()(crops)[0], again.eval()(crops)[0])


def test_a_second_step_counts_from_the_dense_network(detector, batches):
    dense = channels_of(detector, SIZE)
    prune(detector, 0.1, dense, batches, SIZE)
    assert prune(detector, 0.2, dense, batches, SIZE).ratio == pytest.approx(0.2, abs=0.01)


def test_a_network_without_gradients_is_refused_aloud(detector, batches):
    with torch.no_grad():
        detector.network.classifier.weight.zero_()
    with pytest.raises(BadRun, match=r"trained network|removed nothing|instead of"):
        prune(detector, 0.2, channels_of(detector, SIZE), batches, SIZE)


def test_a_ratio_out_of_reach_is_refused(detector, batches):
    with pytest.raises(BadRun, match="instead of 99"):
        prune(detector, 0.995, channels_of(detector, SIZE), batches, SIZE)


def test_pruning_by_nothing_is_refused(detector, batches):
    with pytest.raises(BadRun, match="removed nothing"):
        prune(detector, 0.0, channels_of(detector, SIZE), batches, SIZE)
