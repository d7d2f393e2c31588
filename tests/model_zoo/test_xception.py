import torch
from torch import nn

from model_zoo.factory import build
from model_zoo.variants import VARIANTS
from model_zoo.xception import EPSILON


def test_one_logit_and_a_map_of_its_evidence():
    with torch.device("meta"):
        detector = build(VARIANTS["xception"]).eval()
    assert sum(parameter.numel() for parameter in detector.parameters()) == 20_809_001
    logits, evidence = detector(torch.empty(2, 224, 224, 3, dtype=torch.uint8, device="meta"))
    assert (logits.shape, evidence.shape) == ((2,), (2, 7, 7))
    norms = [layer for layer in detector.modules() if isinstance(layer, nn.BatchNorm2d)]
    assert {layer.eps for layer in norms} == {EPSILON}
