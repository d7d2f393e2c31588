"""How good a released variant is, as stored: on a split's face crops, on whole clips, and in time a face."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.cpu import cpu_facts
from explorer.faces.finders import FindFaces
from explorer.inference.engines import BATCH_SIZE
from explorer.inference.latency import batch_times
from explorer.pipeline import analyse, report_of
from explorer.structures import Report, Runner
from explorer.timing import median_iqr
from explorer.verdicts import probabilities
from model_zoo.manifest import read_manifest, write_manifest
from model_zoo.metrics import Measures, measures, measures_of_p_fake, reliability_bins, roc_points
from train.dataset.items import CLASSES, FAKE, REAL, Item
from train.dataset.tubes import Tube
from train.errors import BadData, BadRun
from train.evaluation.scores import score_items

PER_CLIP = "_clips"  # appended to a split's name: its frames averaged per video
ROUNDS, BATCHES_A_ROUND = 15, 5  # each round times every variant in turn
BATCH_SIZES = {"batch_1_ms": 1, "batch_16_ms": 16}  # beside serving's own: a lone face, and many
CLIP_FRAMES = 32
CLIP_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")


def score_split(runner: Runner, items: Sequence[Item | Tube]) -> tuple[np.ndarray, np.ndarray]:
    """Labels (N,), 1 = fake, and the runner's logits (N,). Raises BadData where a crop is corrupt."""
    logits = score_items(lambda crops: runner.run(crops)[0], items, runner.input_size)
    return np.array([item.label for item in items]), logits


def measure_split(
    split: str, items: Sequence[Item | Tube], logits: np.ndarray, threshold: float
) -> dict[str, Measures]:
    """{split: measures of the items}, and of its clips under `<split>_clips` where one has several items.

    The items' measures hold also `roc` (roc_points) and `reliability` (reliability_bins).
    A clip is the items of one video with one label and one category: data sets of manipulations give the same name
    to each manipulation of a video. Its p_fake is the mean over its items, as in serving.
    """
    labels = np.array([item.label for item in items])
    categories = [item.category or CLASSES[item.label] for item in items]
    p_items = probabilities(logits)
    found = {split: measures(labels, logits, threshold, categories)}
    found[split] |= {"roc": roc_points(labels, p_items), "reliability": reliability_bins(labels, p_items)}
    clips: dict[tuple[str, int, str], list[float]] = {}
    keys = [(item.video, item.label, category) for item, category in zip(items, categories, strict=True)]
    for key, p_fake in zip(keys, p_items, strict=True):
        clips.setdefault(key, []).append(float(p_fake))
    if len(clips) < len(items):
        p_clips = np.array([np.mean(of) for of in clips.values()])
        clip_labels = np.array([label for _, label, _ in clips])
        found[split + PER_CLIP] = measures_of_p_fake(clip_labels, p_clips, threshold, [kind for *_, kind in clips])
    return found


def measure_splits(
    runner: Runner, splits: Mapping[str, Sequence[Item | Tube]], twin: Runner | None = None
) -> tuple[dict[str, Measures], dict[str, tuple[np.ndarray, np.ndarray]]]:
    """The runner's measures by split, and the labels and logits they were taken from.

    With the float `twin` of an int8 variant, `flips` is the share of items on whose verdict the two disagree.
    """
    found: dict[str, Measures] = {}
    scored: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for split, items in splits.items():
        scored[split] = score_split(runner, items)
        _, logits = scored[split]
        found |= measure_split(split, items, logits, runner.threshold)
        if twin:
            _, expected = score_split(twin, items)
            found[split]["flips"] = flips(logits, expected, runner.threshold)
    return found, scored


def flips(logits: np.ndarray, expected: np.ndarray, threshold: float) -> float:
    """The share of items (N,) on whose verdict two detectors disagree."""
    return float(np.mean((probabilities(logits) > threshold) != (probabilities(expected) > threshold)))


