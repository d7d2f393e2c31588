import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.video import examples
from explorer.video.examples import EXAMPLES, FACE_AXES, FACE_CENTRE, example_clips
from explorer.video.reader import probe
from model_zoo.files import is_whole


@pytest.mark.heavy
def test_the_clips_are_made_once(tmp_path):
    clips = example_clips(tmp_path)
    stamps = [path.stat().st_mtime_ns for path in clips.values()]
    assert [path.stat().st_mtime_ns for path in example_clips(tmp_path).values()] == stamps
    for path in clips.values():
        info = probe(path)
        assert (info.height, round(info.duration_s)) == (480, 4)
        assert info.width == (720 if path.name == "portrait_two_people.mp4" else 480)


def test_the_forgery_is_confined_to_the_face():
    portrait = examples.load_portrait()
    change = np.abs(examples._forged(portrait, 1.0).astype(int) - portrait).max(-1)
    y, x = np.mgrid[: portrait.shape[0], : portrait.shape[1]]
    inside = ((x - FACE_CENTRE[0]) / FACE_AXES[0]) ** 2 + ((y - FACE_CENTRE[1]) / FACE_AXES[1]) ** 2
    assert change[inside < 0.8].mean() > 4
    assert change[inside > 2.5].max() == 0  # beyond the soft edge nothing moves


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(examples, "SECONDS", 1)
    monkeypatch.setattr(examples, "RATE", 5)


@pytest.mark.heavy
def test_instances_that_start_on_one_cache_all_show_whole_examples(short, tmp_path):
    script = """
import sys, time
from pathlib import Path
from explorer.video import examples
examples.SECONDS, examples.RATE = 1, 5
examples.load_portrait()  # what takes long to load is loaded before all begin at once
folder = Path(sys.argv[1])
(folder / sys.argv[2]).touch()
while len(list(folder.glob("ready-*"))) < 3:
    time.sleep(0.001)
print(len(examples.example_clips(folder / "examples")))
"""
    words = [sys.executable, "-c", script, str(tmp_path)]
    root = Path(__file__).resolve().parents[3]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*words, f"ready-{index}"], cwd=root, **pipes) for index in range(3)]
    assert [process.communicate(timeout=120) for process in running] == 3 * [("5\n", "")]
    clips = example_clips(tmp_path / "examples")
    assert [len(probe(path).frame_times) for path in clips.values()] == [5] * 5
    assert not list((tmp_path / "examples").glob("*.partial"))


@pytest.mark.heavy
@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(path.read_bytes()[:-9]), Path.unlink])
def test_an_example_that_was_damaged_is_made_anew(short, tmp_path, damage):
    clips = example_clips(tmp_path)
    damage(clips["Forged face"])
    (tmp_path / "portrait_forged.mp4.0123.partial").touch()  # left by one that was killed
    assert [len(probe(path).frame_times) for path in example_clips(tmp_path).values()] == [5] * 5
    assert is_whole(tmp_path, [path.name for path in clips.values()])
    assert not list(tmp_path.glob("*.partial"))


def test_examples_that_are_whole_need_no_place_to_write_to(short, tmp_path, monkeypatch):
    example_clips(tmp_path)
    monkeypatch.setattr(examples, "locked", lambda _: pytest.fail("asked for the lock"))
    assert len(example_clips(tmp_path)) == 5


def test_the_forgery_that_begins_late_and_the_person_who_is_untouched_are_the_portrait():
    portrait, phase = examples.load_portrait(), 1.0
    real = examples._untouched(portrait, phase, 0)
    late = EXAMPLES["Forged from 1.5 s"].draw
    assert np.array_equal(late(portrait, phase, 1.4), real)
    assert not np.array_equal(late(portrait, phase, 1.5), real)
    two = EXAMPLES["Two people"].draw(portrait, phase, 0)
    assert np.abs(two[:, :360].astype(int) - real[:, 60:420]).mean() < 1  # placed at another fraction of a pixel
    assert np.abs(two[:, 360:].astype(int)[:, ::-1] - real[:, 60:420]).mean() > 5


def test_an_example_says_what_is_true_of_it_and_what_there_is_to_see():
    for title, example in EXAMPLES.items():
        assert example.truth and example.about
        assert len(example.glance) <= 24  # a line of a card
        assert examples.still(title).shape[0] == 480


def test_clips_of_another_version_of_the_code_are_not_shown(short, tmp_path, monkeypatch):
    kept = examples.edition()
    source = tmp_path / "examples.py"
    source.write_text("another drawing")
    source.with_name("writer.py").write_text("the same writer")
    monkeypatch.setattr(examples, "__file__", str(source))
    assert examples.edition() != kept
    assert len(kept) == 12
