from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.face_map.mapping import map_faces
from model_zoo.errors import UnknownVariant
from tests.support.html import decoded

pytestmark = pytest.mark.heavy  # features of two hundred references, and t-SNE


def test_every_face_is_a_point_among_the_references(face_report):
    face_map = map_faces(face_report, "lite0_kd")
    assert face_map.embedding.points.shape == (212, 3)
    assert np.bincount(face_map.labels).tolist() == [100, 100]
    assert face_map.times.tolist() == [i / 2 for i in range(12)]
    assert face_map.persons.tolist() == [0, 1] * 6
    assert face_map.p_fake["lite0_kd"].tolist() == pytest.approx(np.linspace(1, 0, 12))
    assert [round(decoded(crop).mean() / 65) for crop in face_map.crops] == [1, 3] * 6  # grey levels 60 and 190


def test_without_references(face_report):
    face_map = map_faces(face_report, "lite0_kd", with_references=False)
    assert face_map.embedding.points.shape == (12, 3)
    assert len(face_map.labels) == 0


def test_other_weights_are_mapped_without_references(face_report, small_release):
    assert len(map_faces(face_report, "lite0_kd_p40", small_release).labels) == 0


def test_too_few_faces(face_report):
    with pytest.raises(InvalidRequest, match="there are 4"):
        map_faces(replace(face_report, faces=face_report.faces[:4]), "lite0_kd")
    with pytest.raises(InvalidRequest, match="there are 0"):
        map_faces(replace(face_report, faces=()), "lite0_kd")


def test_variants_without_features(face_report):
    with pytest.raises(InvalidRequest, match="gives no features; choose lite0_kd"):
        map_faces(face_report, "lite0_kd_int8")
    with pytest.raises(UnknownVariant, match="b9"):
        map_faces(face_report, "b9")
