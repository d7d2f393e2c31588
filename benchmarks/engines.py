"""python benchmarks/engines.py

Agreement of the engines with torch on one example clip's faces, and milliseconds per face, as a Markdown table.
"""

import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.crops import cut_face
from explorer.engines import available_engines
from explorer.examples import example_clips
from explorer.faces import finder_named
from explorer.pipeline import FACES_AT_ONCE
from explorer.runners import open_runner, released_names
from explorer.scores import probabilities
from explorer.structures import Run
from explorer.timing import cpu_facts
from explorer.video import probe, read_frames, sample_times

ROUNDS = 15


def faces(size: int) -> np.ndarray:
    """32 crops (32, size, size, 3) of the forged example clip."""
    with tempfile.TemporaryDirectory() as folder:
        path = example_clips(Path(folder))["Forged face"]
        info = probe(path)
        images = [frame.image for frame in read_frames(path, info, sample_times(info, 32))]
    boxes = finder_named("mtcnn")(images)
    return np.stack([cut_face(image, box, size) for image, box in zip(images, boxes, strict=True)])


def milliseconds(run: Run, crops: np.ndarray) -> float:
    """Median milliseconds per face, in batches of the pipeline's size."""
    spent = []
    for start in range(0, len(crops), FACES_AT_ONCE):
        began = perf_counter()
        run(crops[start : start + FACES_AT_ONCE])
        spent.append((perf_counter() - began) * 1e3 / FACES_AT_ONCE)
    return statistics.median(spent)


def main() -> None:
    engines = available_engines()
    print(
        f"{cpu_facts().model}, {cpu_facts().threads} threads, batches of {FACES_AT_ONCE}, median of {ROUNDS} rounds\n"
    )
    print("| variant | engine | ms per face | against torch | largest difference in p_fake |\n|---|---|---|---|---|")
    for name in released_names():
        runners = {engine: open_runner(name, engine) for engine in engines}
        crops = faces(runners["torch"].input_size)
        rounds = {engine: [] for engine in engines}
        for _ in range(ROUNDS):  # in turn, so that all engines see the same machine
            for engine, runner in runners.items():
                rounds[engine].append(milliseconds(runner.run, crops))
        expected = probabilities(runners["torch"].run(crops)[0])
        cost = {engine: statistics.median(spent) for engine, spent in rounds.items()}
        for engine, runner in runners.items():
            difference = np.abs(probabilities(runner.run(crops)[0]) - expected).max()
            print(
                f"| {name} | {engine} | {cost[engine]:.2f} | {cost['torch'] / cost[engine]:.2f} x | {difference:.1e} |"
            )


if __name__ == "__main__":
    main()
