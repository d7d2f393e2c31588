"""What the Face map tab says."""

import pytest

from explorer.face_map.mapping import map_faces
from explorer.pages import face_map


def test_int8_variants_are_not_offered():
    assert face_map._gives_features("lite0_kd_p35")
    assert not face_map._gives_features("lite0_kd_p35_int8")
    assert not face_map._gives_features("from_a_later_version")


@pytest.mark.heavy
def test_the_page_says_why_references_are_missing(face_report, small_release):
    mapped = map_faces(face_report, "lite0_kd_p40", small_release)
    assert "The references are left out: they are features of lite0_kd, and every" in face_map._described(mapped, True)
    assert "left out" not in face_map._described(mapped, False)
