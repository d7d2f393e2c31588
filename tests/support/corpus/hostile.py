"""python tests/support/corpus/hostile.py FOLDER

Write the corpus of bad and odd files into a folder, and print what is expected of each. None comes from elsewhere: all
are made from generated clips.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # a script's own folder is on the path, the root is not

from tests.support.corpus.cases import Case
from tests.support.corpus.damaged import damaged_clips
from tests.support.corpus.disguised import disguised_files
from tests.support.corpus.odd_clips import odd_clips
from tests.support.corpus.signed import signed_clips
from tests.support.corpus.stills import stills


def corpus(folder: Path) -> list[Case]:
    """All cases, their files in `folder` still to be written."""
    made = (*odd_clips(), *damaged_clips(), *disguised_files(), *signed_clips(), *stills())
    return [case.place(folder) for case in made]


def write_corpus(folder: Path) -> list[Case]:
    """Write every file and give the cases."""
    cases = corpus(folder)
    for case in cases:
        case.path.parent.mkdir(parents=True, exist_ok=True)
        case.write(case.path)
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for case in write_corpus(parser.parse_args().folder):
        print(f"{case.expected:9} {case.path.stat().st_size:>11,}  {case.name}")


if __name__ == "__main__":
    main()
