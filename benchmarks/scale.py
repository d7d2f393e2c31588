"""python benchmarks/scale.py [--clips 300] [--frames 32] [--ray] [CLIP ...]

How many clips a second python -m explorer judges: by one process, by two, and with --ray by Ray, on generated clips and
those that are named, in turn; the processor time a clip, and whether memory grows. Each way runs in processes of its
own. The result goes into docs/scale.md, between its markers, and what follows from it for whole data sets, by processor
time: a busy machine leaves that as it is.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import psutil
import pyarrow.parquet as parquet
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.section import write_section
from explorer.cpu import cpu_facts
from explorer.limits import DEFAULT_FRAMES
from explorer.paths import EXAMPLES
from explorer.video.examples import edition, example_clips, load_portrait

ROOT = Path(__file__).resolve().parents[1]
SETS = {"FaceForensics++ (6,000 clips)": 6_000, "DFDC (119,154)": 119_154, "a million a day": 1_000_000}
ONE = "1 process"
WAYS = {ONE: (), "2 processes": ("--workers", "2")}
RAY = {"Ray, 1 actor": ("--cluster",)}
EVERY_S = 0.25


@dataclass(frozen=True)
class Way:
    """What one way of judging took: seconds from start to end, of each clip, of processors, and bytes by time."""

    seconds: float
    clip_seconds: list[float]
    processor_s: float
    memory: list[int]


def several(clips: list[Path], count: int, folder: Path) -> list[Path]:
    """So many clips: those given in turn, under names of their own."""
    links = []
    for index in range(count):
        source = clips[index % len(clips)]
        link = folder / f"{index:04d}-{source.name}"
        link.symlink_to(source.resolve())
        links.append(link)
    return links


def measured(words: tuple[str, ...], clips: Path, out: Path) -> Way:
    """Run the command and watch it. Ends the benchmark where a clip failed: its time would be no clip's."""
    began, before = time.perf_counter(), _waited_s()
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", str(clips), "--out", str(out), "--no-resume", *words], cwd=ROOT
    )
    watch, ended = Watch(), Event()
    watcher = Thread(target=watch.until, args=(process.pid, ended))
    watcher.start()
    process.wait()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"some clips failed ({' '.join(words)}); nothing is written")
    processor_s = max(_waited_s() - before, sum(watch.processor_s.values()))  # nobody waits for Ray's processes
    return Way(seconds, parquet.read_table(out)["seconds"].to_pylist(), processor_s, watch.memory)


def _waited_s() -> float:
    """Processor seconds of all processes that this one, or those it waited for, have waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass
class Watch:
    """A process and all below it, looked at now and then: resident bytes by time, processor seconds by process."""

    memory: list[int] = field(default_factory=list)
    processor_s: dict[int, float] = field(default_factory=dict)

    def until(self, pid: int, ended: Event) -> None:
        """Look until it ended."""
        while not ended.wait(EVERY_S):
            resident = 0
            try:
                parent = psutil.Process(pid)
                family = [parent, *parent.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            for each in family:
                try:
                    times = each.cpu_times()
                    resident += each.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
                self.processor_s[each.pid] = times.user + times.system
            self.memory.append(resident)


def growth(memory: list[int]) -> float:
    """By how many MB the second half of a run takes more than the first, its start left out."""
    late = memory[len(memory) // 5 :]
    half = len(late) // 2
    return (sum(late[half:]) / max(len(late) - half, 1) - sum(late[:half]) / max(half, 1)) / 1e6 if half else 0.0


def section(start: Way, ways: dict[str, Way], command: str, asked: str) -> str:
    """The table, and the arithmetic for whole data sets."""
    cpu, load = cpu_facts(), os.getloadavg()[1]
    count = len(next(iter(ways.values())).clip_seconds)
    lines = [
        f"`{command}` on {cpu.model}, {cpu.cores} cores, of which others wanted their share (load {load:.1f} in the "
        f"last five minutes): {count} clips, {asked}.",
        "",
        "| way | clips/s | seconds | of them start and end | s a clip | processor s a clip | memory, MB | grows by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, way in ways.items():
        busy = sum(way.clip_seconds) / (2 if name.startswith("2") else 1)
        lines.append(
            f"| {name} | {count / way.seconds:.2f} | {way.seconds:.0f} | {max(way.seconds - busy, 0):.0f} | "
            f"{sum(way.clip_seconds) / count:.2f} | {way.processor_s / count:.2f} | {max(way.memory) / 1e6:.0f} | "
            f"{growth(way.memory):.0f} |"
        )
    alone = (ways[ONE].processor_s - start.processor_s) / count
    pair = round(alone / 2, 2)
    lines += ["", f"A start, with one photo, takes {start.processor_s:.1f} s of a processor; one process without it "]
    lines[-1] += f"{alone:.2f} s a clip, a core pair that is kept busy half of that:"
    lines += [""]
    lines += ["| set | one core pair | core pairs for a day |", "|---|---|---|"]
    for name, clips in SETS.items():
        hours = clips * pair / 3600
        lines.append(f"| {name} | {clips:,} x {pair:.2f} s / 3,600 = {hours:,.1f} h | {max(hours / 24, 0.05):,.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path, help="beside the generated ones")
    parser.add_argument("--clips", dest="count", type=int, default=300, help="how many; ten take minutes, 300 an hour")
    parser.add_argument("--frames", type=int, default=DEFAULT_FRAMES, help="of each clip")
    parser.add_argument("--variants", nargs="+", default=[], metavar="NAME", help="by default all that are released")
    parser.add_argument("--ray", action="store_true")
    args = parser.parse_args()
    asked = ("--frames", str(args.frames), *(("--variants", *args.variants) if args.variants else ()))
    ways: dict[str, Way] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "clips"
        folder.mkdir()
        several([*example_clips(EXAMPLES / edition()).values(), *args.clips], args.count, folder)
        photo = Path(name) / "photo.png"
        Image.fromarray(load_portrait()).save(photo)
        start = measured(asked, photo, Path(name) / "start.parquet")
        for way, words in (WAYS | (RAY if args.ray else {})).items():
            ways[way] = measured((*words, *asked), folder, Path(name) / f"{len(ways)}.parquet")
            print(json.dumps({"way": way, "seconds": round(ways[way].seconds, 1)}), flush=True)
    options = f"--clips {args.count} {' '.join(asked)}{' --ray' if args.ray else ''}"
    named = f" and {len(args.clips)} named ones" if args.clips else ""
    variants = ", ".join(args.variants) or "all released variants"
    text = section(
        start,
        ways,
        f"python benchmarks/scale.py {options}",
        f"of 3 generated{named} in turn, {args.frames} frames, {variants}",
    )
    print(text)
    write_section("scale", text, ROOT / "docs" / "scale.md")


if __name__ == "__main__":
    main()
