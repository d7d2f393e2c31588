"""python benchmarks/finder_speed.py [../shared/clips/real_conan.mp4] [--frames 8]

Frames a second of every face finder that is installed, at three sizes, and four ways of reading a clip: tables written
into docs/results.md. The finders of other packages come by `pip install -r benchmarks/requirements.txt`.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.section import write_section
from explorer.cpu import cpu_facts
from explorer.faces.rivals import missing_sentence
from explorer.finder_race import BATCH_SIZE, TRACKED, contenders
from explorer.pages.components.finder_grid import TITLES
from explorer.video.decoder import Decoder
from explorer.video.reader import probe, read_frames, sample_times

SIZES = ((540, 960), (720, 1280), (1080, 1920))  # height and width, those of document 001, table 3.1
SAMPLED = 32  # frames of a clip that are wanted, as the app wants them


def frames_a_second(images: list[np.ndarray]) -> dict[str, float]:
    """By finder, the frames of one size (H, W, 3) that it looks at in a second; its first look is not timed."""
    rates = {}
    for name, batched, detect in contenders():
        if name == TRACKED:
            continue  # seeks at one size whatever it is given
        at_once = BATCH_SIZE if batched else 1
        detect(images[:at_once])
        began = perf_counter()
        for start in range(0, len(images), at_once):
            detect(images[start : start + at_once])
        rates[TITLES[name] + (" in batches" if batched else "")] = len(images) / (perf_counter() - began)
        print(f"{images[0].shape[:2]} {name} {list(rates.values())[-1]:.2f}", flush=True)
    return rates


def read_all(path: Path) -> int:
    """OpenCV decodes and converts every frame; those that are wanted are kept, as document 001 did at first."""
    clip, wanted, number = cv2.VideoCapture(str(path)), _wanted(path), 0
    kept = 0
    while clip.read()[0]:
        kept += number in wanted
        number += 1
    return kept


def grab_retrieve(path: Path) -> int:
    """OpenCV decodes every frame, and converts those that are wanted: its better way there."""
    clip, wanted, number = cv2.VideoCapture(str(path)), _wanted(path), 0
    kept = 0
    while clip.grab():
        if number in wanted:
            kept += clip.retrieve()[0]
        number += 1
    return kept


def pyav(path: Path) -> int:
    """PyAV with its threads decodes every frame, and converts those that are wanted."""
    wanted = _wanted(path)
    with av.open(str(path)) as clip:
        clip.streams.video[0].thread_type = "AUTO"
        shown = (frame for number, frame in enumerate(clip.decode(video=0)) if number in wanted)
        return sum(len(frame.to_ndarray(format="rgb24")) > 0 for frame in shown)


def ours(path: Path) -> int:
    """The app's way: true times, in a confined process."""
    with Decoder(path) as decoder:
        return sum(len(batch) for batch in decoder.read(sample_times(decoder.probe(), SAMPLED)))


WAYS: dict[str, Callable[[Path], int]] = {
    "OpenCV, every frame read": read_all,
    "OpenCV, grab, and retrieve what is wanted": grab_retrieve,
    "PyAV, threads": pyav,
    "ours": ours,
}


def _wanted(path: Path) -> set[int]:
    with av.open(str(path)) as clip:
        count = clip.streams.video[0].frames
    return {round(place) for place in np.linspace(0, count - 1, SAMPLED)}


def speed_table(clip: Path, frames: int) -> str:
    """Frames a second by finder and size, as Markdown."""
    info = probe(clip)
    images = [frame.image for frame in read_frames(clip, info, sample_times(info, frames))]
    rates = {
        size: frames_a_second([cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA) for image in images])
        for size in SIZES
    }
    names = list(dict.fromkeys(name for of_a_size in rates.values() for name in of_a_size))
    lines = [
        "| frames a second | " + " | ".join(f"{h} x {w}" for h, w in SIZES) + " |",
        "|" + "---|" * (len(SIZES) + 1),
    ]
    lines += [f"| {name} | " + " | ".join(f"{rates[size][name]:.2f}" for size in SIZES) + " |" for name in names]
    return f"{frames} frames of {clip.name}, scaled; {_cpu()}. {missing_sentence()}\n\n" + "\n".join(lines)


def reading_table(folder: Path) -> str:
    """Seconds of each way of reading a folder's clips, as Markdown."""
    clips = sorted(folder.glob("*.mp4"))
    lines = ["| way of reading | seconds | frames kept |", "|---|---|---|"]
    for title, way in WAYS.items():
        began = perf_counter()
        kept = sum(way(path) for path in clips)
        lines.append(f"| {title} | {perf_counter() - began:.1f} | {kept} |")
    return f"{SAMPLED} frames of each of {len(clips)} clips, one after another; {_cpu()}.\n\n" + "\n".join(lines)


def _cpu() -> str:
    return f"{cpu_facts().model}, {cpu_facts().threads} threads"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path, nargs="?", default=Path("../shared/clips/real_conan.mp4"))
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--only", choices=("speed", "reading"), help="one of the two tables")
    args = parser.parse_args()
    if args.only != "reading":
        write_section("finder-speed", speed_table(args.clip, args.frames))
    if args.only != "speed":
        write_section("reading", reading_table(args.clip.parent))


if __name__ == "__main__":
    main()
