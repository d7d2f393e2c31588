"""python benchmarks/scale.py --clips 20 [--ray] [CLIP ...]

How many clips a second python -m explorer judges: by one process, by two, and with --ray by Ray, on generated clips and
those that are named; the overhead a clip, and whether memory grows. Each way runs in processes of its own. The result
goes into docs/scale.md, between its markers, with what follows from it for whole data sets.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psutil
import pyarrow.parquet as parquet

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.section import write_section
from explorer.cpu import cpu_facts
from explorer.paths import EXAMPLES
from explorer.video.examples import example_clips

ROOT = Path(__file__).resolve().parents[1]
SETS = {"FaceForensics++ (6,000 clips)": 6_000, "DFDC (119,154)": 119_154, "a million a day": 1_000_000}
WAYS = {"1 process": (), "2 processes": ("--workers", "2")}
RAY = {"Ray, 1 actor": ("--cluster",)}
EVERY_S = 0.25


@dataclass(frozen=True)
class Way:
    """What one way of judging took: seconds from start to end, of the clips alone, and memory in bytes by time."""

    seconds: float
    clip_seconds: list[float]
    memory: list[int]

    @property
    def start_s(self) -> float:
        """Until the first clip was done, less that clip: Python, engines and, with Ray, its processes."""
        return self.seconds - sum(self.clip_seconds)


def several(clips: list[Path], count: int, folder: Path) -> list[Path]:
    """So many clips: those given in turn, under names of their own."""
    links = []
    for index in range(count):
        source = clips[index % len(clips)]
        link = folder / f"{index:04d}-{source.name}"
        link.symlink_to(source.resolve())
        links.append(link)
    return links


def measured(words: tuple[str, ...], folder: Path, out: Path) -> Way:
    """Run the command and watch it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", str(folder), "--out", str(out), "--no-resume", *words], cwd=ROOT
    )
    memory: list[int] = []
    ended = Event()
    watcher = Thread(target=lambda: memory.extend(_memory(process.pid, ended)))
    watcher.start()
    process.wait()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    return Way(seconds, parquet.read_table(out)["seconds"].to_pylist(), memory)


def _memory(pid: int, ended: Event) -> Iterator[int]:
    """Resident bytes of a process and all below it, now and then."""
    while not ended.wait(EVERY_S):
        try:
            parent = psutil.Process(pid)
            yield sum(each.memory_info().rss for each in [parent, *parent.children(recursive=True)])
        except psutil.NoSuchProcess:
            continue


def growth(memory: list[int]) -> float:
    """By how many MB the second half of a run takes more than the first, its start left out."""
    late = memory[len(memory) // 5 :]
    half = len(late) // 2
    return (sum(late[half:]) / max(len(late) - half, 1) - sum(late[:half]) / max(half, 1)) / 1e6 if half else 0.0


def section(ways: dict[str, Way], count: int) -> str:
    """The table, and the arithmetic for whole data sets."""
    cpu = cpu_facts()
    lines = [
        f"`python benchmarks/scale.py --clips {count}` on {cpu.model}, {cpu.cores} cores: {count} clips, 32 frames "
        "each, all released variants.",
        "",
        "| way | clips/s in all | clips/s at work | start, s | seconds a clip | memory at most, MB | it grows by, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    best = 0.0
    for name, way in ways.items():
        actors = 2 if "2" in name else 1
        busy = sum(way.clip_seconds) / actors
        rate = count / busy
        best = max(best, count / way.seconds, rate)
        lines.append(
            f"| {name} | {count / way.seconds:.2f} | {rate:.2f} | {max(way.seconds - busy, 0):.1f} | "
            f"{sum(way.clip_seconds) / count:.2f} | {max(way.memory) / 1e6:.0f} | {growth(way.memory):.0f} |"
        )
    lines += ["", f"At {best:.2f} clips a second on these two cores, seconds = clips / {best:.2f}:", ""]
    lines += ["| set | one core pair | core pairs for a day |", "|---|---|---|"]
    for name, clips in SETS.items():
        hours = clips / best / 3600
        lines.append(f"| {name} | {clips:,} / {best:.2f} / 3,600 = {hours:,.1f} h | {max(hours / 24, 0.05):,.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path, help="beside the generated ones")
    parser.add_argument("--clips", dest="count", type=int, default=20)
    parser.add_argument("--ray", action="store_true")
    args = parser.parse_args()
    ways: dict[str, Way] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "clips"
        folder.mkdir()
        several([*example_clips(EXAMPLES).values(), *args.clips], args.count, folder)
        for way, words in (WAYS | (RAY if args.ray else {})).items():
            ways[way] = measured(words, folder, Path(name) / f"{len(ways)}.parquet")
            print(json.dumps({"way": way, "seconds": round(ways[way].seconds, 1)}))
    text = section(ways, args.count)
    print(text)
    write_section("scale", text, ROOT / "docs" / "scale.md")


if __name__ == "__main__":
    main()
