import numpy as np
import torch

from explorer.face_map.features import features_of


def test_features_are_what_the_linear_layer_sees(tiny_detector, random_crops):
    features = features_of(tiny_detector, random_crops)
    assert features.shape == (5, 8)
    head = tiny_detector.network.get_classifier()
    with torch.inference_mode():
        logits = tiny_detector(torch.from_numpy(random_crops))[0]
    assert np.allclose(features @ head.weight.detach().numpy()[0] + head.bias.item(), logits, atol=1e-5)


def test_batches_change_nothing(tiny_detector):
    crops = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 3), np.uint8)
    one_by_one = np.concatenate([features_of(tiny_detector, crop[None]) for crop in crops])
    assert np.allclose(features_of(tiny_detector, crops), one_by_one, atol=1e-6)
