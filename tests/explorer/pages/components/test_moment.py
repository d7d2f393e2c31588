"""The strip of moments, and one moment with what every variant saw in it."""

import numpy as np
import pytest

from explorer.pages.components.moment import THUMBNAILS, moment, strip
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, report_of, runner
from tests.support.html import Reader, pictures, text
from tests.support.reports import face, report

RUNNERS = {"steady": runner}
AMBER = (230, 159, 0)


def times(page: str) -> list[float]:
    return [float(button["data-time"]) for button in Reader(page).attributes("button")]


def test_a_button_for_each_moment_with_the_first_face_seen_in_it():
    page = strip(report([face(0.5, 1, level=40), face(0.5, 2, level=200), face(1.0, 2, level=200)]))
    assert times(page) == [0.5, 1.0]
    assert text(page) == "0.5 1.0"
    levels = {alt: round(float(image.mean())) for alt, image in pictures(page).items()}
    assert levels == {"show the moment at 0.50 s": 40, "show the moment at 1.00 s": 200}


def test_of_many_moments_some_are_shown_spread_evenly():
    chosen = times(strip(report([face(float(i)) for i in range(3 * THUMBNAILS - 2)])))
    assert chosen == [3.0 * i for i in range(THUMBNAILS)]


def test_without_a_face_there_is_no_strip():
    assert strip(report()) == ""


@pytest.fixture(scope="module")
def ramp(tmp_path_factory):
    """A clip of 2 s whose i-th frame is grey of level 2 i, and its report: faces at 0.2, 0.6, 1.0, 1.4 and 1.8 s."""
    path = grey_ramp(tmp_path_factory.mktemp("ramp") / "ramp.mp4", [i / 25 for i in range(50)], size=(96, 128))
    return path, report_of(path, RUNNERS, everywhere, frames=5)


def test_the_sampled_frame_nearest_to_a_time_with_its_faces_boxed(ramp):
    path, clip_report = ramp
    page = moment(clip_report, path, 1.1, RUNNERS, "evidence", "pooled")
    frame = pictures(page)["frame at 1.00 s"]
    assert frame.shape == (360, 480, 3)  # 96 x 128 at a width of 480: 3.75 times
    on_the_box, beside = frame[round(3.75 * 27), round(3.75 * 8)], frame[round(3.75 * 80), round(3.75 * 110)]
    assert np.abs(on_the_box.astype(int) - AMBER).max() < 60
    assert np.abs(beside.astype(int) - 50).max() < 6  # the 26th frame's level


def test_beside_it_the_crop_and_every_variants_heatmap(ramp):
    path, clip_report = ramp
    page = moment(clip_report, path, 1.0, RUNNERS, "evidence", "pooled")
    p_fake = clip_report.variants[0].frame_p_fake[2]
    assert text(page) == f"1.00 s crop steady {p_fake:.2f}"
    assert list(pictures(page)) == ["frame at 1.00 s", "crop", "steady at 1.00 s"]


def test_of_several_people_each_has_its_tiles(tmp_path):
    def both(images):
        return [np.array([[8, 8, 40, 46], [58, 10, 86, 44]], np.float32) for _ in images]

    path = grey_ramp(tmp_path / "two.mp4", [i / 25 for i in range(10)], size=(64, 96))
    clip_report = report_of(path, RUNNERS, both, frames=2)
    page = moment(clip_report, path, 0.0, RUNNERS, "evidence", "pooled")
    first, second = clip_report.variants[0].frame_p_fake[:2]
    assert text(page).endswith(f"person 1 steady {first:.2f} person 2 steady {second:.2f}")
