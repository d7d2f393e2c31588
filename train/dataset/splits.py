"""Clips divided among train, validation and test, so that nothing of a test clip is ever trained on."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from train.dataset.items import CLASSES
from train.dataset.layouts import Clip
from train.errors import BadData

SPLITS = ("train", "validation", "test")
LEFT_OUT = "left out"  # the clips that no split may have
WHY_LEFT_OUT = "no official split, but the same original or group as a clip that has one"


def assign_splits(
    clips: Iterable[Clip], seed: int = 0, shares: Sequence[float] = (0.70, 0.15, 0.15)
) -> dict[str, list[Clip]]:
    """Split -> its clips, ordered by name, with `split` set: "train", "validation", "test" and LEFT_OUT.

    Official splits stay as they are. A clip without one that shares its original or its group with an official clip is
    left out: it may not be trained on, and in the official test split it would make another test of it. The rest
    is dealt by whole groups to the splits that have no official clips, in the proportion of `shares`, each label for
    itself; it goes to train where all three have some. Deterministic by seed, whatever the order of `clips`.
    Raises BadData where clips straddle splits, or where a split would lack a class.
    """
    clips = sorted(clips, key=lambda clip: clip.name)
    taken = {key for clip in clips if clip.split for key in _keys(clip)}
    free = [clip for clip in clips if not taken.intersection(_keys(clip))]
    official = {clip.split for clip in clips if clip.split}
    to_fill = {split: share for split, share in zip(SPLITS, shares, strict=True) if split not in official}
    dealt = _deal(free, to_fill or {"train": 1.0}, seed)
    splits: dict[str, list[Clip]] = {split: [] for split in (*SPLITS, LEFT_OUT)}
    may_be_dealt = {clip.name for clip in free}
    for clip in clips:
        split = clip.split or (dealt[clip.group] if clip.name in may_be_dealt else LEFT_OUT)
        splits[split].append(replace(clip, split=split))
    check_no_leak(clip for split in SPLITS for clip in splits[split])
    for split in SPLITS:
        check_classes(split, Counter(clip.label for clip in splits[split]))
    return splits


def _keys(clip: Clip) -> set[tuple[str, str]]:
    """What a clip may share with no clip of another split."""
    return {("original", clip.original), ("group", clip.group)}


def _deal(clips: list[Clip], shares: dict[str, float], seed: int) -> dict[str, str]:
    """Group -> split. The largest groups are dealt first, each to the split where it lessens most, or raises least,
    the squared distance of the counts from what the shares want, relative to what they want."""
    groups: dict[str, Counter] = defaultdict(Counter)
    for clip in clips:
        groups[clip.group][clip.label] += 1
    totals = sum(groups.values(), Counter())
    wanted = {
        split: {label: count * share / sum(shares.values()) for label, count in totals.items()}
        for split, share in shares.items()
    }
    have: dict[str, Counter] = {split: Counter() for split in shares}

    def cost(split: str, group: Counter) -> float:
        return sum(
            added * (2 * (have[split][label] - wanted[split][label]) + added) / wanted[split][label]
            for label, added in group.items()
        )

    order = sorted(groups)
    random.Random(seed).shuffle(order)
    dealt = {}
    for group in sorted(order, key=lambda group: -groups[group].total()):  # stable: the shuffle decides among equals
        dealt[group] = min(shares, key=lambda split: cost(split, groups[group]))
        have[dealt[group]] += groups[group]
    return dealt


def check_no_leak(clips: Iterable[Clip]) -> None:
    """Raises BadData, naming a pair, where two clips of one original or one group are in different splits."""
    first: dict[tuple[str, str], Clip] = {}
    for clip in clips:
        for kind, name in sorted(_keys(clip)):
            other = first.setdefault((kind, name), clip)
            if other.split != clip.split:
                raise BadData(
                    f"{other.name} is in {other.split} and {clip.name} in {clip.split}, but both have the {kind} "
                    f"{name}; correct the data set's list of splits"
                )


def check_classes(split: str, counts: dict[int, int], advice: str = "add clips of more people") -> None:
    """Raises BadData unless `counts`, label -> how many, has both labels."""
    missing = [name for label, name in enumerate(CLASSES) if not counts.get(label)]
    if missing:
        there = ", ".join(f"{counts.get(label, 0)} {name}" for label, name in enumerate(CLASSES))
        raise BadData(f"the {split} split would have no {' and no '.join(missing)} clips ({there}); {advice}")
