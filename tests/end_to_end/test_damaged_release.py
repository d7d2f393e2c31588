"""Random damage to a release: flipped bits and truncations."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from explorer.inference import runners
from explorer.inference.engines import ENGINES
from explorer.inference.runners import open_runner
from model_zoo import factory
from model_zoo.errors import BadManifest, BadWeights
from model_zoo.manifest import read_manifest

pytestmark = pytest.mark.heavy  # a thousand damages a test


@contextmanager
def damaged(path: Path, rng: np.random.Generator) -> Iterator[None]:
    """The file cut short, one time in five, else with one bit flipped; afterwards whole again."""
    place, cut = int(rng.integers(path.stat().st_size)), rng.random() < 0.2
    with open(path, "r+b") as file:
        file.seek(place)
        rest = file.read()
        file.seek(place)
        if cut:
            file.truncate()
        else:
            file.write(bytes([rest[0] ^ 1 << int(rng.integers(8))]))
        file.flush()
        yield
        file.seek(place)
        file.write(rest if cut else rest[:1])


class Reached(Exception):
    """A network or an engine was asked to load."""


@pytest.fixture
def loading_is_told(monkeypatch):
    def reached(*_):
        raise Reached

    monkeypatch.setattr(runners, "open_engine", reached)
    monkeypatch.setattr(factory, "restore", reached)


def test_a_thousand_damages_are_refused_before_anything_loads(small_release, loading_is_told):
    rows = read_manifest(small_release).variants
    files = [(name, small_release / file) for name, row in rows.items() for file in row.files]
    assert Counter(path.name for _, path in files) == {"model.safetensors": 1, "model.onnx": 2, "config.json": 2}
    rng = np.random.default_rng(0)
    for turn in range(1000):
        name, path = files[turn % len(files)]
        with damaged(path, rng), pytest.raises(BadWeights, match=rf"^{path.name}: sha256 is"):
            open_runner(name, ENGINES[turn % len(ENGINES)], small_release)
    for name in rows:  # whole again
        with pytest.raises(Reached):
            open_runner(name, "auto", small_release)


def test_a_damaged_manifest_is_refused_or_says_the_same(small_release):
    manifest, path, outcomes = read_manifest(small_release), small_release / "manifest.json", Counter()
    rng = np.random.default_rng(0)
    for _ in range(1000):
        with damaged(path, rng):
            try:
                assert read_manifest(small_release) == manifest
                outcomes["the same"] += 1
            except BadManifest:
                outcomes["refused"] += 1
    assert outcomes["refused"] > 950  # a flip between e and E, or a lost end of line, changes nothing
    assert read_manifest(small_release) == manifest


def test_a_damaged_manifest_of_an_early_release_breaks_nothing(small_release):
    path = small_release / "manifest.json"
    content = json.loads(path.read_text())
    del content["sha256"]
    for row in content["variants"]:
        row |= {"metrics": {}, "training": {}}  # so that most damage meets what is used
    path.write_text(json.dumps(content))
    rng, refused = np.random.default_rng(0), 0
    for _ in range(1000):
        with damaged(path, rng):
            try:
                read_manifest(small_release)
            except BadManifest:
                refused += 1
    assert refused > 500
