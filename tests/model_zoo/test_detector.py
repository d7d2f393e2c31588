import torch


def test_the_mean_of_the_evidence_is_the_logit(tiny_detector):
    crops = torch.randint(0, 256, (3, 32, 32, 3), dtype=torch.uint8)
    logits, evidence = tiny_detector(crops)
    assert evidence.shape == (3, 8, 8)
    assert torch.allclose(evidence.mean((1, 2)), logits, atol=1e-6)
    assert torch.allclose(tiny_detector.score(crops), logits, atol=1e-5)  # the trained path says the same
