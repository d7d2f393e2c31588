"""What a visitor of the Compare tab sets, and a link that sets it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer import limits
from explorer.faces.finders import DEFAULT_FINDER, FINDERS
from explorer.heatmaps.overlay import HEATMAPS
from explorer.inference.engines import available_engines
from explorer.pages.components.asset import asset
from explorer.pages.components.clip_box import ClipBox, build_clip_box
from model_zoo.architectures import LAYERS
from model_zoo.manifest import LATENCY, Released
from model_zoo.variants import SHOWN_FIRST, VARIANTS, plain_name

# Settings that a link carries: those of Controls, then those of the heatmaps.
_PARAMETERS = ("variants", "finder", "frames", "engine", "method", "layer")
COPY_LINK_JS = asset("copy_link.js").replace("PARAMETERS", str(list(_PARAMETERS)))


PRESETS = {"five typical": 5, "all": 0, "the smallest": 1}
WITH_GUESTS = "five typical and guests"


@dataclass(frozen=True)
class Controls:
    """The components; `settings` are all of them that a run takes, beside the clip."""

    box: ClipBox
    rows: Mapping[str, Released]
    preset: gr.Radio
    settings: list[Component]
    run: gr.Button
    stop: gr.Button
    link: gr.Button
    result: gr.File
    guests: Collection[str] = ()


def build_controls(rows: Mapping[str, Released], examples: dict[str, Path], guests: Collection[str] = ()) -> Controls:
    """Lay the controls out inside the current Blocks: of the zoo's `rows`, of which `guests` are not ours; `examples`
    maps titles to clips."""
    box = build_clip_box(examples)
    presets = [*PRESETS, WITH_GUESTS] if guests else list(PRESETS)
    preset = gr.Radio(presets, value=next(iter(PRESETS)), label="Detectors", elem_id="preset")
    with gr.Row(elem_id="go"):
        run = gr.Button("Analyse", variant="primary", elem_id="run", scale=3)
        stop = gr.Button("Stop", elem_id="stop", interactive=False, scale=1, min_width=90)
    with gr.Accordion("Choose detectors", open=False, elem_id="choose"):
        chosen = gr.CheckboxGroup(choices(rows, guests), value=preset_of(presets[0], rows, guests), label="Variants")
    with gr.Accordion("Face finder, frames, engine", open=False, elem_id="settings"):
        advice = "MTCNN finds more faces than Haar; tracked, it looks everywhere only now and then, and is the quickest"
        finder = gr.Radio(list(FINDERS), value=DEFAULT_FINDER, label="Face finder", info=advice)
        label = "Frames sampled evenly over the clip"
        frames = gr.Slider(1, limits.MAX_FRAMES, limits.DEFAULT_FRAMES, step=1, label=label)
        engines = ["auto", *available_engines()]
        engine = gr.Dropdown(engines, value="auto", label="Engine", info="auto is the fastest installed")
        link = gr.Button("Copy a link to these settings", size="sm", elem_id="link")
    with gr.Accordion("Open a result again", open=False, elem_id="open-result"):
        label = "The zip that was downloaded here, or its report.json"
        result = gr.File(label=label, file_types=[".zip", ".json"], height=120, elem_id="result-file")
    gr.Markdown(f"{limits.describe()} Uploads are deleted within two hours.", elem_classes="small")
    return Controls(box, rows, preset, [chosen, finder, frames, engine], run, stop, link, result, guests)


def choices(rows: Mapping[str, Released], guests: Collection[str] = ()) -> list[tuple[str, str]]:
    """What can be ticked, by group: group and a name for people with size, AUC and milliseconds, the variant's own."""
    ordered = sorted(rows, key=lambda name: list(dict.fromkeys(map(_group, rows))).index(_group(name)))
    facts = {name: (["guest"] if name in guests else []) + _facts(rows[name]) for name in ordered}
    return [(f"{_headed(name)} ({', '.join(facts[name])})", name) for name in ordered]


def _group(name: str) -> str:
    return VARIANTS[name].group if name in VARIANTS else ""


def _headed(name: str) -> str:
    return f"{_group(name)} | {plain_name(name)}" if _group(name) else name


def _facts(row: Released) -> list[str]:
    auc, ms = row.metrics.get("test", {}).get("auc"), row.metrics.get(LATENCY, {}).get("median_ms")
    facts = [f"{row.bytes / 1e6:.1f} MB" if row.bytes else "scores from elsewhere"]
    facts += [f"AUC {auc:.3f}"] if auc is not None else []
    return facts + ([f"{ms:.1f} ms"] if ms is not None else [])


def preset_of(name: str, rows: Mapping[str, Released], guests: Collection[str] = ()) -> list[str]:
    """The variants that a preset stands for, in the order of the zoo."""
    if name == "all":
        return list(rows)
    if name == WITH_GUESTS:
        return [*preset_of(next(iter(PRESETS)), rows, guests), *guests]
    rows = {each: row for each, row in rows.items() if each not in guests}
    if name == "the smallest":
        return [min(rows, key=lambda each: rows[each].bytes)] if rows else []
    return [each for each in rows if each in SHOWN_FIRST] or list(rows)[: PRESETS[name]]


def preset_for(chosen: Sequence[str], rows: Mapping[str, Released], guests: Collection[str] = ()) -> str | None:
    """The preset that stands for exactly these variants, None for a choice of one's own."""
    presets = [*PRESETS, WITH_GUESTS] if guests else list(PRESETS)
    return next((name for name in presets if set(preset_of(name, rows, guests)) == set(chosen)), None)


def restored(names: list[str], given: Mapping[str, str]) -> list[object]:
    """The settings that a link's parameters carry; what is absent or makes no sense stays as it is."""
    variants = [name for name in given.get("variants", "").split(",") if name in names]
    frames = given.get("frames", "")
    offers = {
        "finder": list(FINDERS),
        "engine": ["auto", *available_engines()],
        "method": list(HEATMAPS),
        "layer": list(LAYERS),
    }
    values: dict[str, Any] = {name: given[name] for name, known in offers.items() if given.get(name) in known}
    if variants:
        values["variants"] = variants
    if frames.isascii() and frames.isdigit() and 1 <= int(frames) <= limits.MAX_FRAMES:
        values["frames"] = int(frames)
    return [values.get(name, gr.skip()) for name in _PARAMETERS]
