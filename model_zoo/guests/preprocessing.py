"""How a guest wants its pictures, read from its own files: nothing of it is guessed."""

from collections.abc import Mapping
from typing import Any

from model_zoo.errors import BadGuest
from model_zoo.guest import Normalisation, View

RESAMPLINGS = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}  # Pillow's numbers
SIDES = range(16, 1025)  # pixels
Channels = tuple[float, float, float]
_CROPPED = 384  # at which ConvNeXt's own preprocessing no longer crops


def of_transformers(config: Mapping[str, Any], margin: float) -> tuple[View, Normalisation]:
    """By preprocessor_config.json of Transformers. Raises BadGuest, naming what is missing."""
    name = "preprocessor_config.json"
    if not config.get("do_resize", True):
        raise BadGuest(f"{name} resizes nothing; a guest takes pictures of one size")
    resized = _side(name, "size", config.get("size"))
    side = resized
    if (share := config.get("crop_pct")) and resized < _CROPPED:  # ConvNeXt's
        resized = int(resized / float(share))
    elif config.get("do_center_crop"):
        side = _side(name, "crop_size", config.get("crop_size"))
    resample = config.get("resample", config.get("resampling"))
    if resample not in RESAMPLINGS:
        raise BadGuest(f"{name} names no known resampling: {resample!r}")
    scale = float(_of(name, config, "rescale_factor")) if config.get("do_rescale", True) else 1.0
    mean, std = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    if config.get("do_normalize", True):
        mean, std = (_three(name, key, _of(name, config, key)) for key in ("image_mean", "image_std"))
    return _checked(name, View(margin, resized, side, RESAMPLINGS[resample])), _normalisation(name, scale, mean, std)


def of_timm(config: Mapping[str, Any], margin: float) -> tuple[View, Normalisation]:
    """By the `pretrained_cfg` of timm's config.json. Raises BadGuest, naming what is missing."""
    name = "pretrained_cfg"
    given = _of("config.json", config, name)
    size = _of(name, given, "input_size")
    if not isinstance(size, list) or len(size) != 3 or size[0] != 3 or size[1] != size[2]:
        raise BadGuest(f"{name} names the input size {size!r}, not [3, S, S]")
    side = size[1]
    mean, std = (_three(name, key, _of(name, given, key)) for key in ("mean", "std"))
    resampling = str(given.get("interpolation", "bicubic"))  # timm's own default
    if resampling not in RESAMPLINGS.values():
        raise BadGuest(f"{name} names no known interpolation: {resampling!r}")
    crop = float(given.get("crop_pct") or 1.0)
    if crop < 1 and given.get("crop_mode", "center") not in ("center", "squash"):
        raise BadGuest(f"{name} crops by {given['crop_mode']!r}, which is not known here")
    view = View(margin, int(side / crop) if crop > 0 else 0, side, resampling)
    return _checked(name, view), _normalisation(name, 1 / 255, mean, std)


def _of(name: str, config: object, key: str) -> Any:
    if not isinstance(config, Mapping) or config.get(key) is None:
        raise BadGuest(f"{name} names no {key}")
    return config[key]


def _side(name: str, key: str, size: object) -> int:
    """One side in pixels of a size: a number, {"shortest_edge"} or a square {"height", "width"}."""
    sides = {size} if isinstance(size, int) else set()
    if isinstance(size, Mapping):
        sides = {size[each] for each in ("shortest_edge", "height", "width") if size.get(each)}
    if len(sides) != 1 or not isinstance(side := next(iter(sides)), int):
        raise BadGuest(f"{name} names the {key} {size!r}, not one square in pixels")
    return side


def _three(name: str, key: str, given: object) -> Channels:
    values = [given] * 3 if isinstance(given, int | float) else given
    if not isinstance(values, list) or len(values) != 3 or not all(isinstance(each, int | float) for each in values):
        raise BadGuest(f"{name} names the {key} {given!r}, not three numbers")
    red, green, blue = map(float, values)
    return red, green, blue


def _checked(name: str, view: View) -> View:
    if view.side not in SIDES or not view.side <= view.resized <= 2 * SIDES[-1]:
        raise BadGuest(f"{name} asks for {view.side} of {view.resized} px; {SIDES[0]} to {SIDES[-1]} can be given")
    return view


def _normalisation(name: str, scale: float, mean: Channels, std: Channels) -> Normalisation:
    if not all(std):
        raise BadGuest(f"{name} names a standard deviation of 0")
    return Normalisation(scale, mean, std)
