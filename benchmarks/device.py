"""What the page on the visitor's device says and costs, beside the server: headless Chromium and OpenVINO.

    make device
    python benchmarks/device.py ../shared/clips [--part parity]

judges the folder's clips and the generated examples in both, by the variants that the Compare tab shows first. What was
measured of a zoo is kept, so that a run goes on where one before it ended (--anew: from the beginning); the tables of
the parts that are asked for go into docs/results.md. `speed` wants a quiet machine.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

import numpy as np
import psutil

from benchmarks.device_tables import tables
from benchmarks.section import write_section
from benchmarks.visits import CropsOfFrame, first_verdict, judged_crops, page_with, refusal, renderer_mb, visited
from explorer import limits
from explorer.cpu import cpu_facts
from explorer.device.parts import prepare
from explorer.device.site import Content, served_files
from explorer.faces.crops import resize_crop
from explorer.faces.finders import FINDERS
from explorer.inference.runners import open_runner
from explorer.judging import Question, judge
from explorer.paths import CACHE, EXAMPLES
from explorer.pipeline import report_of
from explorer.structures import Report
from explorer.verdicts import probabilities
from explorer.video.examples import edition, example_clips
from explorer.video.reader import probe, read_frames
from model_zoo.files import write_atomically
from model_zoo.hub import bundled_zoo
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo
from tests.support.device_site import serving_site

PARTS = ("speed", "memory", "parity")
EXAMPLE = "Forged face"  # of which speed and memory are measured
SMALLEST = ("lite0_kd_p35_int8",)  # what the page opens with
SAME_FRAMES = 4  # of a clip, whose faces both cut from the server's boxes
ROUNDS = 3  # first verdicts, the middle one counts
AGAIN, FRAMES = 20, 8  # clips one after the other, and frames of each, for the memory


@dataclass(frozen=True)
class Bench:
    """What is measured: variants by name, clips by theirs, for so many `seconds`; `extra` lies beside the page, at
    `address`, by path."""

    zoo: Zoo
    names: tuple[str, ...]
    clips: Mapping[str, Path]
    example: Path
    address: str
    extra: dict[str, Content]
    seconds: float


class Kept:
    """Measurements in a file, each made once."""

    def __init__(self, file: Path):
        self.file = file
        self.values: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def measured(self, key: str, measure: Callable[[], Any]) -> Any:
        """What is kept under a key, or else what `measure` gives; it is JSON."""
        if key not in self.values:
            self.values[key] = measure()
            with write_atomically(self.file) as partial:
                Path(partial).write_text(json.dumps(self.values))
            print(f"measured: {key}", flush=True)
        return self.values[key]


def parity(bench: Bench, kept: Kept) -> dict[str, Any]:
    """By clip, what server and page say of it, end to end and of the same crops; of as many as the time allows."""
    clips, began = {}, time.monotonic()
    with page_with(bench.address, threads=False) as page:  # beside other work, threads wait for each other
        for name, path in bench.clips.items():
            if f"parity of {name}" not in kept.values and time.monotonic() - began > bench.seconds:
                continue

            def measure(path: Path = path) -> dict[str, Any]:
                report = report_of(judge(path, Question(variants=bench.names), bench.zoo))
                frames, faces = same_crops(report, path, bench.extra)
                return {
                    "server": {row.name: _row(report, row.name) for row in report.variants},
                    "device": visited(page, path, bench.names, limits.DEFAULT_FRAMES),
                    "refused": refusal(page),
                    "faces": faces,
                    "same": judged_crops(page, bench.names, frames) if frames else {},
                    "other": by_onnxruntime(bench, [report.faces[index].crop for index in faces]),
                }

            clips[name] = kept.measured(f"parity of {name}", measure)
    return clips


def same_crops(report: Report, path: Path, extra: dict[str, Content]) -> tuple[list[CropsOfFrame], list[int]]:
    """Up to SAME_FRAMES frames of a clip, put beside the page with the server's boxes, and the faces' indices."""
    times = sorted({face.time_s for face in report.faces})
    chosen = times[:: max(len(times) // SAME_FRAMES, 1)][:SAME_FRAMES]
    frames: list[CropsOfFrame] = []
    faces: list[int] = []
    for frame in read_frames(path, probe(path), np.array(chosen)) if chosen else ():
        own = [index for index, face in enumerate(report.faces) if face.time_s == frame.time_s]
        name = f"{path.stem}-{len(frames)}.rgb"
        extra[name] = frame.image.tobytes()
        height, width, _ = frame.image.shape
        frames.append(CropsOfFrame(name, width, height, [report.faces[index].box.tolist() for index in own]))
        faces += own
    return frames, faces


def by_onnxruntime(bench: Bench, crops: list[np.ndarray]) -> dict[str, list[float]]:
    """p_fake of crops by the server's other engine, by variant."""
    judged = {}
    for name in bench.names if crops else ():
        runner = open_runner(name, "onnxruntime", bench.zoo.release)
        inputs = np.stack([resize_crop(crop, runner.input_size) for crop in crops])
        judged[name] = [float(value) for value in probabilities(runner.run(inputs)[0])]
    return judged


