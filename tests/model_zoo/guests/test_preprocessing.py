import pytest

from model_zoo.errors import BadGuest
from model_zoo.guest import View
from model_zoo.guests.preprocessing import of_timm, of_transformers
from tests.support.guests import PREPROCESSOR

TIMM = {"pretrained_cfg": {"input_size": [3, 224, 224], "mean": [0.485, 0.456, 0.406], "std": [0.5] * 3,
                           "interpolation": "bicubic", "crop_pct": 0.875}}  # fmt: skip


def test_transformers_preprocessing_is_read():
    view, normalisation = of_transformers(PREPROCESSOR, 1.3)
    assert view == View(1.3, 32, 32, "bilinear")
    assert (normalisation.scale, normalisation.mean, normalisation.std) == (1 / 255, (0.5,) * 3, (0.5,) * 3)


@pytest.mark.parametrize(
    ("changes", "view"),
    [
        ({"size": 64}, View(1.5, 64, 64, "bilinear")),
        ({"size": {"shortest_edge": 256}, "do_center_crop": True, "crop_size": 224, "resample": 3},
         View(1.5, 256, 224, "bicubic")),
        ({"size": {"shortest_edge": 224}, "crop_pct": 0.875}, View(1.5, 256, 224, "bilinear")),  # ConvNeXt
        ({"size": {"shortest_edge": 384}, "crop_pct": 0.875}, View(1.5, 384, 384, "bilinear")),
    ],
)  # fmt: skip
def test_sizes_and_crops(changes, view):
    assert of_transformers(PREPROCESSOR | changes, 1.5)[0] == view


def test_what_is_switched_off_is_not_done():
    _, normalisation = of_transformers(PREPROCESSOR | {"do_normalize": False, "do_rescale": False}, 1.3)
    assert (normalisation.scale, normalisation.mean, normalisation.std) == (1, (0, 0, 0), (1, 1, 1))


def test_timms_is_read():
    view, normalisation = of_timm(TIMM, 1.0)
    assert view == View(1.0, 256, 224, "bicubic")
    assert normalisation.mean == (0.485, 0.456, 0.406)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"image_mean": None}, "names no image_mean"),
        ({"image_std": [0, 1, 1]}, "standard deviation of 0"),
        ({"image_mean": [0.5, 0.5]}, "not three numbers"),
        ({"size": {"height": 224, "width": 256}}, "not one square"),
        ({"size": None}, "not one square"),
        ({"size": 5}, "16 to 1024 can be given"),
        ({"resample": None}, "no known resampling"),
        ({"rescale_factor": None}, "names no rescale_factor"),
        ({"do_resize": False}, "resizes nothing"),
    ],
)
def test_nothing_is_guessed(changes, why):
    with pytest.raises(BadGuest, match=why):
        of_transformers(PREPROCESSOR | changes, 1.3)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"input_size": [3, 224, 192]}, "not .3, S, S."), ({"mean": None}, "names no mean"),
     ({"interpolation": "random"}, "no known interpolation"), ({"crop_mode": "border"}, "crops by 'border'")],
)  # fmt: skip
def test_nor_with_timm(changes, why):
    with pytest.raises(BadGuest, match=why):
        of_timm({"pretrained_cfg": TIMM["pretrained_cfg"] | changes}, 1.3)
