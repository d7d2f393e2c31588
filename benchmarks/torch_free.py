"""python benchmarks/torch_free.py [--rounds 5]

Seconds from the start of a process to its first verdict and to its report, and the memory that takes, without torch
(the finder's networks and the variants on OpenVINO) and with it (both in eager torch), on the generated example clip:
medians of fresh processes taken in turn, as a Markdown table.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # a script's own folder is on the path, the root is not

# Of one's own imports the process that is measured pays too, so the explorer's stand where they are needed.

ENGINES = ("openvino", "torch")  # without torch and with it
ONE = ("lite0_kd_p35",)
FOUR = ("b0", "lite0", "lite0_kd_p35", "lite0_kd_p35_int8")  # torch runs the last one's float form, a second time
STEPS = ("first verdict", "report")


def work(engine: str, names: list[str], clip: Path) -> None:
    """Analyse the clip in this process; after each of the STEPS print the memory that it took so far, as JSON."""
    from functools import partial

    from explorer.faces.finders import DEFAULT_FINDER, finder_named
    from explorer.faces.mtcnn import networks as mtcnn_networks
    from explorer.inference.runners import open_runner
    from explorer.pipeline import analyse
    from explorer.structures import Report, VariantError, VariantResult
    from model_zoo.variants import VARIANTS

    runs = {name: VARIANTS[name].float_name if engine == "torch" else name for name in names}
    runners = {name: partial(open_runner, run, engine) for name, run in runs.items()}
    if engine == "torch":
        mtcnn_networks._networks = cache(mtcnn_networks.on_torch)
    verdicts = 0
    for event in analyse(clip, runners, finder_named(DEFAULT_FINDER)):
        if isinstance(event, VariantError):
            raise SystemExit(event.message)
        verdicts += isinstance(event, VariantResult)
        if isinstance(event, Report) or (isinstance(event, VariantResult) and verdicts == 1):
            print(json.dumps({"torch": "torch" in sys.modules, "megabytes": _peak_megabytes()}), flush=True)


def _peak_megabytes() -> float:
    """The most memory that was resident so far, of this process; the one that decodes is the same with any engine."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024 / 1e6


def measure(engine: str, names: tuple[str, ...], clip: Path) -> list[dict[str, float]]:
    """What a fresh process needs until each of the STEPS, in seconds and megabytes."""
    began = perf_counter()
    command = [sys.executable, __file__, "--work", engine, ",".join(names), str(clip)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        steps = [json.loads(line) | {"seconds": perf_counter() - began} for line in process.stdout or ()]
    if process.returncode or len(steps) != len(STEPS):
        raise SystemExit(f"{' '.join(command)} failed")
    if any(step["torch"] != (engine == "torch") for step in steps):
        raise SystemExit(f"torch was {'not ' * (engine == 'torch')}imported with {engine}")
    return steps


def rows(rounds: dict[tuple, list]) -> list[str]:
    """A row per set of variants and step: the medians of both engines, and how many times as much torch takes."""
    table = []
    for names in (ONE, FOUR):
        for index, step in enumerate(STEPS):
            cells = [f"{len(names)}", step]
            for measure, digits in (("seconds", 2), ("megabytes", 0)):
                free, torch = (
                    statistics.median(run[index][measure] for run in rounds[names, engine]) for engine in ENGINES
                )
                cells += [f"{free:.{digits}f}", f"{torch:.{digits}f}", f"**{torch / free:.2f}**"]
            table.append(f"| {' | '.join(cells)} |")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", nargs=3, metavar=("ENGINE", "VARIANTS", "CLIP"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        engine, names, clip = args.work
        return work(engine, names.split(","), Path(clip))

    from benchmarks.section import write_section
    from explorer.cpu import cpu_facts
    from explorer.video.examples import example_clips

    rounds: dict[tuple, list] = {(names, engine): [] for names in (ONE, FOUR) for engine in ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        clip = example_clips(Path(folder))["Forged face"]
        for warm_up in (True, *[False] * args.rounds):  # the first round reads the libraries from the disk
            for (names, engine), of_engine in rounds.items():
                run = measure(engine, names, clip)
                of_engine += [] if warm_up else [run]
    head = f"{cpu_facts().model}, {cpu_facts().threads} threads, medians of {args.rounds} fresh processes each"
    measures = [f"{what} {which}" for what in ("s", "MB") for which in ("without torch", "with torch", "x")]
    columns = ["variants", "until", *measures]
    table = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *rows(rounds)]
    text = "\n".join([head, "", *table])
    print(text)
    write_section("torch-free", text)


if __name__ == "__main__":
    main()
