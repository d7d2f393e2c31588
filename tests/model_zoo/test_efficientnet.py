"""B0 to B7 as published, on the meta device: nothing is computed."""

import pytest
import timm
import torch

from model_zoo.detector import Detector
from model_zoo.efficientnet import RESOLUTIONS, TwoNodes, build_efficientnet
from model_zoo.variants import VARIANTS

# Pokroy & Egorov, ElConRus 2021, table 1: millions of parameters, with ImageNet's 1000 classes.
PRINTED = {"b0": 5.3, "b1": 7.8, "b2": 9.2, "b3": 12, "b4": 19, "b5": 30, "b6": 43, "b7": 66}


@pytest.mark.parametrize("name", RESOLUTIONS)
def test_parameters_are_those_of_the_table_and_shapes_follow_the_resolution(name):
    with torch.device("meta"):
        published = timm.create_model(f"efficientnet_{name}", num_classes=1000)
        network = build_efficientnet(f"efficientnet_{name}").eval()
    millions = sum(parameter.numel() for parameter in published.parameters()) / 1e6
    assert millions == pytest.approx(PRINTED[name], abs=0.5 if PRINTED[name] > 10 else 0.1)
    side = RESOLUTIONS[name]
    features = network.forward_features(torch.empty(1, 3, side, side, device="meta"))
    assert features.shape[2:] == (-(-side // 32),) * 2
    assert network.forward_head(features).shape == (1, 1)
    if name != "b0":  # ours looks at 160 px
        assert VARIANTS[name].input_size == side


def test_two_nodes_with_softmax_are_a_sigmoid_of_their_difference():
    torch.manual_seed(0)
    head, features = TwoNodes(8), torch.randn(5, 8)
    softmax = torch.nn.functional.linear(features, head.weight, head.bias).softmax(1)[:, 1]
    assert torch.allclose(head(features).sigmoid().squeeze(1), softmax, atol=1e-6)
    assert torch.allclose(head.as_one()(features), head(features), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", RESOLUTIONS)
def test_each_can_be_trained_a_step(name):
    torch.manual_seed(0)
    detector = Detector(build_efficientnet(f"efficientnet_{name}")).train()
    optimizer = torch.optim.SGD(detector.parameters(), lr=1e-3)
    before = detector.network.classifier.weight.clone()
    logits = detector.score(torch.randint(0, 256, (4, 64, 64, 3), dtype=torch.uint8))
    torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor([0.0, 1, 0, 1])).backward()
    optimizer.step()
    assert not torch.equal(detector.network.classifier.weight, before)
