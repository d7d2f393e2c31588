"""python benchmarks/clips.py ../shared/clips

Verdict and p_fake on a folder of clips, of the variants that the page shows first or of --variant, as a Markdown table.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.faces.finders import DEFAULT_FINDER, FINDERS, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.inference.runners import open_runner
from explorer.pipeline import analyse, report_of
from model_zoo.variants import SHOWN_FIRST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--finder", choices=FINDERS, default=DEFAULT_FINDER)
    parser.add_argument("--variant", action="append", help="may be given several times")
    args = parser.parse_args()

    names = args.variant or SHOWN_FIRST
    runners = {name: partial(open_runner, name) for name in names}
    print(f"| clip | faces ({args.finder}) | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for path in sorted(args.clips.glob("*.mp4")):
        report = report_of(analyse(path, runners, finder_named(args.finder), examine=log_odds))
        opinions = [
            result.verdict + (f" {result.p_fake:.2f}" if result.p_fake is not None else "")
            for result in report.variants
        ]
        print(f"| {path.name} | {len(report.faces)}/{report.frames_sampled} | {' | '.join(opinions)} |")


if __name__ == "__main__":
    main()
