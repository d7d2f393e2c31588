from dataclasses import replace

import numpy as np

from explorer.selection import at_moment, disagreement, evenly_spaced, evenly_spaced_indices, moments, most_disputed
from explorer.structures import ClipInfo, Cpu, Face, Report, VariantResult

CLIP = ClipInfo("a.mp4", 2.0, 640, 480, 25.0, 0.0, np.arange(50) / 25, np.array([0.0]))
FACES = tuple(
    Face(time_s, np.array([1, 2, 3, 4], np.float32), np.zeros((224, 224, 3), np.uint8), person)
    for time_s, person in [(0.1, 1), (0.1, 2), (0.5, 1), (0.9, 1), (0.9, 2)]
)


def result(*p_fake: float) -> VariantResult:
    scored = np.array(p_fake)
    return VariantResult(
        "x", "none", "real", 0.5, 0.0, 0.5, (0.4, 0.6), None, 0.0, 1, 0.1, scored, np.zeros((len(scored), 2, 2))
    )


RESULTS = (result(0, 0, 0.5, 1, 0.2), result(0.1, 0.6, 0.5, 0.2, 0.3))
REPORT = Report(CLIP, 3, FACES, Cpu("a processor", 2, 2, ()), {}, RESULTS, ())


def test_moments_are_distinct_times():
    assert moments(REPORT).tolist() == [0.1, 0.5, 0.9]
    assert at_moment(REPORT, 0.9).tolist() == [3, 4]


def test_faces_are_spread_over_the_clip():
    assert evenly_spaced(REPORT, 3).tolist() == [0, 2, 4]
    assert evenly_spaced(REPORT, 2, person=1).tolist() == [0, 3]
    assert evenly_spaced(REPORT, 9, person=2).tolist() == [1, 4]


def test_evenly_spaced_indices_go_from_the_first_to_the_last():
    assert evenly_spaced_indices(9, 3).tolist() == [0, 4, 8]
    assert evenly_spaced_indices(3, 9).tolist() == [0, 1, 2]
    assert evenly_spaced_indices(5, 1).tolist() == [0]
    assert evenly_spaced_indices(0, 3).tolist() == []


def test_the_worst_disputed_come_first():
    assert disagreement(REPORT).round(6).tolist() == [0.1, 0.6, 0.0, 0.8, 0.1]
    assert most_disputed(REPORT, 2).tolist() == [3, 1]
    assert most_disputed(REPORT, 1, person=2).tolist() == [1]


def test_nothing_to_choose_from():
    empty = replace(REPORT, faces=(), variants=())
    assert moments(empty).tolist() == evenly_spaced(empty, 3).tolist() == most_disputed(empty, 3).tolist() == []
