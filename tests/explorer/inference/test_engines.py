import numpy as np
import pytest

from explorer.errors import UnknownOption
from explorer.faces.crops import resize_crop
from explorer.inference.engines import ENGINES, GRAPH_ENGINES, open_engine
from explorer.inference.runners import open_runner
from explorer.verdicts import probabilities
from model_zoo.architectures import ARCHITECTURES
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
    frames = [frame.image for frame in read_frames(portrait_clip, info, sample_times(info, 4))]
    crops = [cut_face(image, box, 160) for image, box in zip(frames, finder_named("mtcnn")(frames), strict=True)]
    return np.stack([*crops, *np.random.default_rng(0).integers(0, 256, (2, 160, 160, 3), np.uint8)])


@pytest.mark.parametrize("engine", GRAPH_ENGINES)
def test_engines_agree_with_torch(released, face_crops, engine):
    for name in (name for name in released if VARIANTS[name].precision == "float32"):
        crops = np.stack([resize_crop(crop, VARIANTS[name].input_size) for crop in face_crops])
        expected, expected_evidence = open_runner(name, "torch").run(crops)
        logits, evidence = open_runner(name, engine).run(crops)
        assert np.abs(probabilities(logits) - probabilities(expected)).max() < 1e-4
        assert evidence.shape == expected_evidence.shape
        assert np.abs(evidence - expected_evidence).max(initial=0) < 1e-2


def test_int8_says_nearly_what_its_float_twin_says_in_both_engines(released, face_crops):
    for variant in (VARIANTS[name] for name in released if VARIANTS[name].precision == "int8"):
        expected = probabilities(open_runner(variant.float_name, "torch").run(face_crops)[0])
        for engine in GRAPH_ENGINES:
            logits, evidence = open_runner(variant.name, engine).run(face_crops)
            assert np.abs(probabilities(logits) - expected).max() < 0.1
            assert evidence.mean((1, 2)) == pytest.approx(logits, abs=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_any_batch_size(tiny_detector, tmp_path, engine):
    graph = export_graph(tiny_detector, (32, 32, 3), tmp_path / "tiny.onnx")
    run = open_engine(engine, graph, lambda: tiny_detector)
    crops = np.random.default_rng(1).integers(0, 256, (7, 32, 32, 3), np.uint8)
    whole = run(crops)[0]
    single = np.concatenate([run(crop[None])[0] for crop in crops])
    assert whole.shape == (7,)
    assert whole == pytest.approx(single, abs=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_head_that_gives_no_map_is_run_for_its_logits(tiny_detector, tmp_path, engine):
    crops = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3), np.uint8)
    expected = open_engine("torch", tmp_path, lambda: tiny_detector)(crops)[0]
    tiny_detector.kind = ARCHITECTURES["meso4"]
    graph = export_graph(tiny_detector, (32, 32, 3), tmp_path / "bare.onnx")
    logits, evidence = open_engine(engine, graph, lambda: tiny_detector)(crops)
    assert evidence.shape == (3, 0, 0)
    assert logits == pytest.approx(expected, abs=1e-5)


def test_unknown_engine(tmp_path):
    with pytest.raises(UnknownOption, match="no engine named 'tpu'"):
        open_engine("tpu", tmp_path / "none.onnx", lambda: None)
