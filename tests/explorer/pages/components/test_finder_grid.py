import re

import numpy as np
import pytest

from explorer.finder_race import FinderRace
from explorer.pages.components.finder_grid import finder_grid, misses
from explorer.structures import ClipInfo, Frame

NONE = np.empty((0, 4), np.float32)
ONE = np.array([[10, 10, 40, 46]], np.float32)
TWO = np.array([[10, 10, 40, 46], [60, 10, 90, 46]], np.float32)


@pytest.mark.parametrize(
    ("mtcnn", "haar", "words"),
    [
        (NONE, NONE, "neither finds a face"),
        (ONE, ONE, "both find the face"),
        (TWO, TWO, "both find the same 2 faces"),
        (ONE, NONE, "Haar misses the face that MTCNN finds"),
        (TWO, ONE, "Haar misses 1 of 2 faces that MTCNN finds"),
        (NONE, TWO, "MTCNN misses 2 of 2 faces that Haar finds"),
        (ONE, TWO[1:], "Haar misses the face that MTCNN finds, MTCNN misses the face that Haar finds"),
    ],
)
def test_misses_in_words(mtcnn, haar, words):
    assert misses(mtcnn, haar) == words


def race_of(count: int) -> FinderRace:
    clip = ClipInfo("made.mp4", 1.0, 100, 60, 25.0, 0.0, np.arange(count) / 25, np.zeros(1))
    frames = tuple(Frame(i / 25, np.full((60, 100, 3), 99, np.uint8)) for i in range(count))
    return FinderRace(clip, (), 100, frames, {"mtcnn": (TWO,) * count, "haar": (ONE,) * count})


@pytest.mark.parametrize(("count", "pictured"), [(1, 1), (6, 6), (20, 6)])
def test_up_to_six_frames_spread_evenly(count, pictured):
    times = re.findall(r"<figcaption>([\d.]+) s", finder_grid(race_of(count)))
    assert len(times) == pictured
    assert (times[0], times[-1]) == ("0.00", f"{(count - 1) / 25:.2f}")


def test_boxes_stand_in_pixels_of_the_clip_with_a_line_and_a_label_for_each_finder():
    html = finder_grid(race_of(1))
    assert 'viewBox="0 0 100 60"' in html
    solid, dashed = 'stroke="#0072B2" stroke-width="3" stroke-dasharray="none"', 'stroke="#E69F00"'
    place = 'x="10.0" y="10.0" width="30.0" height="36.0"'
    assert html.count(f"{place} {solid}") == 1
    assert html.count(f"{place} {dashed}") == 1
    assert (html.count(">MTCNN</text>"), html.count(">Haar</text>")) == (2, 1)
