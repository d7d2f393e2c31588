"""python benchmarks/stages.py ../shared/clips/real_conan.mp4

Seconds per stage and in all for one clip, with the variants that the page shows first and both face finders: medians
of runs taken in turn, as a Markdown table.
"""

import argparse
import statistics
import sys
from functools import partial
from pathlib import Path
from time import perf_counter, sleep

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.cpu import cpu_facts
from explorer.faces.finders import FINDERS, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.inference.runners import open_runner
from explorer.pipeline import analyse, report_of
from explorer.video.decoder import REFILL_S
from model_zoo.variants import SHOWN_FIRST


def seconds(path: Path, finder: str, names: tuple[str, ...]) -> dict[str, float]:
    """One run: seconds by stage, by variant and in all, once the next decoder's process stands ready."""
    sleep(2 * REFILL_S)
    began = perf_counter()
    report = report_of(
        analyse(path, {name: partial(open_runner, name) for name in names}, finder_named(finder), examine=log_odds)
    )
    in_all = perf_counter() - began
    stages = {stage: milliseconds / 1e3 for stage, milliseconds in report.stages_ms.items()}
    return stages | {result.name: result.run_ms / 1e3 for result in report.variants} | {"in all": in_all}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()

    names = SHOWN_FIRST
    for finder in FINDERS:
        seconds(args.clip, finder, names)  # warm-up
    runs: dict[str, list[dict[str, float]]] = {finder: [] for finder in FINDERS}
    for _ in range(args.runs):
        for finder in FINDERS:
            runs[finder].append(seconds(args.clip, finder, names))
    columns = list(runs["mtcnn"][0])
    print(
        f"{args.clip.name}, {cpu_facts().model}, {cpu_facts().threads} threads, medians of {args.runs} runs, seconds\n"
    )
    print(f"| finder | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for finder, of_finder in runs.items():
        medians = [statistics.median(run[column] for run in of_finder) for column in columns]
        print(f"| {finder} | {' | '.join(f'{median:.2f}' for median in medians)} |")


if __name__ == "__main__":
    main()
