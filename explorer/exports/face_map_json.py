"""A face map as the JSON that the API promises."""

from typing import Any

from explorer.exports.report_json import SCHEMA_VERSION
from explorer.face_map.mapping import FaceMap


def face_map_json(face_map: FaceMap) -> dict[str, Any]:
    """The contract of /embed (docs/api.md): the clip's own faces first, the known ones under `references`."""
    count = len(face_map.times)
    points, clusters = face_map.embedding.points.round(4).tolist(), face_map.embedding.clusters.tolist()
    return {
        "schema_version": SCHEMA_VERSION,
        "clip": face_map.clip,
        "variant": face_map.variant,
        "points": points[:count],
        "clusters": clusters[:count],
        "times": face_map.times.round(4).tolist(),
        "persons": face_map.persons.tolist(),
        "references": {
            "points": points[count:],
            "clusters": clusters[count:],
            "labels": face_map.labels.tolist(),
        },
    }
