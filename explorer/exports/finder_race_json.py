"""A race of the face finders as the JSON that the API promises."""

from dataclasses import asdict
from typing import Any

from explorer.exports.report_json import SCHEMA_VERSION
from explorer.finder_race import FinderRace


def finder_race_json(race: FinderRace) -> dict[str, Any]:
    """The contract of /finders (docs/api.md)."""
    return {
        "schema_version": SCHEMA_VERSION,
        "clip": race.clip.name,
        "frames": len(race.frames),
        "rows": [asdict(row) for row in race.rows],
        "boxes_side_px": race.shown_px,
        "boxes": {
            finder: [
                {"time_s": round(frame.time_s, 4), "boxes": boxes.round(1).tolist()}
                for frame, boxes in zip(race.frames, boxes_by_frame, strict=True)
            ]
            for finder, boxes_by_frame in race.boxes.items()
        },
    }
