import numpy as np
import pytest

from explorer.inference.engines import open_engine
from explorer.inference.runners import open_runner
from model_zoo.manifest import read_manifest
from train.evaluation.calibration import Scaling, Scored
from train.release.golden import golden_logits
from train.release.recalibration import Calibration, calibration_of, recalibrate

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


def test_a_release_is_calibrated(small_release):
    name = "lite0_kd_p40"
    before = logits_of(small_release, name)
    earlier = read_manifest(small_release)[name].training["calibration"]
    found = Calibration(Scaling(0.5, -0.25), 0.7, (0.25, 0.8))
    released = recalibrate(name, found, small_release)
    row = read_manifest(small_release)[name]
    assert (row.threshold, row.uncertain, row.metrics) == (0.7, [0.25, 0.8], {})
    assert logits_of(small_release, name) == pytest.approx(0.5 * before - 0.25, abs=2e-3)
    assert row.golden == pytest.approx(0.5 * before - 0.25, abs=2e-3)
    now = released.training["calibration"]  # with what earlier ones did to the logits
    assert now["slope"] == pytest.approx(0.5 * earlier["slope"], abs=2e-5)
    assert now["offset"] == pytest.approx(0.5 * earlier["offset"] - 0.25, abs=2e-5)
    open_runner(name, "openvino", small_release)  # its checksums hold
