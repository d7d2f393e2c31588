"""A timm guest on OpenVINO, by a graph that a process of its own makes at the first use, or on torch.

`python -m explorer.guests.timm_graph FOLDER WEIGHTS SHA256 SIDE TARGET` makes the graph.
"""

import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np

from explorer import children
from explorer.errors import InvalidRequest
from explorer.guests.classifier import classifier, evidence_by
from explorer.guests.onnx_graph import GraphFunction
from explorer.guests.outputs import direction
from explorer.inference.engines import CROPS_PER_CORE
from explorer.inference.openvino_graph import batched_inference
from explorer.paths import CACHE
from explorer.structures import InferenceFunction
from explorer.telemetry import silence
from model_zoo.errors import BadGuest, ZooError
from model_zoo.files import is_whole, locked, private, write_sums
from model_zoo.guest import Guest
from model_zoo.guests.head import Head
from model_zoo.guests.signature import Signature

MAKE_S = 180.0
GRAPH, MAPPED, PROBLEM = "model.xml", "mapped", "problem.txt"
FILES = (GRAPH, "model.bin", MAPPED)
ROOT = Path(__file__).resolve().parents[2]


def timm_classifier(guest: Guest, engine: str) -> InferenceFunction:
    """A timm guest on an engine. Raises BadGuest, BadWeights, InvalidRequest, OSError, and what the engine raises."""
    labels, normalisation, view = guest.labels, guest.normalisation, guest.view
    assert labels and normalisation and view
    if engine not in ("openvino", "torch"):
        raise InvalidRequest(f"a timm guest does not run on {engine}; choose openvino or torch")
    call, mapped = (_on_torch if engine == "torch" else _on_openvino)(guest, view.side)
    weights, count = direction(labels), len(labels.names)
    own = evidence_by(Head("", np.eye(count), np.zeros(count)), weights) if mapped and weights is not None else None
    signature = Signature("", "float32", False, None, "", count, "")
    return classifier(call, labels, normalisation, signature, own)


def _on_torch(guest: Guest, side: int) -> tuple[GraphFunction, bool]:
    import torch

    from explorer.guests.timm_network import load_classifier

    network = load_classifier(guest.folder, guest.model, guest.sha256, side)

    def run(pictures: np.ndarray) -> list[np.ndarray]:
        with torch.inference_mode():
            return [values.numpy() for values in network(torch.from_numpy(pictures))]

    return run, network.mapped


def _on_openvino(guest: Guest, side: int) -> tuple[GraphFunction, bool]:
    key = " ".join((guest.sha256, str(side), *map(version, ("openvino", "timm"))))
    folder = CACHE / "guests" / sha256(key.encode()).hexdigest()[:24]
    private(folder.parent)
    private(folder)
    if not is_whole(folder, FILES):
        with locked(folder):  # of several that start on one cache one makes it
            if not is_whole(folder, FILES):
                _make_beside(guest, side, folder)
    return batched_inference(folder / GRAPH, CROPS_PER_CORE), (folder / MAPPED).read_text(encoding="ascii") == "1"


def _make_beside(guest: Guest, side: int, folder: Path) -> None:
    """Have a process of its own make the graph. Raises BadGuest with what it says."""
    words = [sys.executable, "-W", "ignore", "-m", __name__, str(guest.folder), guest.model, guest.sha256, str(side)]
    (folder / PROBLEM).unlink(missing_ok=True)
    try:
        children.run([*words, str(folder)], MAKE_S, cwd=ROOT, stdout=subprocess.DEVNULL)
    except subprocess.SubprocessError as error:
        problem = f"its graph could not be made ({type(error).__name__})"
        with suppress(OSError):
            problem = (folder / PROBLEM).read_text(encoding="utf-8")
        raise BadGuest(f"{guest.name}: {problem}") from error
    write_sums(folder, FILES)


def make(folder: Path, weights: str, sha256: str, side: int, target: Path) -> None:
    """Write the graph of the network in `folder` into `target`."""
    silence()
    import openvino
    import torch

    from explorer.guests.timm_network import load_classifier

    network = load_classifier(folder, weights, sha256, side)
    graph = openvino.convert_model(network, example_input=torch.zeros(1, 3, side, side), input=[-1, 3, side, side])
    openvino.save_model(graph, target / GRAPH, compress_to_fp16=False)
    (target / MAPPED).write_text("1" if network.mapped else "0", encoding="ascii")


if __name__ == "__main__":
    children.end_with_parent()
    source, file, expected, pixels, into = sys.argv[1:]
    try:
        make(Path(source), file, expected, int(pixels), Path(into))
    except ZooError as problem:
        (Path(into) / PROBLEM).write_text(str(problem), encoding="utf-8")
        sys.exit(1)