def _row(report: Report, name: str) -> dict[str, Any]:
    """A variant's result, as the page gives its own."""
    result = next(row for row in report.variants if row.name == name)
    return {
        "verdict": result.verdict,
        "pFake": result.p_fake,
        "pFrames": [float(value) for value in result.frame_p_fake],
        "times": [float(face.time_s) for face in report.faces],
        "boxes": [face.box.tolist() for face in report.faces],
        "ms": result.ms_per_face.median if result.ms_per_face else None,
    }


def speed(bench: Bench, kept: Kept) -> dict[str, Any]:
    """Seconds to the first verdict, bytes until then, milliseconds a face by variant and by what runs it."""
    busy = kept.measured("busy before", lambda: psutil.cpu_percent(1))
    began = [
        kept.measured(f"first verdict {at}", lambda: first_verdict(bench.address, EXAMPLE)) for at in range(ROUNDS)
    ]

    def in_page(threads: bool) -> dict[str, float]:
        with page_with(bench.address, threads) as page:
            return {name: row["ms"] for name, row in visited(page, bench.example, bench.names, FRAMES).items()}

    def on_server() -> dict[str, float]:
        report = report_of(judge(bench.example, Question(variants=bench.names, frames=FRAMES), bench.zoo))
        return {row.name: row.ms_per_face.median for row in report.variants if row.ms_per_face}

    ms = {
        "one": kept.measured("ms, one thread", lambda: in_page(False)),
        "threads": kept.measured("ms, threads", lambda: in_page(True)),
        "server": kept.measured("ms, server", on_server),
    }
    return {"firsts": [seconds for seconds, _ in began], "bytes": began[0][1], "ms": ms, "busy": busy}


def memory(bench: Bench, kept: Kept) -> list[float]:
    """MB of the page's processes after a clip, and after each of AGAIN more in the same page."""

    def measure() -> list[float]:
        with page_with(bench.address, threads=False) as page:
            held = []
            for _ in range(AGAIN + 1):
                visited(page, bench.example, SMALLEST, FRAMES)
                held.append(renderer_mb())
            return held

    values: list[float] = kept.measured("memory", measure)
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--variant", action="append", help="may be given several times")
    parser.add_argument("--part", choices=PARTS, action="append", help="may be given several times; all without it")
    parser.add_argument("--seconds", type=float, default=math.inf, help="after which no further clip is begun")
    parser.add_argument("--anew", action="store_true", help="forget what was measured of these parts before")
    args = parser.parse_args()

    prepare()
    zoo, examples, extra = bundled_zoo(), example_clips(EXAMPLES / edition()), dict[str, Content]()
    files = served_files(zoo, examples)
    names = tuple(args.variant or SHOWN_FIRST)
    clips = {path.name: path for path in [*sorted(args.clips.glob("*.mp4")), *examples.values()]}
    for finder in FINDERS.values():
        finder()  # loaded before anything is timed
    done: dict[str, Any] = {}
    with serving_site(lambda: {**files(), **extra}) as address:
        bench = Bench(zoo, names, clips, examples[EXAMPLE], address, extra, args.seconds)
        for part in args.part or PARTS:
            file = CACHE / "device-benchmark" / f"{part}-{zoo.revision[:12]}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            if args.anew:
                file.unlink(missing_ok=True)
            done[part] = {"parity": parity, "speed": speed, "memory": memory}[part](bench, Kept(file))
    looked_at = f"{len(done.get('parity', ()))} of {len(clips)} clips; zoo of revision {zoo.revision[:12]}."
    write_section("device", "\n".join([*tables(names, done, cpu_facts()), looked_at]))


if __name__ == "__main__":
    main()
