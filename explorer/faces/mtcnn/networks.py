"""MTCNN's three networks, as facenet-pytorch brings them: on OpenVINO, and where that does not load, on torch.

Their graphs are made by a process of its own, so that serving needs no torch, and are kept in the cache. From there
they are opened only where they are what this code makes of those weights: `graphs.json` beside it says what that is,
and `python -m explorer.faces.mtcnn.networks FOLDER` writes the graphs anew and prints what belongs in it.
"""

import json
import logging
import shutil
import subprocess
import sys
from contextlib import ExitStack, suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np

from explorer import children
from explorer.faces.mtcnn.cascade import Network, Networks
from explorer.inference.openvino_graph import batched_inference
from explorer.paths import CACHE
from explorer.telemetry import silence
from model_zoo.files import locked, private, sha256_of, write_atomically

INPUTS = {"pnet": [-1, 3, -1, -1], "rnet": [-1, 3, 24, 24], "onet": [-1, 3, 48, 48]}
IMAGES_PER_CORE = {"pnet": 1, "rnet": 8, "onet": 1}  # images that a core takes
KNOWN = Path(__file__).with_name("graphs.json")
MAKE_S = 120.0
ROOT = Path(__file__).resolve().parents[3]
_opening = Lock()
logger = logging.getLogger(__name__)


def networks() -> Networks:
    """Those of this process."""
    with _opening:  # the warm-up at start and the first visitor may ask at the same time
        return _networks()


@cache
def _networks() -> Networks:
    try:
        return _on_openvino(CACHE / f"mtcnn-{_key()}")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        message = "MTCNN runs on torch, because its graphs cannot be made or opened (%s)"
        logger.warning(message, type(error).__name__)
        return on_torch()


def _key() -> str:
    """Names the weights, and what makes which graphs of them."""
    spec = find_spec("facenet_pytorch")
    if spec is None or spec.origin is None:
        raise ImportError("facenet_pytorch is not installed")
    weights = Path(spec.origin).parent / "data"
    parts = [version("openvino"), json.dumps(INPUTS), *(sha256_of(weights / f"{name}.pt") for name in INPUTS)]
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def _on_openvino(cached: Path) -> Networks:
    with ExitStack() as held:
        try:
            private(cached.parent)
            private(cached)
            if not _known(cached):
                held.enter_context(locked(cached))  # of several that start on one cache one makes them
        except OSError as error:
            logger.warning("MTCNN's graphs are not kept: %s is of no use (%s)", cached.parent, error.strerror)
            return _made(None)
        return _opened(cached) if _known(cached) else _made(cached)


def _made(cached: Path | None) -> Networks:
    """The graphs made anew, in a folder of their own, and kept where they are what they have to be."""
    with TemporaryDirectory(prefix="mtcnn-") as folder:
        command = [sys.executable, "-W", "ignore", "-m", "explorer.faces.mtcnn.networks", folder]
        children.run(command, MAKE_S, cwd=ROOT, stdout=subprocess.DEVNULL)
        graphs = _opened(Path(folder))
        if cached and _known(Path(folder)):
            with suppress(OSError):  # a cache that is full costs the next start some seconds
                _keep(Path(folder), cached)
        elif cached:
            logger.warning("MTCNN's graphs are not kept: what is installed makes others than %s names", KNOWN.name)
    return graphs


def _keep(folder: Path, cached: Path) -> None:
    for left in cached.glob("*.partial"):  # by one that was killed
        left.unlink(missing_ok=True)
    for name in _files():
        with write_atomically(cached / name) as partial:
            shutil.copyfile(folder / name, partial)


def _known(folder: Path) -> bool:
    """Whether the graphs are there, and are the ones that this code makes."""
    try:
        return sums(folder) == json.loads(KNOWN.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False


def sums(folder: Path) -> dict[str, object]:
    """What the graphs in a folder are, and what made them. Raises OSError."""
    return {"openvino": version("openvino"), "sha256": {name: sha256_of(folder / name) for name in _files()}}


def _opened(folder: Path) -> Networks:
    return Networks(*(batched_inference(folder / f"{name}.xml", at_once) for name, at_once in IMAGES_PER_CORE.items()))


def _files() -> list[str]:
    return [f"{name}{ending}" for name in INPUTS for ending in (".xml", ".bin")]


def make(folder: Path) -> None:
    """Write the graphs."""
    silence()
    import openvino
    import torch
    from facenet_pytorch import MTCNN

    library = MTCNN(device="cpu")
    for name, shape in INPUTS.items():
        example = torch.zeros(1, 3, *(48 if side == -1 else side for side in shape[2:]))
        graph = openvino.convert_model(getattr(library, name), example_input=example, input=shape)
        openvino.save_model(graph, folder / f"{name}.xml", compress_to_fp16=False)


def on_torch() -> Networks:
    """The networks in eager PyTorch."""
    import torch
    from facenet_pytorch import MTCNN

    library = MTCNN(keep_all=True, device="cpu").to(memory_format=torch.channels_last)

    def network(name: str) -> Network:
        def run(images: np.ndarray) -> list[np.ndarray]:
            with torch.inference_mode():
                return [output.numpy() for output in getattr(library, name)(torch.from_numpy(images))]

        return run

    return Networks(*map(network, INPUTS))


if __name__ == "__main__":
    children.end_with_parent()
    make(Path(sys.argv[1]))
    print(json.dumps(sums(Path(sys.argv[1])), indent=2))
