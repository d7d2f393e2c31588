import torch


def test_the_mean_of_the_evidence_is_the_logit(tiny_detector):
    crops = torch.randint(0, 256, (3, 32, 32, 3), dtype=torch.uint8)
    logits, evidence = tiny_detector(crops)
    assert evidence.shape == (3, 8, 8)
    assert torch.allclose(evidence.mean((1, 2)), logits, atol=1e-6)
    assert torch.allclose(tiny_detector.score(crops), logits, atol=1e-5)  # the trained path says the same


def test_only_a_turned_output_costs_a_node(tiny_detector):
    crops = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    logits, evidence = tiny_detector(crops)
    nodes = torch.export.export(tiny_detector, (crops,)).graph.nodes
    tiny_detector.turned = True
    turned = torch.export.export(tiny_detector, (crops,)).graph.nodes
    assert len(turned) == len(nodes) + 1
    assert all(torch.equal(-was, now) for was, now in zip((logits, evidence), tiny_detector(crops), strict=True))
