"""python benchmarks/finders.py ../shared/clips

How the crops of both face finders overlap on a folder of clips, and where Haar's own square lies against MTCNN's box
(the medians that explorer/faces/haar.py holds), as a Markdown table.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.faces.boxes import crop_squares, iou, relative_transform
from explorer.faces.finders import finder_named
from explorer.faces.haar import HAAR_SCALE, HAAR_SHIFT
from explorer.video.reader import probe, read_frames, sample_times


def relation(haar: np.ndarray, mtcnn: np.ndarray) -> np.ndarray:
    """MTCNN's boxes in units of Haar's squares, (N, 4), (N, 4) -> (N, 4): width, height, shift right, shift down."""
    size = (haar[:, 2:] - haar[:, :2]) / HAAR_SCALE  # undo what the finder applied
    centre = (haar[:, 2:] + haar[:, :2]) / 2 - size * HAAR_SHIFT
    return relative_transform(np.concatenate([centre - size / 2, centre + size / 2], axis=1), mtcnn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--frames", type=int, default=16)
    args = parser.parse_args()

    print("| clip | MTCNN found | Haar found | mean IoU of the crops |\n|---|---|---|---|")
    every, relations = [], []
    for path in sorted(args.clips.glob("*.mp4")):
        info = probe(path)
        images = [frame.image for frame in read_frames(path, info, sample_times(info, args.frames))]
        detections = {name: finder_named(name)(images) for name in ("mtcnn", "haar")}
        pairs = [
            (h[0], m[0]) for h, m in zip(detections["haar"], detections["mtcnn"], strict=True) if len(h) and len(m)
        ]
        haar, mtcnn = (np.array(boxes, np.float32).reshape(-1, 4) for boxes in zip(*pairs, strict=True))
        overlaps = iou(crop_squares(haar), crop_squares(mtcnn))
        every.append(overlaps)
        relations.append(relation(haar, mtcnn)[overlaps > 0.3])  # beyond that they mean different faces
        counts = [sum(len(boxes) > 0 for boxes in detections[name]) for name in ("mtcnn", "haar")]
        print(f"| {path.name} | {counts[0]}/{len(images)} | {counts[1]}/{len(images)} | {overlaps.mean():.2f} |")
    print(f"\nmean IoU over all frames: {np.concatenate(every).mean():.3f}")
    width, height, right, down = np.median(np.concatenate(relations), axis=0)
    print(f"MTCNN's box in units of Haar's square: {width:.2f} x {height:.2f}, shifted {right:+.2f} and {down:+.2f}")


if __name__ == "__main__":
    main()
