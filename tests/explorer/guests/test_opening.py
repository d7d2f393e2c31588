import pytest

from explorer.errors import InvalidRequest
from explorer.guests.opening import open_guest
from model_zoo.errors import BadGuest, BadWeights
from model_zoo.guests.admission import guest_of
from model_zoo.guests.declared import Declared
from tests.support.guests import levels, onnx_graph, write_onnx_guest


@pytest.fixture
def guest(tmp_path):
    folder = write_onnx_guest(tmp_path / "tiny")
    return guest_of(Declared("tiny", folder=str(folder), threshold=0.3), folder, "")


def test_a_guest_is_a_runner_like_any_other_and_kept(guest):
    runner = open_guest(guest)
    assert runner is open_guest(guest)
    assert (runner.name, runner.engine, runner.input_size, runner.params) == ("tiny", "openvino", 32, 17)
    assert runner.threshold == 0.3 and runner.uncertain == pytest.approx((0.2, 0.4))
    assert runner.view == guest.view and runner.detector() is None
    assert runner.run(levels())[0].shape == (3,)
    assert open_guest(guest, "onnxruntime").engine == "onnxruntime"


def test_a_file_that_was_changed_since_is_not_run(guest):
    guest.path.write_bytes(guest.path.read_bytes() + b"\0")
    with pytest.raises(BadWeights, match="sha256 is"):
        open_guest(guest)


def test_what_an_engine_cannot_run_is_one_sentence(tmp_path):
    model = onnx_graph([1.0, -1.0])
    model.graph.node[2].op_type = "Flattenn"
    folder = write_onnx_guest(tmp_path / "odd", graph=model)
    with pytest.raises(BadGuest, match="odd does not run on") as raised:
        open_guest(guest_of(Declared("odd", folder=str(folder)), folder, ""))
    assert "\n" not in str(raised.value)


def test_torch_is_refused(guest):
    with pytest.raises(InvalidRequest, match="torch does not run"):
        open_guest(guest, "torch")


def test_scores_run_on_no_engine(tmp_path):
    (tmp_path / "scores.csv").write_text(f"clip_sha256,time_s,p_fake\n{'a' * 64},0,0.25\n")
    runner = open_guest(guest_of(Declared("mine", folder=str(tmp_path), form="scores"), tmp_path, ""), "openvino")
    assert runner.engine == "elsewhere" and runner.for_clip is not None and runner.view is None
