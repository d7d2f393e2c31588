"""What is no face and who is: clips without any in which a finder sees some, and true faces, by who is judged.

    python benchmarks/support.py ../shared/clips

makes clips of three frames without a face (tests/support/faceless.py) and keeps those in which the finder sees one;
true faces are the largest of each sampled frame of the folder's clips. The table goes into docs/results.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.section import write_section
from explorer.faces.finders import FindFaces, finder_named
from explorer.faces.mtcnn import second_look
from explorer.faces.support import supported
from explorer.faces.tracks import follow
from explorer.pipeline import sample_faces
from explorer.structures import Frame, SampledFrame
from explorer.timing import StageTimer
from explorer.video.reader import probe, read_frames, sample_times
from tests.support.faceless import KINDS, frames_of

FINDERS = ("mtcnn-tracked", "haar")
SEEDS = (range(80), range(1000, 1040))  # those looked at while the rule was made, and others
FRAMES = 32  # of each clip that shows a face
VIEWS: dict[str, tuple[second_look.View, ...]] = {
    "as found": ((False, 0.0, 0.0),),
    "and mirrored": ((False, 0.0, 0.0), (True, 0.0, 0.0)),
    "the four of VIEWS": second_look.VIEWS,
}

Clip = list[SampledFrame]


def faceless(find: Callable[[], FindFaces], seeds: Sequence[int]) -> Iterator[tuple[str, int, Clip]]:
    """Kind, seed and frames of the clips in which a finder sees something."""
    for kind in KINDS:
        for seed in seeds:
            frames = [Frame(float(i), image) for i, image in enumerate(frames_of(kind, seed))]
            clip = sample_faces(frames, find(), StageTimer())
            if any(frame.faces for frame in clip):
                yield kind, seed, clip


def true_faces(path: Path, find: FindFaces) -> Clip:
    """A clip's frames with the largest face of each."""
    info = probe(path)
    frames = list(read_frames(path, info, sample_times(info, FRAMES)))
    return [replace(frame, faces=frame.faces[:1]) for frame in sample_faces(frames, find, StageTimer())]


def judged(clip: Clip) -> int:
    """How many of a clip's faces are judged."""
    return len(supported(follow(clip), [frame.time_s for frame in clip], second_look.log_odds).faces)


def alone(clips: Sequence[Clip]) -> list[Clip]:
    """Every frame with a face, as a clip of its own."""
    return [[frame] for clip in clips for frame in clip if frame.faces]


def false_row(clips: Sequence[Clip]) -> str:
    """Clips and single frames without a face, and how many of each are judged nevertheless."""
    pictures = alone(clips)
    return f"{len(clips)} | {sum(map(bool, map(judged, clips)))} | {len(pictures)} | {sum(map(judged, pictures))}"


def true_row(clips: Sequence[Clip]) -> str:
    """Faces, and how many are lost: from their clips, and as pictures."""
    pictures = alone(clips)
    lost = (len(pictures) - sum(map(judged, each)) for each in (clips, pictures))
    return f"{len(pictures)} | " + " | ".join(f"{count} ({count / len(pictures):.1%})" for count in lost)


def without_faces() -> tuple[list[str], list[Clip]]:
    """The tables of clips without a face and their seeds, and all those clips."""
    lines = [
        "| finder | seeds of each kind | clips with a box | judged | frames with a box | judged alone |",
        "|---|---|---|---|---|---|",
    ]
    seeds_by_kind: dict[str, list[str]] = {}
    seen: list[Clip] = []
    for finder in FINDERS:
        for seeds in SEEDS:
            found = list(faceless(partial(finder_named, finder), seeds))
            clips = [clip for _, _, clip in found]
            lines.append(f"| {finder} | {seeds[0]} to {seeds[-1]} | {false_row(clips)} |")
            seen += clips
            for kind, seed, _ in found:
                seeds_by_kind.setdefault(f"{finder}, {kind}", []).append(str(seed))
    lines += ["", "| finder, kind | seeds of the clips with a box |", "|---|---|"]
    return lines + [f"| {kind} | {', '.join(seeds)} |" for kind, seeds in seeds_by_kind.items()], seen


def with_faces(paths: Sequence[Path]) -> tuple[list[str], list[Clip]]:
    """The table of true faces, and their clips."""
    lines = ["| finder | true faces | lost from their clips | lost alone |", "|---|---|---|---|"]
    seen: list[Clip] = []
    for finder in FINDERS:
        clips = [true_faces(path, finder_named(finder)) for path in paths]
        lines.append(f"| {finder} | {true_row(clips)} |")
        seen += clips
    return lines, seen


def by_views(false: Sequence[Clip], true: Sequence[Clip]) -> list[str]:
    """The table of what the last network is asked."""
    head = ["views", "clips with a box", "judged", "frames with a box", "judged alone"]
    head += ["true faces", "lost from their clips", "lost alone"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    chosen = second_look.VIEWS
    for title, second_look.VIEWS in VIEWS.items():
        lines.append(f"| {title} | {false_row(false)} | {true_row(true)} |")
    second_look.VIEWS = chosen
    return lines


def main() -> None:
    """Measure, print the tables and keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    false_lines, false = without_faces()
    true_lines, true = with_faces(sorted(folder.glob("*.mp4")))
    views = "Both finders together, by the views that the last network is asked for:"
    text = "\n".join([*false_lines, "", *true_lines, "", views, "", *by_views(false, true)])
    print(text)
    write_section("support", text)


if __name__ == "__main__":
    main()
