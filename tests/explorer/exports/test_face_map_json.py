import json

import numpy as np

from explorer.exports.face_map_json import face_map_json
from explorer.face_map.embedding import Embedding
from explorer.face_map.mapping import FaceMap


def test_the_clips_own_faces_stand_apart_from_the_known_ones():
    points = np.array([[0, 0, 0.25], [1, 1, 1], [2, 2, 2]], np.float32)
    embedding = Embedding(points, np.array([0, -1, 0]), np.ones(3))
    times, persons = np.array([0.12344, 1.0]), np.array([1, 2])
    content = face_map_json(FaceMap("a.mp4", "lite0_kd", embedding, np.array([1]), times, persons, {}, ()))
    assert content == {
        "schema_version": 1, "clip": "a.mp4", "variant": "lite0_kd", "points": [[0.0, 0.0, 0.25], [1.0, 1.0, 1.0]],
        "clusters": [0, -1], "times": [0.1234, 1.0], "persons": [1, 2],
        "references": {"points": [[2.0, 2.0, 2.0]], "clusters": [0], "labels": [1]},
    }  # fmt: skip
    assert json.loads(json.dumps(content)) == content
