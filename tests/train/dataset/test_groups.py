import pytest

from train.dataset.groups import (
    CALIBRATION_SOURCES,
    HELD_OUT_SOURCES,
    TRAINING_SOURCES,
    group_of,
)
from train.errors import BadData


def test_no_source_is_in_two_groups():
    together = HELD_OUT_SOURCES | CALIBRATION_SOURCES | TRAINING_SOURCES
    assert len(together) == len(HELD_OUT_SOURCES) + len(CALIBRATION_SOURCES) + len(TRAINING_SOURCES)


def test_group_of_names_the_group_and_refuses_what_is_in_none():
    assert group_of("iperov/DeepFaceLive") == "held_out"
    assert group_of("rizkiarm/LipNet") == "calibration"
    assert group_of("X-LANCE/AniTalker") == "training"
    with pytest.raises(BadData, match="somebody/else"):
        group_of("somebody/else")
