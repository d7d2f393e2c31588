"""python benchmarks/engines.py [VARIANT ...]

Milliseconds per face of every variant on every engine, its share of the baseline's on the same engine, and the largest
difference from torch (of int8: from the float twin on torch) on one example clip's faces, as a Markdown table.
"""

import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.cpu import cpu_facts
from explorer.faces.crops import cut_face
from explorer.faces.finders import finder_named
from explorer.inference.engines import BATCH_SIZE, available_engines
from explorer.inference.runners import open_runner
from explorer.structures import InferenceFunction
from explorer.verdicts import probabilities
from explorer.video.examples import example_clips
from explorer.video.reader import probe, read_frames, sample_times
from model_zoo.manifest import read_manifest
from model_zoo.variants import BASELINE, VARIANTS

ROUNDS = 15


def faces(size: int) -> np.ndarray:
    """32 crops (32, size, size, 3) of the forged example clip."""
    with tempfile.TemporaryDirectory() as folder:
        path = example_clips(Path(folder))["Forged face"]
        info = probe(path)
        images = [frame.image for frame in read_frames(path, info, sample_times(info, 32))]
    boxes = [faces_of_frame[0] for faces_of_frame in finder_named("mtcnn")(images)]
    return np.stack([cut_face(image, box, size) for image, box in zip(images, boxes, strict=True)])


def milliseconds(run: InferenceFunction, crops: np.ndarray) -> float:
    """Median milliseconds per face, in batches of the pipeline's size."""
    spent = []
    for start in range(0, len(crops), BATCH_SIZE):
        began = perf_counter()
        run(crops[start : start + BATCH_SIZE])
        spent.append((perf_counter() - began) * 1e3 / BATCH_SIZE)
    return statistics.median(spent)


def main() -> None:
    names = sys.argv[1:] or list(read_manifest().variants)
    print(f"{cpu_facts().model}, {cpu_facts().threads} threads, batches of {BATCH_SIZE}, median of {ROUNDS} rounds\n")
    crops = faces(VARIANTS[BASELINE].input_size)
    runners = {(name, engine): open_runner(name, engine) for name in names for engine in _engines(name)}
    rounds: dict[tuple[str, str], list[float]] = {key: [] for key in runners}
    for _ in range(ROUNDS):  # in turn, so that all see the same machine
        for key, runner in runners.items():
            rounds[key].append(milliseconds(runner.run, crops))
    cost = {key: statistics.median(spent) for key, spent in rounds.items()}
    print(f"| variant | engine | ms per face | of {BASELINE} | largest difference in p_fake |\n|---|---|---|---|---|")
    for (name, engine), runner in runners.items():
        expected = probabilities(open_runner(VARIANTS[name].float_name, "torch").run(crops)[0])
        difference = np.abs(probabilities(runner.run(crops)[0]) - expected).max()
        share = cost[name, engine] / cost[BASELINE, engine] if (BASELINE, engine) in cost else float("nan")
        print(f"| {name} | {engine} | {cost[name, engine]:.2f} | {share:.2f} | {difference:.1e} |")


def _engines(name: str) -> tuple[str, ...]:
    """Torch runs no int8 graph."""
    return tuple(e for e in available_engines() if e != "torch" or VARIANTS[name].precision == "float32")


if __name__ == "__main__":
    main()
