"""python benchmarks/ratios.py ../shared/clips [--rounds 5]

The table of issue 6: what a whole run costs against decoding alone, against the naive pipeline and so on; medians of
rounds taken in turn, with their targets, written into docs/results.md. Wants a quiet machine: `make bench`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

import av
import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.loops import looped
from benchmarks.naive import analyse_naively
from benchmarks.section import write_section
from benchmarks.tracking import against_every_frame
from explorer.cores import usable_cores
from explorer.cpu import cpu_facts
from explorer.exports.annotate import annotate
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.inference.engines import BATCH_SIZE
from explorer.inference.runners import open_runner
from explorer.pages.components.heatmap_grid import heatmap_grid
from explorer.pipeline import analyse, report_of, run_variant
from explorer.plots.palette import colours
from explorer.plots.report import fake_probability
from explorer.selection import evenly_spaced
from explorer.structures import Report
from explorer.video.decoder import REFILL_S
from model_zoo.manifest import read_manifest

FOUR = ("b0", "lite0", "lite0_kd_p35", "lite0_kd_p35_int8")
FLOATS = ("b0", "lite0", "lite0_kd_p35", "lite0_kd_p35")  # what torch can run of them
EIGHT = ("b0", "lite0", "lite0_kd", *(f"lite0_kd_p{p}" for p in (20, 25, 30, 35)), "lite0_kd_p35_int8")
FRAMES, SECONDS = 32, 10
Row = tuple[str, str, str, float]  # what, against what, target, ratio


def decode(path: Path) -> None:
    """Every frame once, with all threads."""
    with av.open(str(path)) as clip:
        clip.streams.video[0].thread_type = "AUTO"
        for _ in clip.decode(video=0):
            pass


def judged(path: Path, names: tuple[str, ...] = FOUR) -> Report:
    """A run without a page."""
    return report_of(analyse(path, openers(names), finder_named(DEFAULT_FINDER), examine=log_odds, frames=FRAMES))


def openers(names: tuple[str, ...]) -> dict[str, Callable]:
    return {name: partial(open_runner, name) for name in names}


def shown(path: Path, shares: list[float] | None = None) -> Report:
    """A run with curves and the grid of heatmaps, as the page shows them; `shares` learns what the grid adds."""
    began = perf_counter()
    report = judged(path)
    fake_probability(report, colours(list(FOUR))).to_json()
    bare = perf_counter() - began
    heatmap_grid(report, openers(FOUR), evenly_spaced(report, 8))
    if shares is not None:
        shares.append((perf_counter() - began) / bare)
    return report


def annotated(path: Path) -> None:
    """The same, and the annotated clip."""
    report = shown(path)
    with tempfile.TemporaryDirectory() as folder:
        for _ in annotate(path, report, Path(folder) / "annotated.mp4", colours(list(FOUR))):
            pass


def seconds(jobs: Mapping[str, Callable[[], object]], rounds: int, heavy: bool = True) -> dict[str, float]:
    """Median seconds of each job, taken in turn after one round that does not count.

    Between them it waits until the next decoder's process stands ready, as it does between two visitors.
    """
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    for round_ in range(rounds + 1):
        for name, job in jobs.items():
            sleep(2 * REFILL_S if heavy else 0)
            began = perf_counter()
            job()
            if round_:
                spent[name].append(perf_counter() - began)
    return {name: median(values) for name, values in spent.items()}


def of_a_clip(path: Path, label: str, rounds: int) -> list[Row]:
    """Rows of one clip."""
    shares: list[float] = []
    jobs: dict[str, Callable[[], object]] = {
        "decode": partial(decode, path),
        "shown": partial(shown, path, shares),
        "annotated": partial(annotated, path),
    }
    cost = seconds(jobs, rounds)
    naive = seconds({"naive": partial(analyse_naively, path, FLOATS, FRAMES)}, 1)["naive"]
    print(label, {name: round(value, 2) for name, value in (cost | {"naive": naive}).items()}, file=sys.stderr)
    what = f"{SECONDS} s {label} clip, {FRAMES} frames, four variants, heatmaps and curves"
    return [
        (what, "decoding it once with PyAV, all threads", "<= 1.6", cost["shown"] / cost["decode"]),
        (what, "the naive pipeline (times faster)", ">= 12", naive / cost["shown"]),
        (f"{label}, annotated clip added", "the clip's own duration", "< 1", cost["annotated"] / SECONDS),
        (f"{label}, heatmaps for all variants", "the same run without them", "<= 1.03", median(shares)),
    ]


def of_engines(path: Path, rounds: int) -> list[Row]:
    """Rows of the variants' own cost on the faces of a clip."""
    faces = judged(path, ()).faces
    crops = np.stack([cv2.resize(face.crop, (160, 160), interpolation=cv2.INTER_AREA) for face in faces])
    names = ("lite0_kd", "lite0_kd_p35", "lite0_kd_int8", "lite0_kd_p35_int8")
    runs = {name: open_runner(name).run for name in names} | {"b0 torch": open_runner("b0", "torch").run}
    jobs = {name: partial(_batches, run, crops) for name, run in runs.items()}
    cost = seconds(jobs, 5 * rounds, heavy=False)
    alone: dict[str, Callable[[], Any]] = {
        name: partial(lambda name: list(run_variant(open_runner(name), faces))[-1], name) for name in EIGHT
    }
    together = {"eight": partial(judged, path, EIGHT)}
    eight, sums, live = [], [], []
    for _ in range(rounds):
        eight.append(sum(result.run_ms for result in together["eight"]().variants))
        results = {name: job() for name, job in alone.items()}
        sums.append(sum(result.run_ms for result in results.values()))
        outside = seconds({"lite0_kd_p35": jobs["lite0_kd_p35"]}, 3, heavy=False)["lite0_kd_p35"] * 1e3 / len(crops)
        live.append(results["lite0_kd_p35"].ms_per_face.median / outside)
    macs = {name: read_manifest()[name].macs for name in names}
    efficiency = (cost["lite0_kd"] / cost["lite0_kd_p35"]) / (macs["lite0_kd"] / macs["lite0_kd_p35"])
    torch_b0 = "b0, torch eager, channels_last (times faster)"
    return [
        ("lite0_kd_int8, per face", torch_b0, ">= 7", cost["b0 torch"] / cost["lite0_kd_int8"]),
        ("lite0_kd_p35_int8, per face", torch_b0, ">= 15", cost["b0 torch"] / cost["lite0_kd_p35_int8"]),
        ("eight variants in one run", "the sum of the eight alone", "<= 1.10", median(eight) / median(sums)),
        ("speed-up of p35 over lite0_kd", "its reduction of MACs", ">= 0.75", efficiency),
        ("ms per face shown in the page", "measured outside, same engine", "0.9 to 1.1", median(live)),
    ]


def _batches(run: Callable, crops: np.ndarray) -> None:
    for start in range(0, len(crops), BATCH_SIZE):
        run(crops[start : start + BATCH_SIZE])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, help="../shared/clips")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(usable_cores())
    cv2.setNumThreads(usable_cores())
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for label, source in (("720p", "real_shinzo.mp4"), ("1080p", "real_conan.mp4")):
            path = looped(args.clips / source, Path(folder) / f"{label}.mp4", SECONDS)
            rows += of_a_clip(path, label, args.rounds)
        rows += of_engines(path, args.rounds)
    rows += against_every_frame(args.clips, FOUR)
    cpu = cpu_facts()
    head = f"{cpu.model}, {cpu.threads} threads, medians of {args.rounds} rounds in turn."
    table = [f"| {what} | {against} | {target} | {ratio:.3g} |" for what, against, target, ratio in rows]
    text = "\n".join([head, "", "| what | against | target | measured |", "|---|---|---|---|", *table])
    print(text)
    write_section("ratios", text)


if __name__ == "__main__":
    main()