def measure_latencies(runners: Mapping[str, Runner]) -> dict[str, dict[str, Any]]:
    """What a face costs each runner on this processor, by name: milliseconds, and how and where they were measured.

    The runners are timed in turn, round after round, so that all see the same machine.
    """
    sizes = {"median_ms": BATCH_SIZE} | BATCH_SIZES
    times: dict[tuple[str, str], list[np.ndarray]] = {(name, key): [] for name in runners for key in sizes}
    for _ in range(ROUNDS):
        for (name, key), spent in times.items():
            spent.append(batch_times(runners[name], BATCHES_A_ROUND, sizes[key]))
    cpu = cpu_facts()
    where = {"batch": BATCH_SIZE, "cpu": cpu.model, "threads": cpu.threads}
    costs = {key: median_iqr(np.concatenate(spent)) for key, spent in times.items()}
    return {
        name: {key: round(costs[name, key].median, 3) for key in sizes}
        | {"iqr_ms": round(costs[name, "median_ms"].iqr, 3), "engine": runner.engine}
        | where
        for name, runner in runners.items()
    }


def labelled_clips(folder: Path) -> list[tuple[Path, int]]:
    """The clips of a folder with their labels: by its subfolders `real/` and `fake/`, or else by those words in names.

    Raises BadData where the folder is missing, a name says neither or both, or there are clips of one class only.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadData(f"{folder} is no folder; name one of clips with --clips")
    subfolders = [(folder / name, label) for label, name in enumerate(CLASSES) if (folder / name).is_dir()]
    if subfolders:
        found = [(clip, label) for inside, label in subfolders for clip in _clips_in(inside)]
    else:
        found = [(clip, label_in_name(clip)) for clip in _clips_in(folder)]
    if {label for _, label in found} != {REAL, FAKE}:
        raise BadData(f"{folder} holds {len(found)} clips, not real and fake ones ({', '.join(CLIP_SUFFIXES)})")
    return found


def _clips_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in CLIP_SUFFIXES)


def label_in_name(path: Path) -> int:
    """The label that a clip's name tells. Raises BadData unless it says either `real` or `fake`."""
    said = [label for label, name in enumerate(CLASSES) if name in path.stem.lower()]
    if len(said) != 1:
        raise BadData(f"{path.name} does not say in its name whether it is real or fake; rename it, or use subfolders")
    return said[0]


def measure_clips(
    clips: Sequence[tuple[Path, int]], runners: Mapping[str, Runner], find_faces: FindFaces
) -> dict[str, Measures]:
    """Every runner's measures on whole clips, by name; `no_face` counts those left out because none shows a face.

    Raises BadRun where a variant fails, UnreadableClip or ClipTooLarge for a clip, BadData where one class is left.
    """
    opened = {name: lambda runner=runner: runner for name, runner in runners.items()}
    views = [runner.view for runner in runners.values() if runner.view]
    labels, scored = [], []  # scored: {variant: p_fake} a clip
    for path, label in clips:
        report = report_of(analyse(path, opened, find_faces, frames=CLIP_FRAMES, views=views))
        if report.faces:
            labels.append(label)
            scored.append(_p_fake_of(report))
    if not scored:
        raise BadData(f"none of {len(clips)} clips shows a face; there is nothing to measure")
    found = {}
    for name, runner in runners.items():
        p_fake = np.array([by_variant[name] for by_variant in scored])
        found[name] = measures_of_p_fake(np.array(labels), p_fake, runner.threshold)
        found[name]["no_face"] = len(clips) - len(scored)
    return found


def _p_fake_of(report: Report) -> dict[str, float]:
    if report.errors:
        error = report.errors[0]
        raise BadRun(f"{error.variant} failed on {report.clip.name}: {error.message}")
    return {result.name: result.p_fake for result in report.variants if result.p_fake is not None}


def record(name: str, found: Mapping[str, Measures | dict[str, Any]], release: Path, **facts: object) -> None:
    """Put the measures into manifest.json; other ones stay, but for clip measures of a split that is measured anew.

    `facts` are other fields of the row to be replaced, such as its `scope`.
    """
    manifest = read_manifest(release)
    stale = {split + PER_CLIP for split in found}
    kept = {split: values for split, values in manifest[name].metrics.items() if split not in stale}
    metrics = kept | rounded(found)
    write_manifest(manifest.with_variant(replace(manifest[name], metrics=metrics, **rounded(facts))), release)


def rounded(found: Any) -> Any:
    """The measures with six digits after the point, which a few thousand items do not exceed."""
    if isinstance(found, Mapping):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return round(found, 6) if isinstance(found, float) else found
