import json
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from explorer.exports.finder_race_json import finder_race_json
from explorer.finder_race import FinderRace, FinderRow


def test_the_contract():
    clip, frame = cast(Any, SimpleNamespace(name="a.mp4")), cast(Any, SimpleNamespace(time_s=0.12345))
    row = FinderRow("haar", False, 480, 100.0, 10.0, 1, 0, None)
    boxes = {"haar": (np.array([[1.04, 2, 3, 4]], np.float32),)}
    content = finder_race_json(FinderRace(clip, (row,), 480, (frame,), boxes))
    assert content == {
        "schema_version": 1, "clip": "a.mp4", "frames": 1, "boxes_side_px": 480,
        "rows": [
            {
                "finder": "haar", "batched": False, "side_px": 480, "fps": 100.0, "ms_per_frame": 10.0, "found": 1,
                "missed": 0, "mean_iou_with_mtcnn": None,
            }
        ],
        "boxes": {"haar": [{"time_s": 0.1235, "boxes": [[1.0, 2.0, 3.0, 4.0]]}]},
    }  # fmt: skip
    assert json.loads(json.dumps(content)) == content
