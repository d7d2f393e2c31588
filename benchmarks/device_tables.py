"""The figures of the page on the visitor's device as tables of the document."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.structures import Cpu

SAME_CROPS, END_TO_END, EQUAL, FIRST_S, LOAD_MB = 0.02, 0.05, 0.95, 8.0, 20.0  # the targets
NEAR_S, NEAR_IOU = 0.001, 0.5  # by which a face of the page is one of the server's


def tables(names: Sequence[str], measured: Mapping[str, Any], cpu: Cpu) -> list[str]:
    """All lines of the section, of the parts that were measured."""
    lines: list[str] = []
    if clips := measured.get("parity"):
        lines += [*_by_clip(names, clips), "", *_together(names, clips), "", *_by_variant(names, clips), ""]
    if speed := measured.get("speed"):
        lines += [*_milliseconds(names, speed["ms"]), "", *_costs(speed)]
        lines += [f"- Other work took {speed['busy']:.0f} % of the processor before these times were taken.", ""]
    if memory := measured.get("memory"):
        lines += [*_memory(memory), ""]
    return [*lines, f"{cpu.model}, {cpu.cores} cores."]


def paired(server: Mapping[str, Any], device: Mapping[str, Any]) -> list[float]:
    """Differences of p_fake, of each face that both have at one time in one place."""
    differences = []
    for at, (time_s, box) in enumerate(zip(device["times"], device["boxes"], strict=True)):
        near = [
            (_iou(box, other), index)
            for index, (when, other) in enumerate(zip(server["times"], server["boxes"], strict=True))
            if abs(when - time_s) < NEAR_S
        ]
        overlap, index = max(near, default=(0.0, -1))
        if overlap > NEAR_IOU:
            differences.append(abs(device["pFrames"][at] - server["pFrames"][index]))
    return differences


def _iou(one: Sequence[float], other: Sequence[float]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(across, 0) * max(down, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return shared / (sum(areas) - shared)


def _same(clip: Mapping[str, Any], name: str, against: str = "same") -> list[float]:
    """Differences of p_fake from the server's of the same crops: the page's, or those of its `other` engine."""
    ours = np.array(clip["server"][name]["pFrames"])[clip["faces"]] if clip["faces"] else np.empty(0)
    return [float(value) for value in np.abs(ours - np.array(clip[against].get(name, [])))]


def _ends(clip: Mapping[str, Any], name: str) -> list[float]:
    """Differences of p_fake of faces that each has found for itself."""
    return paired(clip["server"][name], clip["device"][name]) if name in clip["device"] else []


def _equal(clip: Mapping[str, Any], names: Sequence[str]) -> list[bool]:
    """Whether verdicts are equal, by variant; none of a clip that the browser does not decode."""
    if clip["refused"] and clip["faces"]:
        return []
    none = {"verdict": "no face"}
    return [clip["device"].get(name, none)["verdict"] == clip["server"][name]["verdict"] for name in names]


def _by_clip(names: Sequence[str], clips: Mapping[str, Any]) -> list[str]:
    lines = [
        "| clip | faces: server, page | same crops: mean, most | end to end: mean | the clip: most | equal verdicts |",
        "|---|---|---|---|---|---|",
    ]
    for title, clip in clips.items():
        same = [each for name in names for each in _same(clip, name)]
        ends = [each for name in names for each in _ends(clip, name)]
        device, server = clip["device"], clip["server"]
        whole = [abs(device[name]["pFake"] - server[name]["pFake"]) for name in names if name in device]
        counts = [len(next(iter(side.values()), {"times": ()})["times"]) for side in (server, device)]
        equal = _equal(clip, names)
        ours = f"{np.mean(ends):.4f} | {max(whole):.4f} | {sum(equal)} of {len(equal)}" if ends else "not decoded | | "
        lines.append(f"| {title} | {counts[0]}, {counts[1]} | {_mean_most(same)} | {ours} |")
    return lines


def _together(names: Sequence[str], clips: Mapping[str, Any]) -> list[str]:
    same, other = (
        [each for clip in clips.values() for name in names for each in _same(clip, name, which)]
        for which in ("same", "other")
    )
    ends = [each for clip in clips.values() for name in names for each in _ends(clip, name)]
    equal = [each for clip in clips.values() for each in _equal(clip, names)]
    refused = [f"`{clip['refused']}`" for clip in clips.values() if clip["refused"]]
    within = np.mean(np.array(same) <= SAME_CROPS)
    lines = [
        f"- Of the same crops, p_fake differs by {np.mean(same):.4f} on average and {max(same):.4f} at most "
        f"({len(same)} pairs of crop and detector; target {SAME_CROPS}: {within:.1%} are within). The server's own "
        f"engines, OpenVINO and ONNX Runtime, differ by {np.mean(other):.4f} and {max(other):.4f} of them.",
        f"- End to end, each with its own decoder and finder, a face's differs by {np.mean(ends):.4f} on average "
        f"({len(ends)} pairs; target {END_TO_END}: {_kept(np.mean(ends) <= END_TO_END)}).",
        f"- {np.mean(equal):.1%} of {len(equal)} verdicts are equal (target {EQUAL:.0%}: "
        f"{_kept(np.mean(equal) >= EQUAL)}).",
    ]
    return [*lines, *(f"- Not compared, as Chromium does not decode it: {sentence}" for sentence in refused)]


def _by_variant(names: Sequence[str], clips: Mapping[str, Any]) -> list[str]:
    lines = [
        "| detector | same crops: mean, most | server's engines: mean, most | end to end: mean | verdicts equal |",
        "|---|---|---|---|---|",
    ]
    for name in names:
        same, other = ([each for clip in clips.values() for each in _same(clip, name, of)] for of in ("same", "other"))
        ends = [each for clip in clips.values() for each in _ends(clip, name)]
        equal = [each for clip in clips.values() for each in _equal(clip, [name])]
        differences = f"{_mean_most(same)} | {_mean_most(other)} | {np.mean(ends):.4f}"
        lines.append(f"| {name} | {differences} | {sum(equal)} of {len(equal)} |")
    return lines


def _milliseconds(names: Sequence[str], ms: Mapping[str, Any]) -> list[str]:
    lines = ["| ms a face | WASM, 1 thread | WASM, threads | OpenVINO on the server |", "|---|---|---|---|"]
    for name in names:
        times = " | ".join(f"{ms[runs][name]:.1f}" for runs in ("one", "threads", "server"))
        lines.append(f"| {name} | {times} |")
    return lines


def _costs(speed: Mapping[str, Any]) -> list[str]:
    first, firsts = float(np.median(speed["firsts"])), sorted(speed["firsts"])
    load = sum(size for path, size in speed["bytes"].items() if not path.startswith("examples/")) / 1e6
    return [
        "- From the click on an example to its first verdict, one thread, nothing fetched before but the page: "
        f"{first:.1f} s ({firsts[0]:.1f} to {firsts[-1]:.1f} in {len(firsts)} browsers; target {FIRST_S:.0f} s: "
        f"{_kept(first <= FIRST_S)}).",
        f"- Until then {load:.1f} MB came, uncompressed, the clip apart (target {LOAD_MB:.0f} MB: "
        f"{_kept(load <= LOAD_MB)}).",
    ]


def _memory(memory: Sequence[float]) -> list[str]:
    half = len(memory) // 2
    early, late = np.median(memory[1 : half + 1]), np.median(memory[half + 1 :])
    return [
        f"- The page's processes hold {early:.0f} MB over the first {half} of {len(memory) - 1} more clips and "
        f"{late:.0f} MB over the rest (medians; {min(memory):.0f} to {max(memory):.0f})."
    ]


def _mean_most(values: Sequence[float]) -> str:
    return f"{np.mean(values):.4f}, {max(values):.4f}" if values else ""


def _kept(holds: object) -> str:
    return "kept" if holds else "missed"
