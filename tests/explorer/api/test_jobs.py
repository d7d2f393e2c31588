"""What stands around every function of the API: whose file, which errors, how far it is, who stops it."""

import gradio as gr
import pytest

from explorer import limits
from explorer.api.jobs import job, path_of, paths_of, steps
from explorer.errors import InvalidRequest, UnreadableClip
from explorer.structures import Progress


class Asked:
    """Functions as the API's are, each a generator."""

    @job
    def refused(self):
        yield {"stage": "reading"}
        raise UnreadableClip("a.mp4 cannot be read as a video")

    @job
    def faulty(self):
        yield {"stage": "reading"}
        raise KeyError("a bug")


def test_an_error_of_ours_is_one_sentence_with_nothing_tied_to_it():
    events = Asked().refused()
    assert next(events) == {"stage": "reading"}
    with pytest.raises(gr.Error, match=r"a\.mp4 cannot be read as a video") as caught:
        next(events)
    assert (caught.value.print_exception, caught.value.__context__) == (False, None)


def test_a_bug_keeps_its_traceback():
    with pytest.raises(KeyError, match="a bug"):
        list(Asked().faulty())


def test_steps_are_the_progress_and_the_answer_comes_last():
    def work():
        yield Progress("finding faces", 1, 2)
        yield "a result on the way"
        yield Progress("finding faces", 2, 2)
        yield "the report"

    def call():
        answers.append((yield from steps(work())))

    answers = []
    assert list(call()) == [{"stage": "finding faces", "done": done, "total": 2} for done in (1, 2)]
    assert answers == ["the report"]


def test_a_job_that_is_cancelled_is_closed():
    closed = []

    def work():
        try:
            yield Progress("finding faces", 1, 2)
            yield Progress("finding faces", 2, 2)
        finally:
            closed.append(True)

    events = steps(work())
    next(events)
    events.close()
    assert closed == [True]


def test_the_clip_is_an_uploaded_file(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    path = tmp_path / "uploads" / "0" / "clip.mp4"
    assert path_of({"path": str(path)}) == path
    for elsewhere in (tmp_path / "clip.mp4", tmp_path / "uploads" / ".." / "clip.mp4", "/etc/passwd"):
        with pytest.raises(InvalidRequest, match="not a path on the server"):
            path_of({"path": str(elsewhere)})


def test_a_name_that_lost_its_brackets_on_the_way_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    stored = tmp_path / "0" / "clip [dQw4w9].mp4"
    stored.parent.mkdir()
    assert path_of({"path": str(stored.with_name("clip dQw4w9.mp4"))}).name == "clip dQw4w9.mp4"  # there is none
    stored.touch()
    assert path_of({"path": str(stored.with_name("clip dQw4w9.mp4"))}) == stored
    assert path_of({"path": str(stored.with_name("clip.mp4"))}).name == "clip.mp4"


@pytest.mark.parametrize("clip", [None, "clip.mp4", [], {}, {"path": None}, {"path": ""}, {"path": ["a"]}])
def test_what_is_no_file_is_told_how_to_give_one(clip):
    with pytest.raises(InvalidRequest, match=r'clip takes a file: handle_file\("clip\.mp4"\)'):
        path_of(clip)


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 300, "x/" * 3000])
def test_what_no_file_can_be_called_is_no_upload(monkeypatch, tmp_path, name):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with pytest.raises(InvalidRequest, match="clip takes an uploaded file"):
        path_of({"path": f"{tmp_path}/{name}"})


@pytest.mark.parametrize("clips", [None, [], {"path": "a"}, [{"path": ""}], [{}] * (limits.MAX_FILES_AT_ONCE + 1)])
def test_a_list_of_files_is_no_more_and_no_less(clips):
    with pytest.raises(InvalidRequest, match="takes"):
        paths_of(clips)
