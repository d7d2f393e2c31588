"""The constants that the page on the visitor's device shares with the modules that it mirrors.

`python -m explorer.device.constants` writes them into `page/constants.json`.
"""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from explorer import limits, stretches, verdicts
from explorer.exports import conclusion
from explorer.faces import appearance, boxes, close_ups, crops, support, tracks, working_size
from explorer.faces.mtcnn import cascade, finder, pyramid, second_look, tracked
from explorer.heatmaps.overlay import evidence_palette
from explorer.video import picture, sampling

FILE = Path(__file__).with_name("page") / "constants.json"
SHARED: dict[ModuleType, tuple[str, ...]] = {
    limits: ("MAX_SECONDS", "MAX_PIXELS", "DEFAULT_FRAMES"),
    picture: ("HD_LINES", "HD_COLUMNS"),
    sampling: ("MOST_NAMED", "NOT_LOOKED_AT"),
    boxes: ("SIDE_PER_WIDTH", "SIDE_PER_HEIGHT", "CENTRE_ACROSS", "CENTRE_DOWN"),
    crops: ("CROP_SIDE",),
    working_size: ("WORKING_SIDE", "MIN_FACE_SIDE"),
    close_ups: ("MIN_SHARE", "MARGIN"),
    pyramid: ("CELL", "STRIDE", "SCALE_FACTOR", "WIDTH", "STEP"),
    cascade: ("INPUT_SIDES", "STAGE_CONFIDENCES", "NMS_OVERLAP", "LEVEL_NMS_OVERLAP"),
    finder: ("MIN_CONFIDENCE",),
    tracked: ("PASSES", "DETECTION_INTERVAL", "SHOT_CHANGE", "THUMB", "STRAY"),
    second_look: ("GROWN", "CONTEXT_SIDE", "VIEWS", "MIRRORED", "NEAREST", "SPREAD_WEIGHT"),
    appearance: ("FACE_SIDE", "SCENE_SIDE", "SAME_SCENE", "STEADY", "STEP", "FARTHEST"),
    tracks: ("SAME_PERSON", "GALLERY"),
    support: (
        "MAX_PEOPLE",
        "MIN_FACES",
        "LOOKED_AT",
        "MIN_LOG_ODDS",
        "RARE",
        "RARE_LOG_ODDS",
        "TIMES_TOLD",
        "_UNSURE",
        "_UPSIDE_DOWN",
        "_CROWD",
    ),
    stretches: ("MIN_FACES", "MIN_SHARE", "MARGIN", "NOISE", "THROUGHOUT"),
    conclusion: ("CAUTION", "MEANT"),
    verdicts: ("FAKE", "REAL", "UNCERTAIN", "NO_FACE", "UNCERTAIN_BAND"),
}


def constants() -> dict[str, dict[str, Any]]:
    """By module, the last part of its name, and by their own names."""
    shared = {
        module.__name__.rpartition(".")[2]: {name: getattr(module, name) for name in names}
        for module, names in SHARED.items()
    }
    return shared | {"overlay": {"PALETTE": evidence_palette().tolist()}}


def as_json() -> str:
    """A line for each constant, so that a change shows."""
    modules = (
        f'"{module}": {{\n' + ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in named.items()) + "\n}"
        for module, named in constants().items()
    )
    return "{\n" + ",\n".join(modules) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(as_json(), encoding="ascii")
