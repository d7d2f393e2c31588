import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from explorer.inference.engines import open_engine
from explorer.inference.runners import open_runner
from model_zoo.manifest import read_manifest
from train.errors import BadRun
from train.evaluation.calibration import Scaling, Scored
from train.release.golden import golden_logits
from train.release.recalibration import Calibration, calibration_of, recalibrate, recalibrate_int8, scale_graph

pytestmark = pytest.mark.heavy  # a release is made


def test_sets_of_crops_and_clips_give_scaling_threshold_and_band():
    rng = np.random.default_rng(0)
    crops = Scored(np.repeat([0, 1], 200), [rng.normal(2 * label, 1, 1) for label in np.repeat([0, 1], 200)])
    clips = Scored(np.repeat([0, 1], 30), [rng.normal(2 * label, 1, 12) for label in np.repeat([0, 1], 30)])
    found = calibration_of([crops, clips], (0.5, 0.5))
    for scored in (crops, clips):
        p_fake = scored.p_fake(found.scaling)
        assert (p_fake[scored.labels == 0] > found.threshold).mean() <= 0.05
    assert found.uncertain[0] <= found.threshold <= found.uncertain[1]
    assert found.scaling.offset < -1  # real and fake lie at 0 and 2, half-way is 1


def logits_of(release, name):
    graph = release / read_manifest(release)[name].graph
    return golden_logits(open_engine("openvino", graph, lambda: None), (160, 160, 3))


def test_a_release_is_calibrated_float_and_int8_alike(small_release):
    before = {name: logits_of(small_release, name) for name in ("lite0_kd_p40", "lite0_kd_p40_int8")}
    found = Calibration(Scaling(0.5, -0.25), 0.7, (0.25, 0.8))
    released = recalibrate("lite0_kd_p40", found, small_release)
    int8 = recalibrate_int8("lite0_kd_p40_int8", found, small_release)
    manifest = read_manifest(small_release)
    for name, logits in before.items():
        row = manifest[name]
        assert (row.threshold, row.uncertain, row.metrics) == (0.7, [0.25, 0.8], {})
        assert logits_of(small_release, name) == pytest.approx(0.5 * logits - 0.25, abs=2e-3)
        assert row.golden == pytest.approx(0.5 * logits - 0.25, abs=2e-3)
    assert released.training["calibration"] == {"slope": 0.5, "offset": -0.25}
    assert int8.training["sha256"] == released.sha256
    open_runner("lite0_kd_p40_int8", "openvino", small_release)  # its checksums hold
    twice = recalibrate("lite0_kd_p40", found, small_release)
    assert twice.training["calibration"] == {"slope": 0.25, "offset": -0.375}


def test_a_graph_whose_last_convolution_is_no_float_one_is_refused(tmp_path):
    kernel = numpy_helper.from_array(np.ones((1, 3, 1, 1), np.float32), "kernel")
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "kernel"], ["y"])],
        "no bias",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 4, 4])],
        [kernel],
    )
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(graph), path)
    with pytest.raises(BadRun, match="the last convolution is no float one with a bias"):
        scale_graph(path, Scaling(2.0, 0.0))
