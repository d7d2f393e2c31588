"""python benchmarks/growth.py [../shared/clips/real_shinzo.mp4] [--runs 3]

How the cost of one run grows with the clip's length, the frames, the variants and the resolution, and what memory a
minute of 1080p takes: tables and a figure, written into docs/results.md. Clips of other lengths are made by
looping the one given (or the generated example), of other sizes by encoding it anew. Wants a quiet machine.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import av
import cv2
import matplotlib
import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.loops import looped
from benchmarks.memory import Peak, peak_memory
from benchmarks.section import write_section
from explorer.cores import usable_cores
from explorer.cpu import cpu_facts
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.inference.runners import open_runner
from explorer.limits import DEFAULT_FRAMES
from explorer.pipeline import analyse, report_of
from explorer.video.decoder import REFILL_S
from explorer.video.examples import example_clips
from model_zoo.manifest import read_manifest
from model_zoo.variants import SHOWN_FIRST

LENGTHS = (5, 10, 20, 40, 80, 120)  # seconds
FRAMES = (8, 16, 32, 64, 128, 300)
VARIANTS = tuple(range(1, 11))
SIZES = {"360p": 640 * 360, "720p": 1280 * 720, "1080p": 1920 * 1080, "1440p": 2560 * 1440, "4K": 3840 * 2160}
USUAL_S, SIZED_S, MEMORY_S = 20, 10, 60  # seconds of the clips whose length is not what grows
MOST_MEMORY = 1200  # megabytes, the target
FIGURE = "growth.svg"


@dataclass(frozen=True)
class Axis:
    """One thing that grows: by label its amount and a job, which is one run."""

    title: str
    unit: str
    points: dict[str, tuple[float, Callable[[], None]]]

    @property
    def amounts(self) -> list[float]:
        return [amount for amount, _ in self.points.values()]


def run(path: Path, names: tuple[str, ...] = SHOWN_FIRST, frames: int = DEFAULT_FRAMES) -> None:
    """One run, as the page's. Raises RuntimeError where a variant fails or no face is found."""
    runners = {name: partial(open_runner, name) for name in names}
    report = report_of(analyse(path, runners, finder_named(DEFAULT_FINDER), frames=frames))
    if report.errors:
        raise RuntimeError(f"{path.name}: {report.errors}")


def resized(source: Path, target: Path, pixels: int) -> Path:
    """Write the clip with frames of about so many pixels, the same shape, in x264; gives `target` back."""
    with av.open(str(source)) as clip, av.open(str(target), "w") as output:
        video = clip.streams.video[0]
        video.thread_type = "AUTO"
        stream = output.add_stream("libx264", video.average_rate or 25, options={"preset": "veryfast", "crf": "23"})
        scale = (pixels / (video.width * video.height)) ** 0.5
        stream.width, stream.height = (2 * int(side * scale / 2 + 1e-6) for side in (video.width, video.height))
        stream.pix_fmt = "yuv420p"
        if video.time_base is not None:
            stream.codec_context.time_base = video.time_base
        for frame in clip.decode(video):
            output.mux(stream.encode(frame.reformat(stream.width, stream.height, "yuv420p", interpolation="BICUBIC")))
        output.mux(stream.encode(None))
    return target


def axes(source: Path, folder: Path) -> list[Axis]:
    """The four axes; their clips are made in the folder."""
    # A tenth of a second short of the limit: the last frame is shown beyond the time at which it comes.
    lengths = {f"{s} s": (s, looped(source, folder / f"{s}s.mp4", s - 0.1)) for s in LENGTHS}
    usual, short = (looped(source, folder / f"{name}.mp4", s) for name, s in (("usual", USUAL_S), ("short", SIZED_S)))
    sizes = {label: (pixels, resized(short, folder / f"{label}.mp4", pixels)) for label, pixels in SIZES.items()}
    names = tuple(dict.fromkeys((*SHOWN_FIRST, *read_manifest().variants)))
    return [
        Axis("clip length", "seconds of clip", {k: (s, partial(run, clip)) for k, (s, clip) in lengths.items()}),
        Axis("frames analysed", "frames", {str(n): (n, partial(run, usual, frames=n)) for n in FRAMES}),
        Axis("variants", "variants", {str(n): (n, partial(run, usual, names[:n])) for n in VARIANTS}),
        Axis("resolution", "pixels of a frame", {k: (p, partial(run, clip)) for k, (p, clip) in sizes.items()}),
    ]


