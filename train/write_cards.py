"""python train/write_cards.py

Write the README's table, those of docs/results.md and a model card per variant, from manifest.json and the studies; no
figure is typed by hand. Of another release than the project's own, the cards alone. With --configs it first brings
each config.json to timm's form of today, and its sha256 in manifest.json; weights and graphs stay as they are.
"""

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.manifest import RELEASE, Manifest, read_manifest
from train.cli import run_command
from train.errors import BadRun
from train.release.cards import card, int8_table, studies_text, zoo_table
from train.release.configs import write_configs
from train.release.results_table import alarms_table, corruptions_table, groups_table, results_table
from train.studies.curves import draw_curves
from train.studies.runner import RESULTS

README = Path(__file__).resolve().parents[1] / "README.md"
RESULTS_PAGE = README.with_name("docs") / "results.md"


def put_between(text: str, name: str, content: str) -> str:
    """The text with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced. Raises BadRun."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise BadRun(f"the page needs {begin} and {end} once each")
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{content}\n{end}", text, flags=re.DOTALL)


def write_results(manifest: Manifest, page: Path, studies: Path) -> None:
    """Bring the marked parts of docs/results.md up to date."""
    text = page.read_text(encoding="utf-8")
    if studies.exists():
        tables = json.loads(studies.read_text(encoding="utf-8"))
        text = put_between(text, "studies", studies_text(tables))
        for name, study in tables.items():
            if "curve" in study["rows"][0]:
                draw_curves(study, page.parent / "studies" / f"{name}.svg")
    for name, table in (
        ("measures", results_table),
        ("groups", groups_table),
        ("alarms", alarms_table),
        ("corruptions", corruptions_table),
        ("int8", int8_table),
    ):
        text = put_between(text, name, table(manifest))
    page.write_text(text, encoding="utf-8")


def write_table(release: Path, readme: Path) -> None:
    """Bring the README's marked part up to date."""
    text = put_between(readme.read_text(encoding="utf-8"), "zoo", zoo_table(read_manifest(release)))
    readme.write_text(text, encoding="utf-8")


def write_cards(release: Path) -> None:
    """Bring the cards in the release up to date."""
    manifest = read_manifest(release)
    for row in manifest.variants.values():
        path = release / row.name / "README.md"
        path.write_text(card(row, json.dumps(row.training, indent=2)), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--readme", type=Path, help="by default the project's, for its own release")
    parser.add_argument("--studies", type=Path, default=RESULTS)
    parser.add_argument("--results", type=Path, help="likewise docs/results.md")
    parser.add_argument("--configs", action="store_true", help="write each config.json anew, too")
    args = parser.parse_args()

    def command() -> None:
        if args.configs:
            print("config.json anew:", ", ".join(write_configs(args.release)) or "none; all are of today's form")
        own = args.release == RELEASE
        write_cards(args.release)
        if readme := args.readme or (README if own else None):
            write_table(args.release, readme)
        if results := args.results or (RESULTS_PAGE if own else None):
            write_results(read_manifest(args.release), results, args.studies)

    run_command(command)


if __name__ == "__main__":
    main()
