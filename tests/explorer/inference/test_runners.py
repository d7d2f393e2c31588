"""A released variant made ready to run."""

import sys

import numpy as np
import pytest
import torch

from explorer.errors import InvalidRequest, UnknownOption
from explorer.inference.engines import ENGINES, available_engines
from explorer.inference.latency import batch_times
from explorer.inference.runners import open_runner
from model_zoo.errors import UnknownVariant
from model_zoo.factory import build
from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from train.release.package import put_into_release

NAME = "lite0_kd_p40_int8"


def test_a_runner_carries_the_facts_of_its_release():
    runner, facts = open_runner(NAME), read_manifest()[NAME]
    assert (runner.name, runner.engine, runner.input_size) == (NAME, available_engines()[0], facts.input_size)
    assert (runner.threshold, runner.params, runner.size_mb) == (facts.threshold, facts.params, facts.bytes / 1e6)
    assert runner.detector() is None  # int8 has none


def test_it_gives_a_logit_and_a_map_for_each_crop():
    logits, evidence = open_runner(NAME).run(np.zeros((3, 160, 160, 3), np.uint8))
    assert logits.shape == (3,)
    assert evidence.mean((1, 2)) == pytest.approx(logits, abs=1e-4)


def test_it_is_opened_once():
    assert open_runner(NAME) is open_runner(NAME)


def test_a_failure_is_not_kept(small_release):
    graph = small_release / NAME / "model.onnx"
    whole = graph.read_bytes()
    graph.write_bytes(b"altered")
    with pytest.raises(Exception, match=r"model\.onnx: sha256 is"):
        open_runner(NAME, release=small_release)
    graph.write_bytes(whole)
    assert open_runner(NAME, release=small_release).name == NAME


def test_what_does_not_exist_is_named():
    with pytest.raises(UnknownVariant, match="b9"):
        open_runner("b9")
    with pytest.raises(UnknownOption, match="no engine named 'tpu'"):
        open_runner(NAME, "tpu")


@pytest.mark.heavy
def test_int8_on_torch_is_refused_in_a_sentence(released):
    with pytest.raises(InvalidRequest, match="choose openvino or onnxruntime"):
        open_runner("lite0_kd_p35_int8", "torch")


def test_auto_is_the_first_installed(released):
    assert open_runner(released[0]).engine == available_engines()[0]


@pytest.mark.heavy
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


@pytest.mark.heavy
def test_a_variant_that_looks_at_several_frames_says_the_same_in_every_engine(tmp_path):
    torch.manual_seed(0)
    variant = VARIANTS["cnn3d_face"]
    put_into_release(variant, build(variant).eval(), {"why": "a test"}, tmp_path)
    crops = np.random.default_rng(0).integers(0, 256, (2, *variant.crop_shape), np.uint8)
    said = {engine: open_runner("cnn3d_face", engine, tmp_path) for engine in available_engines()}
    assert {runner.clip_length for runner in said.values()} == {15}
    expected, evidence = said["torch"].run(crops)
    assert evidence.shape == (2, 9, 10, 10)
    for runner in said.values():
        logits, maps = runner.run(crops)
        assert logits == pytest.approx(expected, abs=2e-3)
        assert np.abs(maps - evidence).max() < 2e-2
    assert batch_times(said["openvino"], 1, 1).shape == (1,)