def measure(axis: Axis, runs: int) -> list[float]:
    """Median seconds of each point of the axis, taken in turn, each once the next decoder's process stands ready."""
    spent: dict[str, list[float]] = {label: [] for label in axis.points}
    for _ in range(runs):
        for label, (_, job) in axis.points.items():
            sleep(REFILL_S + 0.5)
            began = perf_counter()
            job()
            spent[label].append(perf_counter() - began)
    return [median(values) for values in spent.values()]


def exponent(amounts: list[float], seconds: list[float]) -> float:
    """The slope of log seconds over log amounts: 1 is in proportion."""
    return float(np.polyfit(np.log(amounts), np.log(seconds), 1)[0])


def growth(axis: Axis, seconds: list[float]) -> str:
    """The exponent in words, of all points and of the upper half, where fixed costs count less."""
    half = len(seconds) // 2
    upper = exponent(axis.amounts[half:], seconds[half:])
    return f"exponent {exponent(axis.amounts, seconds):.2f}, {upper:.2f} over the upper half"


def table(axis: Axis, seconds: list[float]) -> str:
    """One axis in Markdown."""
    heads = " | ".join(axis.points)
    cells = " | ".join(f"{value:.2f}" for value in seconds)
    rows = f"| | {heads} |\n|---|{'---|' * len(seconds)}\n| seconds | {cells} |"
    return f"**{axis.title.capitalize()}**: {growth(axis, seconds)}.\n\n{rows}"


def draw(measured: list[tuple[Axis, list[float]]], target: Path) -> None:
    """A panel per axis, both scales logarithmic; dotted: in proportion to the last point."""
    every = [value for _, seconds in measured for value in seconds]
    with matplotlib.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        for panel, (axis, seconds) in zip(figure.subplots(2, 2, sharey=True).flat, measured, strict=True):
            amounts = np.array(axis.amounts)
            panel.loglog(amounts, seconds[-1] * amounts / amounts[-1], ":", color="#8a919b", label="in proportion")
            panel.loglog(amounts, seconds, "o-", color="#0072B2", label="measured")
            panel.set_xticks(amounts, list(axis.points))
            panel.set_xticks([], minor=True)
            panel.set_title(f"{axis.title}: {growth(axis, seconds)}", fontsize=9)
            panel.set_xlabel(axis.unit)
            panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            panel.yaxis.set_major_formatter("{x:g}")
            panel.yaxis.set_minor_locator(NullLocator())
            panel.grid(alpha=0.3)
        panel.set_ylim(0.7 * min(every), 1.4 * max(every))
        figure.axes[0].legend()
        figure.supylabel("seconds of one run", fontsize=9)
        figure.savefig(target, metadata={"Date": None})


def memory_line(short: Peak, long: Peak) -> str:
    """What a long clip takes, against the target and against a short one."""
    outcome = "kept" if long.both <= MOST_MEMORY else "missed"
    count = len(read_manifest().variants)
    return (
        f"**Memory**: for {MEMORY_S} s of 1080p, all {count} variants and their heatmaps, the server takes "
        f"{long.server:.0f} MB at most and the process that decodes {long.decoder:.0f} MB, together "
        f"**{long.both:.0f} MB** (target {MOST_MEMORY} MB: {outcome}); for {SIZED_S} s of it {short.both:.0f} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path, nargs="?", help="the generated example where none is given")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder of the figure")
    args = parser.parse_args()
    torch.set_num_threads(usable_cores())
    cv2.setNumThreads(usable_cores())
    with tempfile.TemporaryDirectory() as folder:
        source = args.clip or example_clips(Path(folder) / "examples")["Forged face"]
        grown = axes(source, Path(folder))
        for _, job in (list(grown[2].points.values())[-1],) * 2:  # opens every variant, and warms up
            job()
        measured = []
        for axis in grown:
            measured.append((axis, measure(axis, args.runs)))
            print(table(*measured[-1]), end="\n\n", flush=True)
        short = Path(folder) / "1080p.mp4"
        minute = looped(short, Path(folder) / "minute.mp4", MEMORY_S)
        memory = memory_line(*peak_memory([short, minute], DEFAULT_FRAMES))
    print(memory)
    cpu = cpu_facts()
    head = (
        f"{cpu.model}, {cpu.threads} threads, medians of {args.runs} runs in turn. Where nothing else is said: "
        f"{source.name}, {USUAL_S} s (resolution: {SIZED_S} s), {DEFAULT_FRAMES} frames, {', '.join(SHOWN_FIRST)}, "
        f"`{DEFAULT_FINDER}`. An exponent of 1 is growth in proportion."
    )
    draw(measured, args.out / FIGURE)
    tables = [table(*one) for one in measured]
    write_section("growth", "\n\n".join([head, f"![growth](../benchmarks/{FIGURE})", *tables, memory]))


if __name__ == "__main__":
    main()
