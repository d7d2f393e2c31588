"""python benchmarks/finder_recall.py ../shared/clips [--only haar dlib] [--anew]

Recall and false finds of every face finder that is installed on the 200 labelled frames (labelled_frames.csv), all at
the working size of the app. What each found in each clip is kept in finder_recall.csv, and not sought again but with
--anew; the table goes into docs/results.md.
The finders of other packages come by `pip install -r benchmarks/requirements.txt`.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from benchmarks.labelled_frames import frames_of, read_labels
from benchmarks.section import write_section
from explorer.faces.boxes import iou
from explorer.faces.finders import FINDERS, finder_named
from explorer.faces.rivals import FACENET, RIVALS, installed, missing_sentence
from explorer.faces.working_size import MIN_FACE_SIDE, scaled
from explorer.pages.components.finder_grid import TITLES

COUNTS = Path(__file__).with_name("finder_recall.csv")
COLUMNS = ("finder", "clip", "faces", "found", "false_finds")
SAME_FACE = 0.3  # IoU; packages box a face differently, dlib from the brows on
IN_BATCHES = " in batches"

Counts = dict[tuple[str, str], tuple[int, ...]]  # by finder and clip
FindFaces = Callable[[Sequence[np.ndarray]], list[np.ndarray]]


def matched(faces: np.ndarray, finds: np.ndarray) -> np.ndarray:
    """Which find (-1: none) is each face (N, 4), the best pairs first, each find once -> (N,)."""
    overlaps = np.array([iou(np.tile(face, (len(finds), 1)), finds) for face in faces]).reshape(len(faces), len(finds))
    pairs = np.full(len(faces), -1)
    for _ in range(min(overlaps.shape)):
        face, find = np.unravel_index(overlaps.argmax(), overlaps.shape)
        if overlaps[face, find] < SAME_FACE:
            break
        pairs[face] = find
        overlaps[face], overlaps[:, find] = -1, -1
    return pairs


def counts(faces: np.ndarray, finds: np.ndarray, factor: float) -> tuple[int, int, int]:
    """Of a frame: its faces (N, 4), those found, and finds (M, 4) that are no face. A face narrower than MIN_FACE_SIDE
    at working size, `factor` times smaller than the frame, may be found and need not be."""
    pairs = matched(faces, finds)
    asked = faces[:, 2] - faces[:, 0] >= MIN_FACE_SIDE * factor
    return int(asked.sum()), int((pairs[asked] >= 0).sum()), int(len(finds) - (pairs >= 0).sum())


def contestants() -> dict[str, FindFaces]:
    """Every finder by its title: the app's own as it runs them on a clip's frames, the others on frames at working
    size."""
    own = {TITLES[name]: lambda images, name=name: finder_named(name)(images) for name in FINDERS}
    others = {TITLES[name]: _one_by_one(name) for name in installed()}
    return own | others | ({TITLES[FACENET] + IN_BATCHES: _rival(FACENET)} if FACENET in installed() else {})


def _rival(name: str) -> FindFaces:
    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        small, factors = zip(*map(scaled, images), strict=True)
        return [boxes * np.float32(by) for boxes, by in zip(RIVALS[name][1]()(list(small)), factors, strict=True)]

    return find


def _one_by_one(name: str) -> FindFaces:
    return lambda images: [_rival(name)([image])[0] for image in images]


def measure(find: FindFaces, path: Path, faces: dict[float, np.ndarray]) -> tuple[int, ...]:
    """A finder's faces, those found and false finds on a clip's frames."""
    images = frames_of(path, list(faces))
    per_frame = zip(faces.values(), find(images), images, strict=True)
    return tuple(np.sum([counts(boxes, finds, scaled(image)[1]) for boxes, finds, image in per_frame], 0).tolist())


def known_counts() -> Counts:
    """What was counted before."""
    if not COUNTS.exists():
        return {}
    with COUNTS.open(newline="") as file:
        return {(title, clip): tuple(map(int, numbers)) for title, clip, *numbers in list(csv.reader(file))[1:]}


def keep(rows: Counts) -> None:
    """Write the counts, one finder after another."""
    with COUNTS.open("w", newline="") as file:
        lines = ((*key, *numbers) for key, numbers in sorted(rows.items()))
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])


def table(rows: Counts) -> str:
    """The counts of each finder as Markdown, the best first."""
    lines = []
    for title in {title for title, _ in rows}:
        of = [numbers for (other, _), numbers in rows.items() if other == title]
        faces, found, false_finds = np.sum(of, 0).tolist()
        lines.append((-found / faces, false_finds, title, f"{found} of {faces}", len(of)))
    head = "| finder | recall | faces found | false finds | clips |\n|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {title} | {-recall:.3f} | {found} | {false_finds} | {clips} |"
        for recall, false_finds, title, found, clips in sorted(lines)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--only", nargs="+", metavar="WORD", help="finders whose title has one of these words")
    parser.add_argument("--anew", action="store_true", help="seek again what is kept")
    args = parser.parse_args()
    for title, find in contestants().items():
        if args.only and not any(word.lower() in title.lower() for word in args.only):
            continue
        for clip, faces in read_labels().items():
            if args.anew or (title, clip) not in known_counts():
                found = measure(find, args.clips / clip, faces)
                keep(known_counts() | {(title, clip): found})
                print(title, clip, *found, flush=True)
    print(missing_sentence())
    write_section("finder-recall", table(known_counts()))


if __name__ == "__main__":
    main()
