"""python benchmarks/labelled_frames.py ../shared/clips --sheets FOLDER [--draw]

200 frames of a folder's ten clips, drawn once, and the faces in them: `labelled_frames.csv`, numbers only. With --draw,
a draft of it, its boxes proposed by our MTCNN at 1280 px and facenet-pytorch's at the app's working size; somebody then
looks at the contact sheets that are written into FOLDER, one for each clip, and mends the file. A frame without a face
has a line without a box.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.faces.boxes import iou
from explorer.faces.mtcnn.finder import mtcnn_unscaled, surest
from explorer.faces.rivals import facenet
from explorer.faces.working_size import scaled
from explorer.video.reader import probe, read_frames

LABELS = Path(__file__).with_name("labelled_frames.csv")
COLUMNS = ("clip", "time_s", "x0", "y0", "x1", "y1")  # boxes in pixels of the upright clip
FRAMES, SEED, SEEKING_SIDE = 20, 19, 1280  # frames a clip
SHEET_WIDTH, SHEET_COLUMNS = 1600, 4
SAME = 0.3  # boxes of two finders that overlap more are one face

Labels = dict[str, dict[float, np.ndarray]]  # by clip, the boxes (N, 4) float32 at each time


def read_labels(path: Path = LABELS) -> Labels:
    """The faces of every drawn frame, in the order of time."""
    labels: dict[str, dict[float, list]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            boxes = labels.setdefault(row["clip"], {}).setdefault(float(row["time_s"]), [])
            if row["x0"]:
                boxes.append([float(row[side]) for side in COLUMNS[2:]])
    return {
        clip: {time_s: np.array(boxes, np.float32).reshape(-1, 4) for time_s, boxes in frames.items()}
        for clip, frames in labels.items()
    }


def frames_of(path: Path, times: list[float]) -> list[np.ndarray]:
    """The frames (H, W, 3) at these times of a clip, which were drawn from its own."""
    info = probe(path)
    nearest = [int(np.abs(info.frame_times - time_s).argmin()) for time_s in times]
    return [frame.image for frame in read_frames(path, info, info.frame_times[nearest])]


def draft(path: Path) -> Iterator[tuple]:
    """Rows of a new file: frames drawn from a clip, with what the finders propose."""
    times = probe(path).frame_times
    drawn = np.sort(np.random.default_rng(SEED).choice(len(times), FRAMES, replace=False))
    for time_s, image in zip(times[drawn], frames_of(path, list(times[drawn])), strict=True):
        boxes = proposals(image)
        yield from ((path.name, round(float(time_s), 3), *map(round, box)) for box in boxes.tolist())
        if not len(boxes):
            yield (path.name, round(float(time_s), 3), "", "", "", "")


def draw(folder: Path) -> None:
    """Add a draft of every clip that the file does not hold yet."""
    known = read_labels() if LABELS.exists() else {}
    for path in sorted(folder.glob("*.mp4")):
        if path.name not in known:
            rows = list(draft(path))
            with LABELS.open("a", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows if known else [COLUMNS, *rows])
            known[path.name] = {}


def proposals(image: np.ndarray) -> np.ndarray:
    """The boxes (N, 4) of both finders' faces in a frame, each face once."""
    factor = max(max(image.shape[:2]) / SEEKING_SIDE, 1)
    larger = cv2.resize(image, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    smaller, by = scaled(image)
    ours, theirs = surest(*mtcnn_unscaled([larger])[0]), facenet()([smaller])[0]
    kept: list[np.ndarray] = []
    for box in np.concatenate([theirs * np.float32(by), ours * np.float32(factor)]):
        if all(iou(box, other)[0] < SAME for other in kept):
            kept.append(box)
    return np.array(kept, np.float32).reshape(-1, 4)


def sheet(path: Path, frames: dict[float, np.ndarray]) -> np.ndarray:
    """A clip's frames with their boxes, numbered from the file's first line of that clip on (H, W, 3) RGB."""
    width = SHEET_WIDTH // SHEET_COLUMNS
    pictures, line = [], 0
    for image, boxes in zip(frames_of(path, list(frames)), frames.values(), strict=True):
        factor = width / image.shape[1]
        picture = cv2.resize(image, (width, round(image.shape[0] * factor)), interpolation=cv2.INTER_AREA)
        for box in (boxes * factor).round().astype(int).tolist():
            cv2.rectangle(picture, box[:2], box[2:], (255, 220, 0), 1)
            cv2.putText(picture, str(line), (box[0], box[1] - 2), cv2.FONT_HERSHEY_PLAIN, 1, (255, 220, 0))
            line += 1
        line += not len(boxes)
        pictures.append(picture)
    rows = [np.concatenate(pictures[at : at + SHEET_COLUMNS], 1) for at in range(0, len(pictures), SHEET_COLUMNS)]
    return np.concatenate(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--sheets", type=Path, required=True, help="folder for the contact sheets")
    parser.add_argument("--draw", action="store_true", help="add a draft of every clip that the file does not hold")
    args = parser.parse_args()
    if args.draw:
        draw(args.clips)
    args.sheets.mkdir(parents=True, exist_ok=True)
    for clip, frames in read_labels().items():
        picture = cv2.cvtColor(sheet(args.clips / clip, frames), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(args.sheets / f"{Path(clip).stem}.png"), picture)


if __name__ == "__main__":
    main()
