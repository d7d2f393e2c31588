"""What is fetched and made once: the npm package's files, checked, and MTCNN's graphs."""

import hashlib
import io
import os
import tarfile

import numpy as np
import onnxruntime
import pytest

from explorer.device import parts as module
from explorer.device.parts import GRAPHS, RUNTIME, PartsMissing, fetch_runtime, parts, write_graphs
from explorer.faces.mtcnn.networks import INPUTS, on_torch
from model_zoo.files import write_sums


def npm_that_packs(folder, content: bytes) -> None:
    """A command `npm` that writes a package whose files all hold this."""
    package = folder / "package.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name in RUNTIME:
            entry = tarfile.TarInfo(f"package/dist/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    command = folder / "npm"
    command.write_text(f"#!/bin/sh\ncp {package} .\n")
    command.chmod(0o755)


def test_without_npm_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PartsMissing, match="npm is not installed"):
        fetch_runtime(tmp_path)


def test_another_package_is_refused(tmp_path, monkeypatch):
    npm_that_packs(tmp_path, b"not it")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(PartsMissing, match=r"ort\.wasm\.min\.mjs: sha256 is .* this version says 219e6a1fc8a9"):
        fetch_runtime(tmp_path)


def test_the_right_one_is_kept(tmp_path, monkeypatch):
    npm_that_packs(tmp_path, b"it")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(module, "RUNTIME", dict.fromkeys(RUNTIME, hashlib.sha256(b"it").hexdigest()))
    fetch_runtime(tmp_path)
    assert {(tmp_path / name).read_bytes() for name in RUNTIME} == {b"it"}


def test_parts_are_there_when_all_are(tmp_path):
    assert parts(tmp_path) is None
    for name in (*RUNTIME, *GRAPHS):
        (tmp_path / name).write_bytes(name.encode())
    write_sums(tmp_path, [*RUNTIME, *GRAPHS])
    assert set(parts(tmp_path) or {}) == {*RUNTIME, *GRAPHS}
    (tmp_path / GRAPHS[0]).unlink()
    assert parts(tmp_path) is None


@pytest.mark.heavy
def test_the_graphs_say_what_the_networks_say(tmp_path):
    write_graphs(tmp_path)
    networks = on_torch()
    for file, (name, shape) in zip(GRAPHS, INPUTS.items(), strict=True):
        images = np.random.default_rng(0).normal(size=(2, *[41 if side == -1 else side for side in shape[1:]]))
        session = onnxruntime.InferenceSession(tmp_path / file, providers=["CPUExecutionProvider"])
        outputs = session.run(None, {"images": images.astype(np.float32)})
        for ours, theirs in zip(outputs, getattr(networks, name)(images.astype(np.float32)), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)
