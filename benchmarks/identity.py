"""Who is who: people split in two and people taken for one, on clips of one person, cut together and side by side.

    python benchmarks/identity.py ../shared/clips

samples the clips of the folder, and the examples, as often as the table says; the table goes into docs/results.md.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.section import write_section
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.faces.tracks import follow
from explorer.inference.runners import open_runner
from explorer.pipeline import analyse, report_of, sample_faces
from explorer.structures import SampledFrame
from explorer.timing import StageTimer
from explorer.video.examples import example_clips
from explorer.video.reader import probe, read_frames, sample_times

COUNTS = (8, 11, 12, 16, 24, 32, 64, 300)
PAIRED = 16  # frames of each of two clips
SHOT = 4  # frames in a row, where two clips take turns
SAME_PERSON = (("pair_real", "pair_fake"), ("portrait_untouched", "portrait_forged"))
VARIANTS = ("b0", "lite0_kd", "lite0_kd_p35_int8")

Joined = Callable[[list[SampledFrame], list[SampledFrame]], list[SampledFrame]]


def sampled(path: Path, count: int) -> list[SampledFrame]:
    """A clip's frames with the largest face of each; whose it is, is told by the clip."""
    info, find = probe(path), finder_named(DEFAULT_FINDER)
    frames = [
        frame
        for read in read_frames(path, info, sample_times(info, count))
        for frame in sample_faces([read], find, StageTimer())
    ]
    return [replace(frame, faces=frame.faces[:1]) for frame in frames]


def errors(frames: Sequence[SampledFrame], people: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Splits (people found beyond one for each true one) and merges (people found who are several); `people` are the
    true ones of each frame's faces."""
    found: dict[int, set[int]] = {}
    for face in follow(_numbered(frames)):
        frame, place = divmod(round(face.time_s), 10)
        found.setdefault(face.person, set()).add(people[frame][place])
    true = {person for each in found.values() for person in each}
    splits = sum(sum(person in each for each in found.values()) - 1 for person in true)
    return splits, sum(len(each) > 1 for each in found.values())


def _numbered(frames: Sequence[SampledFrame]) -> list[SampledFrame]:
    """With times that say which frame and face it was: ten times the frame's number, plus the face's place."""
    return [
        SampledFrame(10.0 * i, frame.scene, tuple(replace(f, time_s=10.0 * i + j) for j, f in enumerate(frame.faces)))
        for i, frame in enumerate(frames)
    ]


def cut(first: list[SampledFrame], second: list[SampledFrame]) -> list[SampledFrame]:
    """One after the other."""
    return [*first, *second]


def in_turns(first: list[SampledFrame], second: list[SampledFrame]) -> list[SampledFrame]:
    """As an interview is cut."""
    shots = [clip[start : start + SHOT] for start in range(0, PAIRED, SHOT) for clip in (first, second)]
    return [frame for shot in shots for frame in shot]


def side_by_side(first: list[SampledFrame], second: list[SampledFrame]) -> list[SampledFrame]:
    """In one picture, where the second face is missed in every third frame."""
    right = max(frame.faces[0].box[2] for frame in first if frame.faces)
    moved = [
        tuple(replace(face, box=face.box + np.array([right, 0, right, 0], np.float32)) for face in frame.faces)
        for frame in second
    ]
    return [
        SampledFrame(one.time_s, np.concatenate([one.scene, two.scene]), one.faces + (faces if i % 3 else ()))
        for i, (one, two, faces) in enumerate(zip(first, second, moved, strict=False))
    ]


def pair_errors(clips: dict[str, list[SampledFrame]], join: Joined) -> tuple[int, int, int]:
    """Pairs of clips of different people, and their splits and merges."""
    counted = []
    for names in combinations(clips, 2):
        if names in SAME_PERSON or names[::-1] in SAME_PERSON:
            continue
        owners = {id(face.crop): place for place, name in enumerate(names) for f in clips[name] for face in f.faces}
        frames = join(clips[names[0]], clips[names[1]])
        counted.append(errors(frames, [[owners[id(face.crop)] for face in frame.faces] for frame in frames]))
    return len(counted), sum(splits for splits, _ in counted), sum(merges for _, merges in counted)


def p_fake_moves(paths: Sequence[Path]) -> list[float]:
    """How far each clip's p_fake moves between 16 and 64 frames, with each of VARIANTS."""
    runners, find = {name: partial(open_runner, name) for name in VARIANTS}, partial(finder_named, DEFAULT_FINDER)
    moves = []
    for path in paths:
        few, many = (report_of(analyse(path, runners, find(), examine=log_odds, frames=n)) for n in (16, 64))
        moves += [abs((a.p_fake or 0.0) - (b.p_fake or 0.0)) for a, b in zip(few.variants, many.variants, strict=True)]
    return moves


def main() -> None:
    """Measure, print the tables and keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as made:
        paths = [*sorted(folder.glob("*.mp4")), *example_clips(Path(made)).values()]
        lines = [
            "| clip | " + " | ".join(f"{count} frames" for count in COUNTS) + " |",
            "|---" * (len(COUNTS) + 1) + "|",
        ]
        clips = {}
        for path in paths:
            by_count = {count: sampled(path, count) for count in COUNTS}
            clips[path.stem] = by_count[PAIRED]
            parts = [1 + errors(frames, [[0]] * len(frames))[0] for frames in by_count.values()]
            lines.append(f"| {path.stem} | " + " | ".join(map(str, parts)) + " |")
        lines += ["", "| pairs of clips | pairs | people split | people merged |", "|---|---|---|---|"]
        for title, join in (("cut together", cut), ("in turns", in_turns), ("side by side", side_by_side)):
            pairs, splits, merges = pair_errors(clips, join)
            lines.append(f"| {title} | {pairs} | {splits} | {merges} |")
        moves = p_fake_moves(paths)
    lines += ["", f"p_fake between 16 and 64 frames moves by {np.median(moves):.3f} (median), {max(moves):.3f} (most)."]
    print("\n".join(lines))
    write_section("identity", "\n".join(lines))


if __name__ == "__main__":
    main()
