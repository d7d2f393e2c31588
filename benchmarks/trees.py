"""python benchmarks/trees.py OTHER_TREE ../shared/clips [--rounds 8]

What a whole run costs here against another checkout of this project (`git worktree add ../before 656607f`): both run
the same clips in turn, each in a process of its own, and the ratio is taken pair by pair. Written into docs/results.md.
Wants a quiet machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.loops import looped
from benchmarks.section import write_section
from explorer.cpu import cpu_facts

ROOT = Path(__file__).resolve().parents[1]
CLIPS = (("720p", "real_shinzo.mp4"), ("1080p", "real_conan.mp4"))
JOBS = {  # functions of benchmarks/ratios.py, which both trees have
    "judged": "32 frames, four variants",
    "shown": "the same with heatmaps and curves",
    "annotated": "the same with the annotated clip",
}
SECONDS = 10
# Run in either tree: answers each line "job clip" with the seconds it took, a decoder standing ready before each.
WORKER = """
import sys
from pathlib import Path
from time import perf_counter, sleep
from benchmarks import ratios
for line in sys.stdin:
    job, clip = line.split(maxsplit=1)
    sleep(2 * ratios.REFILL_S)
    began = perf_counter()
    getattr(ratios, job)(Path(clip.strip()))
    print(perf_counter() - began, flush=True)
"""


def start(tree: Path) -> subprocess.Popen:
    """A process in that tree that runs jobs."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    command = [sys.executable, "-c", WORKER]
    return subprocess.Popen(
        command, cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def seconds(worker: subprocess.Popen, job: str, clip: Path) -> float:
    """What the job takes there. Raises ValueError where the worker has ended."""
    assert worker.stdin and worker.stdout
    worker.stdin.write(f"{job} {clip}\n")
    worker.stdin.flush()
    return float(worker.stdout.readline())


def row(label: str, job: str, pairs: list[tuple[float, float]]) -> str:
    """Medians of both trees, and the ratio pair by pair with its quartiles; pairs are (there, here) in seconds."""
    there, here = (statistics.median(values) for values in zip(*pairs, strict=True))
    low, middle, high = statistics.quantiles([mine / other for other, mine in pairs], n=4)
    what = f"{label}, {JOBS[job]}"
    return f"| {what} | {there:.2f} s | {here:.2f} s | {middle:.3f} | {low:.3f} to {high:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="another checkout")
    parser.add_argument("clips", type=Path, help="../shared/clips")
    parser.add_argument("--rounds", type=int, default=8)
    args = parser.parse_args()
    workers = [start(args.other.resolve()), start(ROOT)]
    pairs: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for label, source in CLIPS:
            clip = looped(args.clips / source, Path(folder) / f"{label}.mp4", SECONDS)
            for round_ in range(args.rounds + 1):  # the first does not count
                for job in JOBS:
                    order = workers if round_ % 2 else workers[::-1]
                    taken = {worker.pid: seconds(worker, job, clip) for worker in order}
                    if round_:
                        pairs.setdefault((label, job), []).append((taken[workers[0].pid], taken[workers[1].pid]))
    for worker in workers:
        worker.communicate()
    cpu = cpu_facts()
    head = f"{cpu.model}, {cpu.threads} threads, {args.rounds} rounds in turn, {SECONDS} s clips."
    titles = "| clip and job | there | here | here / there | quartiles |"
    lines = [head, "", titles, "|---|---|---|---|---|", *(row(*key, values) for key, values in pairs.items())]
    print("\n".join(lines))
    write_section("trees", "\n".join(lines))


if __name__ == "__main__":
    main()
