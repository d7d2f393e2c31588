import sys

import numpy as np
import pytest

from explorer.errors import InvalidRequest, UnknownOption
from explorer.inference.engines import ENGINES, GRAPH_ENGINES, available_engines, open_engine
from explorer.inference.runners import open_runner
from explorer.verdicts import probabilities
from model_zoo.variants import VARIANTS
from train.release.onnx_export import export_graph

pytestmark = pytest.mark.heavy  # every released network in every engine


@pytest.fixture(scope="module")
def face_crops(portrait_clip):
    """(6, 160, 160, 3): faces of the example clip and noise."""
    from explorer.faces.crops import cut_face
    from explorer.faces.finders import finder_named
    from explorer.video.reader import probe, read_frames, sample_times

    info = probe(portrait_clip)
    shown = [frame.image for frame in read_frames(portrait_clip, info, sample_times(info, 4))]
    crops = [cut_face(image, box, 160) for image, box in zip(shown, finder_named("mtcnn")(shown), strict=True)]
    return np.stack([*crops, *np.random.default_rng(0).integers(0, 256, (2, 160, 160, 3), np.uint8)])


@pytest.mark.parametrize("engine", GRAPH_ENGINES)
def test_engines_agree_with_torch(released, face_crops, engine):
    for name in (name for name in released if VARIANTS[name].precision == "float32"):
        expected, expected_evidence = open_runner(name, "torch").run(face_crops)
        found, evidence = open_runner(name, engine).run(face_crops)
        assert np.abs(probabilities(found) - probabilities(expected)).max() < 1e-4
        assert evidence.shape == expected_evidence.shape
        assert np.abs(evidence - expected_evidence).max() < 1e-2


def test_int8_says_nearly_what_its_float_twin_says_in_both_engines(released, face_crops):
    for variant in (VARIANTS[name] for name in released if VARIANTS[name].precision == "int8"):
        expected = probabilities(open_runner(variant.float_name, "torch").run(face_crops)[0])
        for engine in GRAPH_ENGINES:
            found, evidence = open_runner(variant.name, engine).run(face_crops)
            assert np.abs(probabilities(found) - expected).max() < 0.1
            assert evidence.mean((1, 2)) == pytest.approx(found, abs=1e-4)


def test_int8_on_torch_is_refused_in_a_sentence(released):
    with pytest.raises(InvalidRequest, match="choose openvino or onnxruntime"):
        open_runner("lite0_kd_p35_int8", "torch")


@pytest.mark.parametrize("engine", ENGINES)
def test_any_batch_size(tiny_detector, tmp_path, engine):
    graph = export_graph(tiny_detector, 32, tmp_path / "tiny.onnx")
    run = open_engine(engine, graph, lambda: tiny_detector)
    crops = np.random.default_rng(1).integers(0, 256, (7, 32, 32, 3), np.uint8)
    whole = run(crops)[0]
    single = np.concatenate([run(crop[None])[0] for crop in crops])
    assert whole.shape == (7,)
    assert whole == pytest.approx(single, abs=1e-5)


def test_auto_is_the_first_installed(released):
    assert open_runner(released[0]).engine == available_engines()[0]


def test_unknown_engine(tmp_path):
    with pytest.raises(UnknownOption, match="no engine named 'tpu'"):
        open_engine("tpu", tmp_path / "none.onnx", lambda: None)


def test_without_an_engine_the_next_one_runs(monkeypatch, small_release):
    for missing, left in zip(ENGINES, (*ENGINES[1:], None), strict=True):
        monkeypatch.setitem(sys.modules, missing, None)  # how Python notes that there is no such module
        assert missing not in available_engines()
        if left:
            assert open_runner("lite0_kd_p40", release=small_release).engine == left
        if left == "torch":
            with pytest.raises(InvalidRequest, match="a graph that torch does not run; choose openvino or onnxruntime"):
                open_runner("lite0_kd_p40_int8", release=small_release)
    with pytest.raises(UnknownOption, match="no engine loads here; install one of openvino, onnxruntime, torch"):
        open_runner("lite0_kd_p40", release=small_release)


def test_an_engine_that_does_not_load_is_passed_over(monkeypatch, tmp_path, small_release):
    (tmp_path / "openvino.py").write_text("raise ImportError('libtbb.so.12: cannot open shared object file')")
    for name in [name for name in sys.modules if name.split(".")[0] == "openvino"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    assert available_engines()[0] == "openvino"
    assert open_runner("lite0_kd_p40", release=small_release).engine == "onnxruntime"
    with pytest.raises(UnknownOption, match="the engine openvino is installed and does not load here; choose auto"):
        open_runner("lite0_kd_p40", "openvino", small_release)
